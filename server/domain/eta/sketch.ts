import { assert } from '../../kernel/assert.ts'
import { DAY, HOUR, type Instant } from '../../kernel/time.ts'

/**
 * How long something took, as weights of logarithmic bins: a quantile is right to 2.5 % of its value, two sketches add up by adding
 * their weights, and one more observation is one more weight (after DDSketch, Masson, Rim and Lee, VLDB 2019).
 */
export type Sketch = { total: number; readonly weights: Map<number, number> }

const GAMMA = 1.05
const LOG_GAMMA = Math.log(GAMMA)
/** A quarter of an hour to two years; what is outside counts as the nearest. */
const HOURS_MIN = 0.25
const HOURS_MAX = 2 * 365 * 24
const HALF_LIFE = 60 * DAY
/** 2020-01-01; any instant would do, since only ratios of weights count. */
const LANDMARK = 1_577_836_800_000

export const emptySketch = (): Sketch => ({ total: 0, weights: new Map() })

export function binOf(ms: number): number {
  const hours = Math.min(Math.max(ms / HOUR, HOURS_MIN), HOURS_MAX)
  return Math.ceil(Math.log(hours) / LOG_GAMMA)
}

/** Middle of a bin, ms. */
export const msOf = (bin: number): number => GAMMA ** (bin - 0.5) * HOUR

/**
 * What an observation of that moment weighs: twice as much as one made 60 days earlier. Weights grow with time instead of fading
 * (forward decay, Cormode et al. 2009), so that what is stored is only ever added to.
 */
export const weightAt = (at: Instant): number => 2 ** ((at - LANDMARK) / HALF_LIFE)

export function addWeight(sketch: Sketch, bin: number, weight: number): void {
  assert(weight > 0, 'a weight is above zero')
  sketch.total += weight
  sketch.weights.set(bin, (sketch.weights.get(bin) ?? 0) + weight)
}

/** How many observations of this moment the sketch is worth. */
export const worthAt = (sketch: Sketch, at: Instant): number => sketch.total / weightAt(at)
