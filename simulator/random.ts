/** A seeded source of chance: the same seed and name, the same choices, whatever else happens in the world. */
export type Random = {
  /** In [0, 1). */
  next(): number
  /** A whole number in [0, below). */
  below(below: number): number
  /** A whole number from `least` to `most`. */
  between(least: number, most: number): number
  is(probability: number): boolean
  pick<T>(of: readonly T[]): T
  /** Index by weight. */
  weighted(weights: Weights): number
  /** How many events fall where `mean` are expected (Poisson). */
  count(mean: number): number
}

/** Running sums of weights: laid out once, drawn from often. */
export type Weights = Float64Array

export function weightsOf(values: readonly number[]): Weights {
  let sum = 0
  return Float64Array.from(values, (value) => (sum += value))
}

/** FNV-1a over the names' text. */
function hash(text: string): number {
  let state = 0x811c9dc5
  for (let i = 0; i < text.length; i++) state = Math.imul(state ^ text.charCodeAt(i), 0x01000193)
  return state >>> 0
}

/** A stream of chance (mulberry32) of its own for what is named, for example `randomOf(7, 'orders', 'app', 1234)`. */
export function randomOf(seed: number, ...names: readonly (string | number)[]): Random {
  let state = hash(`${seed}\n${names.join('\n')}`)
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  const below = (limit: number): number => Math.floor(next() * limit)
  return {
    next,
    below,
    between: (least, most) => least + below(most - least + 1),
    is: (probability) => next() < probability,
    pick: (of) => {
      const found = of[below(of.length)]
      if (found === undefined) throw new Error('nothing to pick from')
      return found
    },
    weighted: (weights) => indexOf(weights, next() * (weights.at(-1) ?? 0)),
    count: (mean) => poisson(mean, next),
  }
}

function indexOf(sums: Weights, at: number): number {
  let low = 0
  let high = sums.length - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if ((sums[middle] ?? 0) > at) high = middle
    else low = middle + 1
  }
  return low
}

/** Knuth's product method, in parts of at most 30 so that the product does not vanish. */
function poisson(mean: number, next: () => number): number {
  let found = 0
  for (let left = mean; left > 0; left -= 30) {
    const limit = Math.exp(-Math.min(30, left))
    for (let product = next(); product > limit; product *= next()) found += 1
  }
  return found
}
