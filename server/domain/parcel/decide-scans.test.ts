import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Trade } from '../../../test/support/trade.ts'
import type { ScanMeaning } from '../../../contract/entities/scan.ts'
import { present } from '../../kernel/assert.ts'
import { HOUR, instant } from '../../kernel/time.ts'
import { phaseOf } from '../order/derive.ts'
import type { Order } from '../order/state.ts'
import type { CanonicalScan } from './canonical-scan.ts'

function packed(parcels: number, isHandedOver = true): { readonly trade: Trade; readonly order: Order } {
  const trade = new Trade()
  trade.item('tea')
  trade.node('n1')
  trade.channel('shop', { requiresPayment: false })
  trade.stock('tea', 'n1', 10)
  let order = trade.place(trade.order([{ sku: 'tea', quantity: parcels }]))
  const { fulfillmentOrderId } = present(order.state.fulfillmentOrders[0], 'the work')
  const one = { lines: [{ lineRef: '1', quantity: 1 }] }
  const act = (verb: 'start' | 'pick' | 'pack' | 'handOver', more = {}) => {
    order = trade.act(order, { action: 'work', fulfillmentOrderId, verb, ...more })
  }
  act('start')
  act('pick')
  act('pack', { parcels: Array.from({ length: parcels }, () => one) })
  if (isHandedOver) act('handOver')
  trade.pass(48 * HOUR)
  return { trade, order }
}

const scanAt =
  (trade: Trade) =>
  (meaning: ScanMeaning | undefined, hoursAgo: number): CanonicalScan => ({
    key: `${meaning ?? 'x'}-${hoursAgo}`,
    ...(meaning === undefined ? { code: 'x', flags: ['codeUnknown'] } : { meaning, flags: [] }),
    occurredAt: instant(trade.now - hoursAgo * HOUR),
    precision: 'instant',
    timeBasis: 'offset',
  })
const parcelId = (order: Order, i = 0): string => present(order.state.fulfillmentOrders[0]?.parcels?.[i], 'a parcel').parcelId
const scan = (trade: Trade, order: Order, scans: readonly CanonicalScan[], i = 0): Order =>
  trade.act(order, { action: 'scan', parcelId: parcelId(order, i), carrierId: 'c', scans })
const standing = ({ intake, state }: Order) => [
  phaseOf(intake, state),
  state.lines[0]?.shipped,
  state.lines[0]?.delivered,
  state.fulfillmentOrders[0]?.work,
  state.fulfillmentOrders[0]?.parcels?.map((parcel) => parcel.state ?? 'created'),
]

test('each delivered parcel delivers its units; the last one ends the work', () => {
  const { trade, order } = packed(2)
  const at = scanAt(trade)
  const half = scan(trade, order, [at('collected', 30), at('delivered', 3)])
  assert.deepEqual(standing(half), ['inTransit', 2, 1, 'handedOver', ['delivered', 'created']])
  const whole = scan(trade, half, [at('delivered', 2)], 1)
  assert.deepEqual(standing(whole), ['delivered', 2, 2, 'done', ['delivered', 'delivered']])
  assert.equal(whole.state.fulfillmentOrders[0]?.parcels?.[0]?.deliveredAt, trade.now - 3 * HOUR)
})

test('what a carrier has collected has left, whether or not the node said so; with one parcel still there it has not', () => {
  const { trade, order } = packed(2, false)
  const at = scanAt(trade)
  const one = scan(trade, order, [at('collected', 5)])
  assert.equal(one.state.fulfillmentOrders[0]?.work, 'inProgress')
  const both = scan(trade, one, [at('departed', 4)], 1)
  assert.deepEqual([both.state.fulfillmentOrders[0]?.work, trade.rowOf('tea', 'n1').onHand], ['handedOver', 8])
})

test('known scans change nothing; a code that becomes known does', () => {
  const { trade, order } = packed(1)
  const at = scanAt(trade)
  const first = scan(trade, order, [at('collected', 9), at(undefined, 5)])
  const again = trade.ask(first, {
    action: 'scan',
    parcelId: parcelId(first),
    carrierId: 'c',
    scans: [at(undefined, 5), at('collected', 9)],
  })
  assert.ok(again.status === 'done' && again.value.change.events.length === 0)
  const known = scan(trade, first, [{ ...at('delivered', 5), key: at(undefined, 5).key }])
  assert.deepEqual(standing(known).at(-1), ['delivered'])
})

test('a parcel that comes back after its delivery stays delivered in the ledger', () => {
  const { trade, order } = packed(1)
  const at = scanAt(trade)
  const back = scan(trade, scan(trade, order, [at('delivered', 20)]), [at('returning', 10), at('returned', 1)])
  assert.deepEqual(standing(back), ['delivered', 1, 1, 'done', ['returned']])
})

test('scans of a parcel that the order does not have are refused', () => {
  const { trade, order } = packed(1)
  const outcome = trade.ask(order, { action: 'scan', parcelId: 'par_0000000000000', carrierId: 'c', scans: [scanAt(trade)('lost', 1)] })
  assert.equal(outcome.status === 'refused' && outcome.code, 'parcel_unknown')
})

test('whichever way the same scans arrive, parcels, lines and work end the same', () => {
  const hours = fc.integer({ min: 0, max: 40 })
  const meaning = fc.constantFrom<ScanMeaning>(
    'announced',
    'collected',
    'arrived',
    'outForDelivery',
    'attemptFailed',
    'returning',
    'lost',
    'noted',
  )
  const scans = fc.uniqueArray(fc.tuple(meaning, hours), { maxLength: 6, selector: ([word, hour]) => `${word}${hour}` })
  fc.assert(
    fc.property(scans, scans, fc.boolean(), (first, second, hasArrived) => {
      const { trade, order } = packed(1)
      const at = scanAt(trade)
      const all = [...first, ...second].map(([word, hour]) => at(word, hour))
      const told = hasArrived ? [...all, at('delivered', 1)] : all
      const atOnce = scan(trade, order, told)
      const oneByOne = [...told].reverse().reduce((now, one) => scan(trade, now, [one]), order)
      assert.deepEqual(standing(oneByOne).at(-1), standing(atOnce).at(-1))
      // A delivery that only the earlier of two tellings shows was told to the buyer: it is not taken back.
      if (standing(atOnce)[2] === 1) assert.deepEqual(standing(oneByOne), standing(atOnce))
    }),
    { numRuns: 200 },
  )
})
