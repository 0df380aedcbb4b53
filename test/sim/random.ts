/** A seeded source of chance (mulberry32): the same seed makes the same choices. */
export type Chance = {
  /** In [0, 1). */
  next(): number
  /** In [0, below). */
  below(below: number): number
  pick<T>(of: readonly T[]): T
  is(probability: number): boolean
  /** A source of its own, so that one actor's choices do not move another's. */
  fork(): Chance
}

export function chance(seed: number): Chance {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  const below = (limit: number) => Math.floor(next() * limit)
  return {
    next,
    below,
    pick: (of) => {
      const found = of[below(of.length)]
      if (found === undefined) throw new Error('nothing to pick from')
      return found
    },
    is: (probability) => next() < probability,
    fork: () => chance(below(0xffffffff)),
  }
}
