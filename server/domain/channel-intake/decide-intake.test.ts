import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { OrderInput } from '../../../contract/entities/order.ts'
import { instant } from '../../kernel/time.ts'
import { applyChannelPatch } from './apply-patch.ts'
import { decideIntake, type IncomingBody, knownAfter } from './decide-intake.ts'
import { channelOwned, hubOwned } from './ownership.ts'

const order: OrderInput = {
  channelId: 'c',
  externalRef: 'A-1',
  currency: 'CNY',
  customer: { name: '王芳', phone: '13800000000' },
  shipTo: { countryCode: 'CN', region: '浙江', city: '杭州', line1: '文三路 1 号', name: '王芳' },
  lines: [{ lineRef: '1', sku: 'tea-500', quantity: 2, unitPrice: 12800 }],
  payments: [{ kind: 'capture', method: 'alipay', amount: 25600, paymentRef: 'p1' }],
}
const body = (more: Partial<IncomingBody> = {}, change: Partial<OrderInput> = {}): IncomingBody => ({
  order: { ...order, ...change },
  bodyHash: 'h1',
  platformVersion: instant(1000),
  warnings: [],
  ...more,
})
const next = (change: Partial<OrderInput>, more: Partial<IncomingBody> = {}) =>
  decideIntake(body(), body({ bodyHash: 'h2', platformVersion: instant(2000), ...more }, change))

test('the first body creates; its warnings and an early cancellation are reasons to look', () => {
  assert.deepEqual(decideIntake(undefined, body({ warnings: ['test_order'], cancelled: {} })), {
    kind: 'create',
    reviewReasons: ['test_order', 'cancelled_by_channel'],
  })
})

test('the same content is the same body, and the later of both times is kept', () => {
  assert.deepEqual(decideIntake(body(), body({ platformVersion: instant(5000) })), { kind: 'sameBody', platformVersion: 5000 })
})

test('a body written before the applied one is recorded, not applied', () => {
  assert.deepEqual(decideIntake(body(), body({ bodyHash: 'h0', platformVersion: instant(999) }, { note: 'old' })), {
    kind: 'olderRecorded',
  })
})

test('without a time on either side, or at the same time, a changed body is a new version', () => {
  const { platformVersion: _, ...untimed } = body({ bodyHash: 'h2' })
  assert.equal(decideIntake(body(), untimed).kind, 'newVersion')
  assert.equal(decideIntake(body(), body({ bodyHash: 'h2' })).kind, 'newVersion')
})

test('buyer, address and note are replaced; only new payments are added', () => {
  const refund = { kind: 'refund', method: 'alipay', amount: 100, paymentRef: 'r1' } as const
  const decision = next({ note: 'gift', payments: [...(order.payments ?? []), refund], shipTo: { ...order.shipTo, line1: '曙光路 2 号' } })
  assert.equal(decision.kind, 'newVersion')
  if (decision.kind !== 'newVersion') return
  assert.deepEqual(decision.patch, { note: 'gift', payments: [refund], shipTo: { ...order.shipTo, line1: '曙光路 2 号' } })
  assert.deepEqual(decision.reviewReasons, [])
})

test('another city asks a person, because stock and promise stand on it', () => {
  const decision = next({ shipTo: { countryCode: 'CN', city: '宁波' } })
  assert.ok(decision.kind === 'newVersion' && decision.reviewReasons.includes('destination_changed'))
})

test('money that vanishes from one body and is back in the next is not added twice', () => {
  const body = (hash: string, amount: number): IncomingBody => ({
    order: { ...order, payments: amount === 0 ? [] : [{ kind: 'capture', method: 'alipay', amount, paymentRef: 'p1' }] },
    bodyHash: hash,
    warnings: [],
  })
  let known = body('a', 10_000)
  let ledger = 10_000
  for (const [i, amount] of [0, 10_000, 4_000, 12_000, 12_000, 0, 12_000].entries()) {
    const incoming = body(`b${i}`, amount)
    const decision = decideIntake(known, incoming)
    assert.equal(decision.kind, 'newVersion')
    if (decision.kind === 'newVersion') for (const one of decision.patch.payments ?? []) ledger += one.amount
    known = knownAfter(known, incoming)
  }
  assert.equal(ledger, 12_000)
})

test('what a body masks or leaves out stays known for the bodies after it', () => {
  const masked = {
    order: { ...order, customer: { name: '王**' }, shipTo: { ...order.shipTo, line1: '****' } },
    bodyHash: 'm',
    warnings: [],
  }
  const known = knownAfter({ order: { ...order, customer: { name: '王芳', phone: '13800000000' } }, bodyHash: 'a', warnings: [] }, masked)
  assert.deepEqual(known.order.customer, { name: '王芳', phone: '13800000000' })
  assert.equal(known.order.shipTo.line1, order.shipTo.line1)
  assert.equal(known.bodyHash, 'm')
})

