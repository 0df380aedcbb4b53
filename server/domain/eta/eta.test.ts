import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { DAY, HOUR, instant } from '../../kernel/time.ts'
import { estimateArrival } from './estimate.ts'
import { laneKeysOf } from './lane-keys.ts'
import { addWeight, binOf, emptySketch, msOf, weightAt, type Sketch } from './sketch.ts'

const now = instant(Date.UTC(2026, 10, 1))
const hours = (ms: number): number => ms / HOUR
function sketchOf(took: readonly number[], at = now): Sketch {
  const sketch = emptySketch()
  for (const one of took) addWeight(sketch, binOf(one * HOUR), weightAt(at))
  return sketch
}
const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i)

test('a bin is right to 2.5 % from a quarter of an hour to two years', () => {
  fc.assert(
    fc.property(fc.double({ min: 0.25, max: 17_000, noNaN: true }), (took) => {
      assert.ok(Math.abs(msOf(binOf(took * HOUR)) / (took * HOUR) - 1) < 0.026)
    }),
  )
})

test('the estimate is the median, its interval holds four of five of what was seen', () => {
  const eta = estimateArrival(now, now, [sketchOf(range(1, 200))])
  assert.ok(eta)
  assert.ok(Math.abs(hours(eta.at - now) - 100) < 5)
  assert.ok(hours(eta.from - now) < 21 && hours(eta.to - now) > 180 && eta.observations === 200)
})

test('a lane that has seen little leans on its parent, one that has seen much does not', () => {
  const parent = sketchOf(range(90, 110))
  const at = (lane: Sketch) => hours((estimateArrival(now, now, [lane, parent])?.at ?? now) - now)
  assert.ok(at(sketchOf([20])) > 85)
  assert.ok(at(sketchOf(Array.from({ length: 500 }, () => 20))) < 25)
})

test('what is recent counts more: half as much after sixty days', () => {
  const lane = sketchOf(
    Array.from({ length: 100 }, () => 20),
    instant(now - 240 * DAY),
  )
  for (let i = 0; i < 20; i++) addWeight(lane, binOf(80 * HOUR), weightAt(now))
  const eta = estimateArrival(now, now, [lane])
  assert.ok(eta && hours(eta.at - now) > 75)
})

test('time gone by cuts off what can no longer be, and beyond all experience there is no estimate', () => {
  const history = [sketchOf([10, 10, 10, 60, 60])]
  const later = estimateArrival(now, instant(now + 20 * HOUR), history)
  assert.ok(later && hours(later.at - now) > 55 && later.from > now + 20 * HOUR)
  assert.equal(estimateArrival(now, instant(now + 100 * HOUR), history), undefined)
  assert.equal(estimateArrival(now, now, [undefined, emptySketch()]), undefined)
})

test('from, at and to never cross, whatever was seen', () => {
  const seen = fc.array(fc.double({ min: 0.1, max: 5000, noNaN: true }), { minLength: 1, maxLength: 40 })
  fc.assert(
    fc.property(seen, seen, fc.double({ min: 0, max: 6000, noNaN: true }), (lane, parent, elapsed) => {
      const eta = estimateArrival(now, instant(now + elapsed * HOUR), [sketchOf(lane), sketchOf(parent)])
      if (eta) assert.ok(eta.from <= eta.at && eta.at <= eta.to && eta.at > now + elapsed * HOUR - 1)
    }),
  )
})

test('lanes go from town to town up to everything, names without case', () => {
  const from = { countryCode: 'CN', region: '广东', city: '深圳' }
  const to = { countryCode: 'CN', region: '浙江', city: '杭州' }
  assert.deepEqual(laneKeysOf({ stage: 'carried', carrierId: 'SF', serviceId: 'std', from, to }), [
    'carried|sf|std|CN/cn-gd/深圳|CN/cn-zj/杭州',
    'carried|sf|std|CN/cn-gd|CN/cn-zj/杭州',
    'carried|sf|std|CN/cn-gd|CN/cn-zj',
    'carried|sf|std|*|CN/cn-zj',
    'carried|sf|std|*|*',
    'carried|sf|*|*|*',
    'carried|*|*|*|*',
  ])
  assert.deepEqual(laneKeysOf({ stage: 'outForDelivery' }), ['outForDelivery|*|*|*|*'])
})
