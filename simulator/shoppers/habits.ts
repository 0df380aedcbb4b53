import { randomOf } from '../random.ts'
import { CHANNELS, type WorldChannel } from '../world/channels.ts'
import type { World } from '../world/world.ts'
import { type Purchase, purchaseOf } from './purchase.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
/** Beijing time, where all channels of the world sell. */
const OFFSET = 8 * HOUR
/** Serial numbers count from here, so that they stay short. */
const EPOCH = Date.UTC(2025, 0, 1)
const PER_WINDOW_MAX = 10_000

export type Demand = {
  /** Orders over all channels at least. */
  readonly least?: number
  /** Times as many as the channels expect. */
  readonly crowd?: number
  /** Every hour like any other, so that a short time brings its share of a day. */
  readonly isLevel?: boolean
}
export type Window = { readonly from: number; readonly to: number }

/** Orders that a channel expects between two instants: its day's number, shared out by the habits of the hours. */
export function expectedIn(channel: WorldChannel, { from, to }: Window): number {
  const sum = channel.hours.reduce((all, rate) => all + rate, 0)
  let rates = 0
  for (let start = from; start < to;) {
    const end = Math.min(to, (Math.floor(start / HOUR) + 1) * HOUR)
    rates += (channel.hours[Math.floor(((start + OFFSET) % DAY) / HOUR)] ?? 0) * (end - start)
    start = end
  }
  return (channel.perDay * rates) / sum / HOUR
}

/**
 * Everything bought in a window of business time, by time. Windows are short (two hours at most) and do not overlap; the same
 * windows give the same purchases. Where channels together expect fewer than `least`, all are raised by their share.
 */
export function purchasesIn(world: World, window: Window, { least = 0, crowd = 1, isLevel = false }: Demand = {}): readonly Purchase[] {
  const share = (window.to - window.from) / DAY
  const expected = CHANNELS.map((channel) => crowd * (isLevel ? channel.perDay * share : expectedIn(channel, window)))
  const sum = expected.reduce((all, one) => all + one, 0)
  const perDay = CHANNELS.reduce((all, channel) => all + channel.perDay, 0)
  const found = CHANNELS.flatMap((channel, i) => {
    const random = randomOf(world.seed, 'arrivals', channel.channelId, window.from)
    const mean = (expected[i] ?? 0) + (Math.max(0, least - sum) * channel.perDay) / perDay
    return Array.from({ length: Math.min(PER_WINDOW_MAX, random.count(mean)) }, (_, n) =>
      purchaseOf(
        world,
        channel,
        Math.floor((window.from - EPOCH) / 1000) * PER_WINDOW_MAX + n,
        Math.floor(window.from + random.next() * (window.to - window.from)),
      ),
    )
  })
  return found.toSorted((a, b) => a.placedAt - b.placedAt)
}
