import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { OrderParcel } from '../../../contract/entities/parcel.ts'
import { instant } from '../../kernel/time.ts'
import { parseId } from '../../kernel/ids.ts'
import { initialState } from '../order/evolve.ts'
import type { Order, OrderIntake } from '../order/state.ts'
import { presentTrack, type TrackNames } from './present-track.ts'

const orderId = parseId('ord', 'ord_0123456789abc')
assert.ok(orderId)
const intake: OrderIntake = {
  orderId,
  shard: 1,
  channelId: 'shop-cn',
  externalRef: 'A-1',
  placedAt: instant(0),
  receivedAt: instant(1000),
  currency: 'CNY',
  requiresPayment: true,
  totals: { lines: 100, discount: 0, shipping: 0, tax: 0, total: 100 },
  shipTo: { countryCode: 'CN', city: '杭州', lat: 30.28, lng: 120.13 },
  lines: [{ lineRef: '1', sku: 'tea', quantity: 2, unitPrice: 50, discount: 0, tax: 0, total: 100 }],
}
const order: Order = { intake, state: initialState(intake) }
const AT = '2026-11-21T08:00:00.000Z'
const LATER = '2026-11-22T08:00:00.000Z'

type Seen = OrderParcel['scans'][number]
const scan = (meaning: Seen['meaning'], place: Seen['place'], occurredAt = AT): Seen => ({
  code: 'SECRET-CODE',
  ...(meaning === undefined ? {} : { meaning }),
  occurredAt,
  precision: 'instant',
  timeBasis: 'offset',
  ...(place === undefined ? {} : { place }),
  carrierId: 'SECRET-CARRIER',
  receivedAt: AT,
  flags: [],
})
const parcel = (more: Partial<OrderParcel> = {}): OrderParcel => ({
  parcelId: 'SECRET-PARCEL',
  carrierId: 'sf',
  serviceId: 'SECRET-SERVICE',
  trackingNo: 'SF-1',
  weightGrams: 777,
  packedAt: AT,
  handedOverAt: AT,
  lines: [{ lineRef: 'SECRET-LINE', sku: 'SECRET-SKU', quantity: 2 }],
  fulfillmentOrderId: 'SECRET-WORK',
  nodeId: 'SECRET-NODE',
  nodeName: 'SECRET-NODE-NAME',
  state: 'inTransit',
  isReturning: false,
  attemptsFailed: 3,
  promisedBy: LATER,
  eta: { at: LATER, from: AT, to: LATER, observations: 41 },
  co2eGrams: 120,
  legs: [],
  scans: [],
  ...more,
})
const names: TrackNames = { shop: 'Shop', item: () => 'Tea', carrier: () => '顺丰速运', node: () => undefined }
const parcelsOf = (...parcels: OrderParcel[]) => presentTrack(order, parcels, names, instant(5000)).parcels

test('of a parcel a shopper is told carrier, number, state, place, arrival and emissions, and nothing else', () => {
  const found = parcelsOf(
    parcel({ scans: [scan('arrived', { name: '上海集散中心', city: '上海', countryCode: 'CN', postalCode: 'SECRET' })] }),
  )
  assert.deepEqual(found, [
    {
      carrier: '顺丰速运',
      trackingNo: 'SF-1',
      shippedAt: AT,
      state: 'inTransit',
      place: { name: '上海集散中心', city: '上海', countryCode: 'CN', at: AT },
      eta: { at: LATER, from: AT, to: LATER },
      co2eGrams: 120,
    },
  ])
  assert.ok(!JSON.stringify(presentTrack(order, [parcel()], names, instant(5000))).includes('SECRET'))
})

test('where a parcel was collected or is delivered is never told by name: that is the node, or the buyer’s door', () => {
  const at = { name: '文三路 1 号', city: '杭州' }
  for (const meaning of ['collected', 'outForDelivery', 'attemptFailed', 'readyForPickup', 'noted', 'delivered', undefined] as const)
    assert.deepEqual(parcelsOf(parcel({ scans: [scan(meaning, at)] }))[0]?.place, { city: '杭州', at: AT }, meaning)
  const older = scan('departed', { name: '上海集散中心' })
  assert.deepEqual(parcelsOf(parcel({ scans: [scan('outForDelivery', { name: '文三路 1 号' }, LATER), older] }))[0]?.place, {
    name: '上海集散中心',
    at: AT,
  })
})

test('a parcel that has not left is not told; one that is there has no place and is delivered', () => {
  const { handedOverAt: _, ...inside } = parcel()
  assert.deepEqual(parcelsOf(inside), [])
  const [there] = parcelsOf(parcel({ deliveredAt: LATER, state: 'collected', scans: [scan('arrived', { city: '上海' })] }))
  assert.deepEqual([there?.state, there?.place, there?.deliveredAt], ['delivered', undefined, LATER])
})

test('whom to ask is told as the channel says, and no more of the channel', () => {
  const support = { email: 'help@shop.example', secret: 'SECRET' }
  assert.deepEqual(presentTrack(order, [], { ...names, support }, instant(5000)).support, { email: 'help@shop.example' })
  assert.equal(presentTrack(order, [], names, instant(5000)).support, undefined)
})

test('nothing is packed after it has left; digital goods are packed by nobody', () => {
  const [line] = intake.lines
  assert.ok(line)
  const parcels = [{ packedAt: instant(9000), handedOverAt: instant(5000), lines: [] }]
  const work = { fulfillmentOrderId: 'ful_1', nodeId: 'sh-1', work: 'handedOver', lines: [], parcels }
  const sent = { intake, state: { ...order.state, fulfillmentOrders: [work] } } as unknown as Order
  const seen = presentTrack(sent, [], names, instant(10_000))
  assert.deepEqual(
    seen.steps.map(({ step, at }) => [step, Date.parse(at)]),
    [
      ['placed', 0],
      ['packed', 5000],
      ['shipped', 5000],
    ],
  )
  assert.equal(seen.isDigital, undefined)
  const digital = { ...order, intake: { ...intake, lines: [{ ...line, isDigital: true as const }] } }
  assert.equal(presentTrack(digital, [], names, instant(10_000)).isDigital, true)
})
