import type { Line } from './order.ts'

type Units = Pick<Line, 'cancelled' | 'backordered' | 'reserved' | 'allocated' | 'released' | 'picked' | 'packed' | 'shipped' | 'delivered'>

const stages = [
  ['cancelled', '#9aa19e'],
  ['backordered', '#b3261e'],
  ['delivered', '#1f7a3d'],
  ['shipped', '#0b6e5f'],
  ['packed', '#2f7fb0'],
  ['picked', '#5a8fd0'],
  ['released', '#8aa8d8'],
  ['allocated', '#b3c4e0'],
  ['reserved', '#d3b26a'],
] as const

/** Units of a line by the furthest stage each has come to; the parts add up to what was ordered. */
export function standings(
  line: Units,
): readonly { readonly stage: (typeof stages)[number][0]; readonly units: number; readonly color: string }[] {
  const chain = [line.delivered, line.shipped, line.packed, line.picked, line.released, line.allocated, line.reserved]
  return stages
    .map(([stage, color], i) => {
      if (i < 2) return { stage, color, units: stage === 'cancelled' ? line.cancelled : line.backordered }
      const at = i - 2
      return { stage, color, units: Math.max(0, (chain[at] ?? 0) - (at === 0 ? 0 : (chain[at - 1] ?? 0))) }
    })
    .filter((one) => one.units > 0)
}
