import assert from 'node:assert/strict'
import { test } from 'node:test'
import { carrierMapper } from '../../server/connect/carriers/carrier-mapper.ts'
import { carriers } from '../world/carriers.ts'
import { FORMATS, pushesOf } from './bodies.ts'
import { journeyOf } from './journey.ts'

const mapper = carrierMapper()
const LEFT = Date.parse('2026-11-24T19:10:00+08:00')
const DAY = 86_400_000
const journey = (carrierId: string, i: number, time = 2 * DAY) =>
  journeyOf(1, {
    carrierId,
    trackingNo: `${carrierId}-${i}`,
    from: { region: '浙江', city: '杭州' },
    to: { region: '四川', city: '成都' },
    leftAt: LEFT,
    arrivesAt: LEFT + time,
  })

test('a journey begins with its collection, ends at the door when it should, and its sightings stand in order', () => {
  for (let i = 0; i < 200; i++)
    for (const time of [25 * 60_000, 10 * 3_600_000, 2 * DAY]) {
      const { sightings } = journey('zto', i, time)
      assert.equal(sightings[0]?.meaning, 'collected')
      assert.deepEqual([sightings.at(-1)?.meaning, sightings.at(-1)?.at], ['delivered', LEFT + time])
      assert.deepEqual(
        sightings.map(({ at }) => at),
        sightings.map(({ at }) => at).toSorted((a, b) => a - b),
      )
    }
})

test('every carrier’s pushes are read as exactly what was seen, each parcel’s under its number', () => {
  for (const { carrierId } of carriers()) {
    const journeys = Array.from({ length: 30 }, (_, i) => journey(carrierId, i))
    for (const fresh of [1, 99]) {
      const news = journeys.map((one) => ({ journey: one, seen: one.sightings, fresh: Math.min(fresh, one.sightings.length) }))
      const format = FORMATS[carrierId] ?? 'fulcrum'
      const read = pushesOf(carrierId, news).map(({ body }) => mapper.mapScans({ carrierId, format }, Buffer.from(body).toString()))
      assert.deepEqual(
        read.flatMap(({ issues }) => issues),
        [],
      )
      const parcels = new Map(read.flatMap((one) => one.parcels).map((one) => [one.trackingNo, one]))
      assert.equal(parcels.size, 30)
      for (const one of news) {
        const scans = parcels.get(one.journey.trackingNo)?.scans.toSorted((a, b) => a.occurredAt - b.occurredAt) ?? []
        // Kuaidi100 tells everything that it knows each time.
        const told = format === 'kuaidi100' ? one.seen : one.seen.slice(one.seen.length - one.fresh)
        assert.deepEqual(
          scans.map(({ occurredAt, meaning }) => [Math.floor(occurredAt / 1000), meaning]),
          told.map(({ at, meaning }) => [Math.floor(at / 1000), meaning]),
          carrierId,
        )
      }
    }
  }
})
