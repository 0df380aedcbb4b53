import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DemandWatch, zoneOf } from './demand-watch.ts'

const hangzhou = { countryCode: 'CN', lat: 30.28, lng: 120.13 }

test('demand of a zone adds up and halves within a day', () => {
  const watch = new DemandWatch()
  watch.note('tea', 4, hangzhou, 0)
  watch.note('tea', 4, { ...hangzhou, lat: 30.9 }, 0)
  assert.deepEqual(
    watch.of('tea', 86_400_000).map((one) => [one.zone, one.units]),
    [[zoneOf(hangzhou), 4]],
  )
})

test('a place without coordinates is not counted, and an unknown item has no demand', () => {
  const watch = new DemandWatch()
  watch.note('tea', 4, { countryCode: 'CN' }, 0)
  assert.deepEqual([...watch.skus()], [])
  assert.deepEqual(watch.of('tea', 0), [])
})

test('items and zones are bounded: the least asked for makes room', () => {
  const watch = new DemandWatch(2)
  watch.note('a', 5, hangzhou, 0)
  watch.note('b', 1, hangzhou, 0)
  watch.note('c', 3, hangzhou, 0)
  assert.deepEqual([...watch.skus()], ['a', 'c'])
  for (let i = 0; i < 100; i++) watch.note('a', 1 + i, { countryCode: 'CN', lat: i - 50, lng: 100 }, 0)
  assert.ok(watch.of('a', 0).length <= 40)
})