for (const [what, change, reason] of [
  ['a line added', { lines: [...order.lines, { lineRef: '2', sku: 'cup', quantity: 1, unitPrice: 1 }] }, 'lines_added'],
  ['a line swapped', { lines: [{ lineRef: '2', sku: 'cup', quantity: 1, unitPrice: 1 }] }, 'lines_removed'],
  ['another quantity', { lines: [{ lineRef: '1', sku: 'tea-500', quantity: 3, unitPrice: 12800 }] }, 'quantity_changed'],
  ['another price', { lines: [{ lineRef: '1', sku: 'tea-500', quantity: 2, unitPrice: 1 }] }, 'price_changed'],
  ['another currency', { currency: 'USD' }, 'currency_changed'],
  ['a payment gone', { payments: [] }, 'payment_withdrawn'],
] as const satisfies readonly (readonly [string, Partial<OrderInput>, string])[])
  test(`${what} asks a person and patches nothing`, () => {
    const decision = next(change)
    assert.ok(decision.kind === 'newVersion' && decision.reviewReasons.includes(reason))
    assert.deepEqual(decision.kind === 'newVersion' && decision.patch, {})
  })

test('another tax asks a person; a body that says nothing of tax does not', () => {
  const taxedAs = (tax?: number) => ({ lines: order.lines.map((line) => ({ ...line, ...(tax === undefined ? {} : { tax }) })) })
  const asked = (before: object, now: object) => {
    const decision = decideIntake(body({}, before), body({ bodyHash: 'h2' }, now))
    return decision.kind === 'newVersion' ? decision.reviewReasons : [decision.kind]
  }
  assert.deepEqual(asked(taxedAs(5), taxedAs(6)), ['tax_changed'])
  assert.deepEqual([asked(taxedAs(), taxedAs(6)), asked(taxedAs(5), taxedAs())], [[], []])
})

test('an account that only grew adds the difference: a part payment that became whole is not counted twice', () => {
  const part = [{ kind: 'capture', method: 'card', amount: 50 }] as const
  const applied = body({}, { payments: [...part] })
  const decision = decideIntake(applied, body({ bodyHash: 'h2' }, { payments: [{ kind: 'capture', method: 'card', amount: 120 }] }))
  assert.deepEqual(decision.kind === 'newVersion' && decision.patch.payments, [{ kind: 'capture', method: 'card', amount: 70 }])
})

test('an authorisation that turned into a capture is no payment withdrawn', () => {
  const applied = body({}, { payments: [{ kind: 'authorise', method: 'card', amount: 50 }] })
  const decision = decideIntake(applied, body({ bodyHash: 'h2' }, { payments: [{ kind: 'capture', method: 'card', amount: 50 }] }))
  assert.deepEqual(decision.kind === 'newVersion' && decision.reviewReasons, [])
})

test('a cancellation is asked for once', () => {
  const cancelled = { reason: 'customer' }
  const first = next({}, { cancelled })
  assert.deepEqual(first.kind === 'newVersion' && first.cancellationRequested, cancelled)
  const again = decideIntake(body({ cancelled }), body({ cancelled, bodyHash: 'h3' }))
  assert.ok(again.kind === 'newVersion' && !('cancellationRequested' in again))
})

test('a buyer masked later never replaces the readable one', () => {
  const decision = next({
    customer: { name: '王*', phone: '138****0000' },
    shipTo: { countryCode: 'CN', region: '浙江', city: '杭州', line1: '文三路 * 号' },
  })
  assert.deepEqual(decision.kind === 'newVersion' && decision.patch, {})
})

test('no patch, whatever it holds, touches a field that the hub owns', () => {
  const fields = [...hubOwned, ...Object.keys(channelOwned)]
  const record = fc.record(Object.fromEntries(fields.map((field) => [field, fc.jsonValue()])), { requiredKeys: [...hubOwned] })
  fc.assert(
    fc.property(record, record, (stored, patch) => {
      const after = applyChannelPatch(stored, patch)
      for (const field of hubOwned) assert.deepEqual(after[field], stored[field])
      for (const [field, how] of Object.entries(channelOwned))
        if (how === 'identity' || how === 'review') assert.deepEqual(after[field], stored[field])
    }),
  )
})

test('hub and channel own no field together', () => {
  for (const field of hubOwned) assert.ok(!Object.hasOwn(channelOwned, field), field)
})
