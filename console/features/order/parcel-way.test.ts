import assert from 'node:assert/strict'
import { test } from 'node:test'
import { beside, wayOf } from './parcel-way.ts'

const node = (nodeId: string, city: string, lat: number) => ({
  nodeId,
  name: `${city} hub`,
  place: { countryCode: 'CN', region: city, city, lat, lng: 100 },
})
const nodes = [node('sh', '上海', 31), node('wh', '武汉', 30), node('cd', '成都', 29)]
const scan = (city: string, occurredAt: string) => ({ place: { city, region: city }, occurredAt }) as never
const names = (cities: readonly string[], shipTo?: { city?: string; lat?: number; lng?: number }, nodeId: string | undefined = 'sh') =>
  wayOf(
    { ...(nodeId === '' ? {} : { nodeId }), scans: cities.map((city, i) => scan(city, String(i))).toReversed() } as never,
    shipTo,
    nodes,
  )

test('the way runs from the node over the towns of the scans to the buyer, oldest first', () => {
  const { stops, unplaced } = names(['上海', '武汉', '成都'], { city: '成都', lat: 30.6, lng: 104 })
  assert.deepEqual(
    stops.map(({ name, kind }) => [name, kind]),
    [
      ['上海 hub', 'node'],
      ['武汉', 'scan'],
      ['成都', 'scan'],
      ['成都', 'to'],
    ],
  )
  assert.equal(unplaced, 0)
})

test('a town that follows itself is one stop, one that comes again is another', () => {
  assert.deepEqual(
    names(['武汉', '武汉', '成都', '武汉']).stops.map(({ name }) => name),
    ['上海 hub', '武汉', '成都', '武汉'],
  )
})

test('a place that nobody knows is counted, not drawn; a buyer without coordinates ends no way', () => {
  const { stops, unplaced } = names(['Springfield'], { city: '成都' })
  assert.deepEqual(
    stops.map(({ id }) => id),
    ['from'],
  )
  assert.equal(unplaced, 1)
})

test('without a node the way begins at the first scan', () => {
  assert.deepEqual(
    names(['武汉'], undefined, '').stops.map(({ name }) => name),
    ['武汉'],
  )
})

test('before the promise is negative', () => {
  assert.equal(beside('2026-11-25T10:00:00Z', '2026-11-25T12:00:00Z'), -7_200_000)
})
