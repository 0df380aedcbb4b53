import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addWeight, binOf, emptySketch, weightAt } from '../../server/domain/eta/sketch.ts'
import { estimateArrival } from '../../server/domain/eta/estimate.ts'
import { instant } from '../../server/kernel/time.ts'
import type { FulfillmentOrderDetail } from '../../contract/entities/fulfillment-order.ts'
import { arrivesAt } from '../nodes/job.ts'
import { CITIES } from './cities.ts'
import { traffic, weather } from './weather.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const FROM = Date.UTC(2026, 10, 1, 2)
const REGIONS = [...new Set(CITIES.map(({ region }) => region))]
const days = Array.from({ length: 120 }, (_, day) => FROM + day * DAY)

test('some days bring a storm to a region, which slows everything there and nothing elsewhere, the same for the same seed', () => {
  const all = REGIONS.flatMap((region) => days.map((at) => weather(1, region, at)))
  const storms = all.filter((factor) => factor > 1)
  assert.ok(storms.length > all.length * 0.05 && storms.length < all.length * 0.09, `${storms.length} of ${all.length}`)
  assert.ok(storms.every((factor) => factor >= 1.4 && factor <= 2.6))
  assert.ok(days.some((at) => REGIONS.some((one) => weather(1, one, at) > 1) && REGIONS.some((one) => weather(1, one, at) === 1)))
  assert.deepEqual(
    REGIONS.map((region) => weather(7, region, FROM)),
    REGIONS.map((region) => weather(7, region, FROM + HOUR)),
  )
})

test('a ride takes longer in the rush hours of Beijing time', () => {
  const slow = Array.from({ length: 24 }, (_, hour) => hour).filter((hour) => traffic(Date.UTC(2026, 10, 2, hour)) > 1)
  assert.deepEqual(slow, [0, 1, 10, 11])
})

/** Hours to the door of one region, day by day. */
const took = (region: string, leaves: readonly number[]): number[] =>
  leaves.flatMap((leftAt) =>
    [1, 2, 3, 4].map((n) => {
      const work = {
        fulfillmentOrderId: `ful_${region}_${leftAt}_${n}`,
        carrierId: 'sf',
        shipTo: { region },
        deliverBy: new Date(leftAt + 48 * HOUR).toISOString(),
      }
      return arrivesAt(work as unknown as FulfillmentOrderDetail, leftAt, 1) - leftAt
    }),
  )

function intervalOf(lane: readonly number[]): number {
  const now = instant(FROM + 130 * DAY)
  const sketch = emptySketch()
  for (const one of lane) addWeight(sketch, binOf(one), weightAt(now))
  const eta = estimateArrival(now, now, [sketch])
  return eta === undefined ? 0 : eta.to - eta.from
}

test('a lane over which storms passed has a wider interval of arrival than the same lane in fair weather', () => {
  const region = REGIONS.toSorted(
    (a, b) => days.filter((at) => weather(1, b, at) > 1).length - days.filter((at) => weather(1, a, at) > 1).length,
  )[0]
  assert.ok(region !== undefined)
  const fair = days.filter((at) => weather(1, region, at) === 1)
  assert.ok(intervalOf(took(region, days)) > intervalOf(took(region, fair)) + 3 * HOUR)
})
