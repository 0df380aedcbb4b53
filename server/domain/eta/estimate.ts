import { instant, type Instant } from '../../kernel/time.ts'
import { msOf, worthAt, type Sketch } from './sketch.ts'

/** When a parcel is expected: `at` is as likely early as late, four of five arrive between `from` and `to`. */
export type Eta = {
  readonly at: Instant
  readonly from: Instant
  readonly to: Instant
  /** Deliveries that the estimate stands on, in observations of today. */
  readonly observations: number
}

/** A history counts in full against its parent's from about this many observations on. */
const SHRINKAGE = 10
/**
 * Levels whose interval holds four of five. They are wider than 10 % and 90 %, because a history knows only what has arrived: what is
 * slow comes late. Set on the first half of Olist's 2017, checked on its second (bench/eta).
 */
const LOW = 0.08
const HIGH = 0.94

/**
 * Estimate from lane histories, the most specific first: each speaks with weight n ÷ (n + 10), the rest is its parent's. The time gone by
 * cuts off what can no longer be. Undefined without history, and for what took longer than all that is known.
 */
export function estimateArrival(startedAt: Instant, now: Instant, histories: readonly (Sketch | undefined)[]): Eta | undefined {
  const mixed = mix(now, histories)
  const elapsed = Math.max(0, now - startedAt)
  const left = [...mixed.weights].filter(([bin]) => msOf(bin) > elapsed).sort(([a], [b]) => a - b)
  const total = left.reduce((sum, [, weight]) => sum + weight, 0)
  if (total <= 0) return undefined
  const at = (level: number): Instant => instant(Math.round(startedAt + msOf(binAt(left, total * level))))
  return { at: at(0.5), from: at(LOW), to: at(HIGH), observations: Math.round(mixed.observations) }
}

function mix(now: Instant, histories: readonly (Sketch | undefined)[]): { weights: Map<number, number>; observations: number } {
  const known = histories.filter((sketch): sketch is Sketch => sketch !== undefined && sketch.total > 0)
  const weights = new Map<number, number>()
  let rest = 1
  for (const [i, sketch] of known.entries()) {
    const worth = worthAt(sketch, now)
    const share = i === known.length - 1 ? rest : (rest * worth) / (worth + SHRINKAGE)
    rest -= share
    for (const [bin, weight] of sketch.weights) weights.set(bin, (weights.get(bin) ?? 0) + (share * weight) / sketch.total)
  }
  const last = known.at(-1)
  return { weights, observations: last ? worthAt(last, now) : 0 }
}

function binAt(sorted: readonly (readonly [number, number])[], level: number): number {
  let sum = 0
  let found = 0
  for (const [bin, weight] of sorted) {
    found = bin
    sum += weight
    if (sum >= level) break
  }
  return found
}
