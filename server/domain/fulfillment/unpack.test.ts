import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Trade } from '../../../test/support/trade.ts'
import type { ScanMeaning } from '../../../contract/entities/scan.ts'
import { present } from '../../kernel/assert.ts'
import { HOUR, instant } from '../../kernel/time.ts'
import { phaseOf } from '../order/derive.ts'
import type { Order } from '../order/state.ts'
import { workActionsOf } from './allowed-work.ts'

/** An order of two units, each in a parcel of its own; what was scanned of the first. */
function packed(scanned: readonly ScanMeaning[] = []) {
  const trade = new Trade()
  trade.item('tea')
  trade.node('n1')
  trade.channel('shop', { requiresPayment: false })
  trade.stock('tea', 'n1', 10)
  let order = trade.place(trade.order([{ sku: 'tea', quantity: 2 }]))
  const { fulfillmentOrderId } = workOf(order)
  const act = (verb: string, more: object = {}): Order => {
    order = trade.act(order, { action: 'work', fulfillmentOrderId, verb, ...more } as never)
    return order
  }
  const ask = (verb: string, more: object = {}) => trade.ask(order, { action: 'work', fulfillmentOrderId, verb, ...more } as never)
  const parcels = ['A', 'B'].map((trackingNo) => ({ trackingNo, lines: [{ lineRef: '1', quantity: 1 }] }))
  act('start')
  act('pick')
  act('pack', { parcels })
  const scan = (parcelId: string, meaning: ScanMeaning): Order => {
    trade.pass(HOUR)
    const occurredAt = instant(trade.now)
    const one = { key: `${meaning}${trade.now}`, meaning, occurredAt, precision: 'instant', timeBasis: 'offset', flags: [] } as const
    order = trade.act(order, { action: 'scan', parcelId, carrierId: 'c', scans: [one] })
    return order
  }
  const ids = (workOf(order).parcels ?? []).map((one) => one.parcelId as string)
  for (const meaning of scanned) scan(present(ids[0], 'a parcel'), meaning)
  return { trade, act, ask, scan, ids, now: () => order }
}
const workOf = (order: Order) => present(order.state.fulfillmentOrders[0], 'the work')
const offers = (order: Order): boolean => workActionsOf(order, workOf(order)).includes('unpack')

const cases: readonly (readonly [
  what: string,
  scanned: readonly ScanMeaning[],
  named: readonly number[] | undefined,
  want: string | number,
])[] = [
  ['all parcels', [], undefined, 2],
  ['one of two', [], [1], 1],
  ['one that is announced to its carrier', ['announced'], [0], 1],
  ['all, of which the carrier has one: the other', ['collected'], undefined, 1],
  ['one that its carrier has', ['collected'], [0], 'parcel_collected'],
  ['two, of which the carrier has one: neither', ['collected'], [1, 0], 'parcel_collected'],
  ['one that is not of this work', [], [7], 'parcel_unknown'],
]
for (const [what, scanned, named, want] of cases)
  test(`unpack ${what}`, () => {
    const { ask, ids, now, trade } = packed(scanned)
    const more = named === undefined ? {} : { parcelIds: named.map((i) => ids[i] ?? 'par_0000000000000') }
    const outcome = ask('unpack', more)
    if (outcome.status === 'refused') {
      assert.equal(outcome.code, want)
      return
    }
    const order = trade.take(outcome.value.change)
    assert.equal(workOf(order).voided?.length, want)
    assert.equal(order.state.lines[0]?.packed, 2 - Number(want))
    assert.equal(order.state.lines[0]?.picked, 2)
    assert.notEqual(order, now())
  })

