import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Trade } from '../../../test/support/trade.ts'
import type { OrderId, ReservationId } from '../../kernel/ids.ts'
import { instant } from '../../kernel/time.ts'
import type { Reservation } from '../reservation/reservation.ts'
import { heldFor, type HeldStock } from '../reservation/take-over.ts'
import { expandExplanation } from '../sourcing/expand-explanation.ts'

/** Two nodes, the near one with plenty of everything that is free; what is held is at the far one, which has nothing else. */
function trade(): Trade {
  const one = new Trade()
  for (const sku of ['tea', 'cup', 'pot']) one.item(sku)
  one.item('set', {
    components: [
      { sku: 'cup', quantity: 2 },
      { sku: 'pot', quantity: 1 },
    ],
  })
  one.node('near')
  one.node('far', 'CN', { place: { countryCode: 'CN', city: '乌鲁木齐', lat: 43.8, lng: 87.6 } })
  one.channel('shop', { requiresPayment: false, buffer: 3 })
  for (const sku of ['tea', 'cup', 'pot']) {
    one.stock(sku, 'near', 50)
    one.stock(sku, 'far', 0)
  }
  return one
}

let serial = 0
const held = (at: Trade, sku: string, quantity: number, more: Partial<Reservation> = {}): HeldStock => ({
  reservation: {
    reservationId: `rsv_${String(++serial).padStart(13, '0')}` as ReservationId,
    key: `cart-${serial}`,
    channelId: 'shop',
    sku,
    nodeId: 'far',
    quantity,
    state: 'soft',
    expiresAt: instant(at.now + 1000),
    version: 1,
    ...more,
  },
  itemNo: at.memory.itemNo(sku),
  nodeNo: at.memory.nodeNo(more.nodeId ?? 'far'),
})

function reservedBy(at: Trade, lines: Parameters<Trade['order']>[0], stock: readonly HeldStock[], more: object = {}) {
  const outcome = at.decide(at.order(lines, more), { held: stock })
  if (outcome.status === 'refused') return outcome.code
  const { state } = outcome.value.change.after
  return {
    reserved: state.reservations.map((one) => `${one.lineNo} ${one.sku}@${one.nodeId} ${one.quantity}`),
    standing: state.lines.map((line) => `${line.reserved}+${line.backordered}`),
    work: state.fulfillmentOrders.map((one) => `${one.nodeId}: ${one.lines.map((line) => line.quantity).join(' ')}`),
    doc: outcome.value.decision?.doc,
  }
}

test('what a cart held is placed where it was held, though another node is cheaper, its channel’s buffer or not', () => {
  const at = trade()
  const placed = reservedBy(at, [{ sku: 'tea', quantity: 2 }], [held(at, 'tea', 2)])
  assert.partialDeepStrictEqual(placed, { reserved: ['0 tea@far 2'], standing: ['2+0'], work: ['far: 2'] })
})

test('what the order asks beyond it is sourced as ever', () => {
  const at = trade()
  const placed = reservedBy(at, [{ sku: 'tea', quantity: 5 }], [held(at, 'tea', 2)])
  assert.partialDeepStrictEqual(placed, { reserved: ['0 tea@near 3', '0 tea@far 2'], standing: ['5+0'] })
})

test('several carts and lines of one item: each unit counts once, and one node does one piece of work', () => {
  const at = trade()
  const lines = [
    { sku: 'tea', quantity: 2 },
    { sku: 'tea', quantity: 3 },
  ]
  const placed = reservedBy(at, lines, [held(at, 'tea', 1), held(at, 'tea', 4)])
  assert.partialDeepStrictEqual(placed, { reserved: ['0 tea@far 2', '1 tea@far 3'], standing: ['2+0', '3+0'], work: ['far: 2 3'] })
})

test('parts held for a bundle count for its line', () => {
  const at = trade()
  const placed = reservedBy(at, [{ sku: 'set', quantity: 2 }], [held(at, 'cup', 3)])
  assert.partialDeepStrictEqual(placed, { reserved: ['0 cup@near 1', '0 cup@far 3', '0 pot@near 2'], standing: ['2+0'] })
})

test('a reservation of more than the order asks for is refused, never cut', () => {
  const at = trade()
  assert.equal(reservedBy(at, [{ sku: 'tea', quantity: 2 }], [held(at, 'tea', 3)]), 'reservation_mismatch')
  assert.equal(reservedBy(at, [{ sku: 'tea', quantity: 2 }], [held(at, 'cup', 1)]), 'reservation_mismatch')
  assert.equal(reservedBy(at, [{ sku: 'tea', quantity: 2 }], [held(at, 'tea', 1), held(at, 'tea', 2)]), 'reservation_mismatch')
})

test('stock held where the order cannot be shipped from is refused by its own code, under every policy of shortage', () => {
  for (const shortage of ['refuse', 'review', 'backorder', 'partial']) {
    const at = trade()
    at.channel('shop', { requiresPayment: false, shortage, nodes: ['near'] })
    assert.equal(reservedBy(at, [{ sku: 'tea', quantity: 2 }], [held(at, 'tea', 2)]), 'reservation_unusable')
  }
})

test('a shortage beyond what was held is still a shortage', () => {
  const at = trade()
  assert.equal(reservedBy(at, [{ sku: 'tea', quantity: 80 }], [held(at, 'tea', 2)]), 'stock_short')
})

test('the stored explanation speaks of real items', () => {
  const at = trade()
  const placed = reservedBy(at, [{ sku: 'tea', quantity: 5 }], [held(at, 'tea', 2)])
  assert.ok(typeof placed !== 'string')
  const doc = JSON.parse(placed.doc ?? '') as { items: number[]; lines: number[]; e: string }
  assert.deepEqual(
    [doc.items, doc.lines],
    [
      [at.memory.itemNo('tea'), at.memory.itemNo('tea')],
      [0, 0],
    ],
  )
  assert.ok(expandExplanation(Buffer.from(doc.e, 'base64')).lines.length > 0)
})

const NOW = instant(5000)
const codeFor = (found: readonly (HeldStock | undefined)[]): string => {
  const outcome = heldFor({ channelId: 'shop' }, found, NOW)
  return outcome.status === 'refused' ? outcome.code : `${outcome.value.length}`
}
type Case = readonly [name: string, more: Partial<Reservation> | undefined, then: string]
const cases: readonly Case[] = [
  ['one that holds is taken', { expiresAt: instant(5001) }, '1'],
  ['one of no channel is anybody’s', { expiresAt: instant(5001), channelId: undefined }, '1'],
  ['one that is not there', undefined, 'reservation_unknown'],
  ['another channel’s', { expiresAt: instant(5001), channelId: 'other' }, 'reservation_mismatch'],
  ['one at its last instant, swept or not', { expiresAt: NOW }, 'reservation_expired'],
  ['one that has expired', { expiresAt: NOW, state: 'expired' }, 'reservation_expired'],
  ['one that was given back', { expiresAt: instant(9000), state: 'released' }, 'reservation_expired'],
  ['one that another order has', { expiresAt: NOW, state: 'consumed', orderId: 'ord_0000000000001' as OrderId }, 'reservation_taken'],
]
for (const [name, more, then] of cases) {
  test(`a reservation to take over: ${name}: ${then}`, () => {
    const at = trade()
    assert.equal(codeFor([more === undefined ? undefined : held(at, 'tea', 1, more)]), then)
  })
}

test('a reservation to take over: the same one twice: reservation_mismatch', () => {
  const one = held(trade(), 'tea', 1, { expiresAt: instant(9000) })
  assert.equal(codeFor([one, one]), 'reservation_mismatch')
})
