import { addWeight, binOf, emptySketch, weightAt, type Sketch } from '../../server/domain/eta/sketch.ts'
import { estimateArrival } from '../../server/domain/eta/estimate.ts'
import { laneKeysOf } from '../../server/domain/eta/lane-keys.ts'
import { DAY, type Instant } from '../../server/kernel/time.ts'
import type { Delivery } from './olist.ts'

/** Days off, and whether the truth lay inside the interval. */
export type Answer = {
  readonly ours: number
  readonly promise: number
  readonly median: number
  readonly isCovered: boolean
  readonly widthDays: number
}

/**
 * Lives through the orders in time: each is answered at `startOf` with what had been delivered by then, and is learned from when it has
 * been delivered. `median` is the answer of one number for all, the median of the whole set, which nobody could know beforehand.
 */
export function replay(deliveries: readonly Delivery[], startOf: (one: Delivery) => Instant): readonly Answer[] {
  const orders = deliveries.filter((one) => one.deliveredAt > startOf(one)).sort((a, b) => startOf(a) - startOf(b))
  const arrivals = [...orders].sort((a, b) => a.deliveredAt - b.deliveredAt)
  const tookSorted = orders.map((one) => one.deliveredAt - startOf(one)).sort((a, b) => a - b)
  const median = tookSorted[Math.floor(tookSorted.length / 2)] ?? 0
  const lanes = new Map<string, Sketch>()
  const answers: Answer[] = []
  let learned = 0
  for (const order of orders) {
    const now = startOf(order)
    for (let one = arrivals[learned]; one && one.deliveredAt <= now; one = arrivals[++learned]) learn(lanes, one, startOf(one))
    const eta = estimateArrival(
      now,
      now,
      laneKeysOf({ stage: 'carried', ...order }).map((key) => lanes.get(key)),
    )
    if (!eta) continue
    const off = (at: number): number => Math.abs(order.deliveredAt - at) / DAY
    answers.push({
      ours: off(eta.at),
      promise: off(order.promisedBy),
      median: off(now + median),
      isCovered: eta.from <= order.deliveredAt && order.deliveredAt <= eta.to,
      widthDays: (eta.to - eta.from) / DAY,
    })
  }
  return answers
}

function learn(lanes: Map<string, Sketch>, one: Delivery, startedAt: Instant): void {
  for (const key of laneKeysOf({ stage: 'carried', ...one })) {
    const sketch = lanes.get(key) ?? emptySketch()
    addWeight(sketch, binOf(one.deliveredAt - startedAt), weightAt(one.deliveredAt))
    lanes.set(key, sketch)
  }
}