test('it is offered while something stands packed that the carrier does not have, also while the order is held, and no longer', () => {
  const { trade, act, ask, scan, ids, now } = packed()
  assert.ok(offers(now()))
  const held = trade.act(now(), { action: 'hold', reason: 'asked', scope: 'order', holdId: 'h' })
  assert.ok(offers(held))
  trade.act(held, { action: 'release' })
  act('unpack', { parcelIds: [ids[0]] })
  assert.ok(offers(now()))
  scan(present(ids[1], 'a parcel'), 'collected')
  assert.ok(!offers(now()))
  assert.equal((ask('unpack') as { code?: string }).code, 'action_not_allowed')
})

test('handed over it is too late', () => {
  const { act, ask, now } = packed()
  act('handOver')
  assert.ok(!offers(now()))
  assert.equal((ask('unpack') as { code?: string }).code, 'action_not_allowed')
})

test('opened, the work is as it was before packing: it can move, be packed anew, and takes no stock twice', () => {
  const { trade, act, now } = packed()
  const before = trade.rowOf('tea', 'n1')
  act('unpack')
  assert.deepEqual(trade.rowOf('tea', 'n1'), before)
  assert.equal(workOf(now()).parcels, undefined)
  act('requestCancel', { reason: 'asked' })
  assert.ok(workActionsOf(now(), workOf(now())).includes('move'))
  act('refuseCancel', { reason: 'late' })
  act('pack', { parcels: [{ trackingNo: 'C' }] })
  act('handOver')
  assert.deepEqual([trade.rowOf('tea', 'n1').onHand, trade.rowOf('tea', 'n1').committed], [8, 0])
  assert.deepEqual(
    workOf(now()).parcels?.map((one) => [one.trackingNo, one.lines[0]?.quantity]),
    [['C', 2]],
  )
})

test('scans of a label that is void are kept and flagged; they move neither parcel, work, lines nor clocks', () => {
  const { act, scan, ids, now } = packed()
  act('unpack', { parcelIds: [ids[0]] })
  act('pack', { parcels: [{ trackingNo: 'C' }] })
  act('handOver')
  const was = now()
  for (const meaning of ['collected', 'lost', 'delivered'] as const) {
    const told = scan(present(ids[0], 'a parcel'), meaning)
    assert.deepEqual(
      workOf(told).voided?.map((one) => [one.state, one.deliveredAt]),
      [['voided', undefined]],
    )
  }
  const after = now()
  assert.equal(workOf(after).voided?.[0]?.scans?.length, 3)
  assert.deepEqual(workOf(after).parcels, workOf(was).parcels)
  assert.deepEqual([after.state.lines, after.state.clocks, after.state.tasks], [was.state.lines, was.state.clocks, was.state.tasks])
  assert.equal(phaseOf(after.intake, after.state), 'inTransit')
})

test('what is scanned of a void label says so in the log, and never that a parcel moved', () => {
  const { trade, act, ids, now } = packed()
  act('unpack')
  const occurredAt = instant(trade.now)
  const one = { key: 'k', meaning: 'delivered', occurredAt, precision: 'instant', timeBasis: 'offset', flags: [] } as const
  const outcome = trade.ask(now(), { action: 'scan', parcelId: present(ids[0], 'a parcel'), carrierId: 'c', scans: [one] })
  assert.ok(outcome.status === 'done')
  assert.deepEqual(
    outcome.value.change.events.map(({ event }) => event.type === 'parcel.scanned' && [event.data.state, event.data.scans[0]?.flags]),
    [['voided', ['parcelVoided']]],
  )
})

test('what was opened again is kept, so opening has an end: a hundred parcels of one work', () => {
  const { act, ask, now } = packed()
  for (let opened = 0; opened < 100; opened += 2) {
    assert.ok(offers(now()))
    act('unpack')
    act('pack', { parcels: ['A', 'B'].map((trackingNo) => ({ trackingNo, lines: [{ lineRef: '1', quantity: 1 }] })) })
  }
  assert.deepEqual([workOf(now()).voided?.length, offers(now())], [100, false])
  const outcome = ask('unpack')
  assert.equal(outcome.status === 'refused' ? outcome.code : 'done', 'action_not_allowed')
})
