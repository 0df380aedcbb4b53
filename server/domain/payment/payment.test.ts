import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { appendPayment } from './append-payment.ts'
import { balanceOf, due, isCovered, refundable, type LedgerEntry } from './ledger.ts'
import { derivePaymentState } from './payment-state.ts'
import { waivedAfter } from './waived.ts'

const kinds = { a: 'authorise', c: 'capture', v: 'void', r: 'refund', b: 'chargeback', j: 'adjust' } as const
type Letter = keyof typeof kinds
const isLetter = (text: string | undefined): text is Letter => text !== undefined && text in kinds
/** "a100 c60.x card2:c5" = authorise 100, capture 60 with ref x, capture 5 by card2. */
const ledger = (text: string): LedgerEntry[] =>
  text
    .split(' ')
    .filter(Boolean)
    .map((word) => {
      const match = /^(?:(\w+):)?([acvrbj])(-?\d+)(?:\.(\w+))?$/.exec(word)
      const letter = match?.[2]
      if (!isLetter(letter)) assert.fail(`no entry: ${word}`)
      return {
        kind: kinds[letter],
        method: match?.[1] ?? 'card',
        amount: Number(match?.[3]),
        ...(match?.[4] ? { paymentRef: match[4] } : {}),
      }
    })

for (const [entries, total, state] of [
  ['', 100, 'unpaid'],
  ['', 0, 'paid'],
  ['j100', 100, 'paid'],
  ['a100', 100, 'authorised'],
  ['a60', 100, 'unpaid'],
  ['a100 v100', 100, 'unpaid'],
  ['a100 c40', 100, 'authorised'],
  ['a100 c40 v60', 100, 'partPaid'],
  ['c40', 100, 'partPaid'],
  ['c100', 100, 'paid'],
  ['c90 j10', 100, 'paid'],
  ['c100 j-10', 100, 'partPaid'],
  ['c101', 100, 'overpaid'],
  ['c100 r1', 100, 'partRefunded'],
  ['c100 r100', 100, 'refunded'],
  ['c40 r40', 100, 'refunded'],
  ['c100 b100', 100, 'chargedBack'],
  ['c100 r50 b50', 100, 'chargedBack'],
] as const)
  test(`ledger "${entries}" of ${total} is ${state}`, () => assert.equal(derivePaymentState(ledger(entries), total, true), state))

for (const [entries, state] of [
  ['', 'notRequired'],
  ['c40', 'partPaid'],
  ['c100', 'paid'],
] as const)
  test(`an order on invoice with ledger "${entries}" is ${state}`, () =>
    assert.equal(derivePaymentState(ledger(entries), 100, false), state))

for (const [entries, authorised, dueOf100, covered] of [
  ['a100.x c60.x', 40, 40, true],
  ['a100.x c60.x c40.x', 0, 0, true],
  ['a50.x c50.y', 50, 50, true],
  ['a50.x c50', 0, 50, false],
  ['a50.x cash:c50', 50, 50, true],
  ['a50 c80', 0, 20, false],
  ['a50.x v20.x', 30, 100, false],
  ['c100 r100', 0, 100, false],
] as const)
  test(`ledger "${entries}" leaves ${authorised} authorised and ${dueOf100} of 100 due`, () => {
    const balance = balanceOf(ledger(entries))
    assert.deepEqual([balance.authorised, due(balance, 100), isCovered(balance, 100)], [authorised, dueOf100, covered])
  })

/** What the buyer of an order at work is asked for after entries at one total, and then another. */
function askedOf(entries: string, total: number, then: number): number {
  const all = ledger(entries)
  return due(balanceOf(all), then) - waivedAfter(0, [], all, { total, isAtWork: true }, then)
}

for (const [entries, asked] of [
  ['', 100],
  ['c100', 0],
  ['c100 r40', 0],
  ['c100 r100', 0],
  ['c130 r30', 0],
  ['c130 r40', 0],
  ['c130 r10', -20],
  ['c60', 40],
  ['c60 r10', 40],
  ['c100 b40', 40],
  ['c100 r40 b60', 60],
  ['c100 r40 j40', 0],
  ['c100 r40 c40', -40],
] as const)
  test(`after "${entries}" the buyer of an order at work is asked for ${asked} of 100: what was given back is not owed again`, () =>
    assert.equal(askedOf(entries, 100, 100), asked))

for (const [entries, then, asked] of [
  ['c100', 60, -40],
  ['c100 r40', 60, 0],
  ['c100 r40', 80, 0],
  ['c100 r40', 40, -20],
  ['c100 r40', 0, -60],
  ['c100 r40', 130, 30],
  ['c100 r40 c30', 130, 0],
  ['c100 b40', 130, 70],
  ['c60 r10', 130, 70],
] as const)
  test(`after "${entries}" of 100 the buyer of an order at work is asked for ${asked} of ${then}: what is added is asked for, goodwill counts for what falls`, () =>
    assert.equal(askedOf(entries, 100, then), asked))

test('refund and cancellation come to the same in either order, also for what is added later', () => {
  const [paid, back] = [ledger('c100'), ledger('r40')]
  const was = { total: 100, isAtWork: true }
  const refundFirst = waivedAfter(0, paid, back, was, 60)
  const cancelFirst = waivedAfter(waivedAfter(0, paid, [], was, 60), paid, back, { ...was, total: 60 }, 60)
  assert.deepEqual([refundFirst, cancelFirst], [0, 0])
  assert.equal(due(balanceOf([...paid, ...back]), 100), 40, 'what is added again costs what it costs')
})

test('before an order is at work, what was given back has to come again', () =>
  assert.equal(waivedAfter(0, ledger('c100'), ledger('r40'), { total: 100, isAtWork: false }, 100), 0))

for (const [entries, next, code] of [
  ['', 'c0', 'payment_amount_invalid'],
  ['', 'c-5', 'payment_amount_invalid'],
  ['', 'j0', 'payment_amount_invalid'],
  ['', 'c9000000000001', 'payment_amount_invalid'],
  ['', 'j-5', 'done'],
  ['', 'c5', 'done'],
  ['a100.x', 'c100.x', 'done'],
  ['a100.x', 'c101.x', 'capture_exceeds_authorised'],
  ['a100.x c60.x', 'c41.x', 'capture_exceeds_authorised'],
  ['a100.x v100.x', 'c1.x', 'capture_exceeds_authorised'],
  ['a100.x', 'c101.y', 'done'],
  ['a100.x', 'cash:c101.x', 'done'],
  ['a100', 'v101', 'void_exceeds_authorised'],
  ['a100', 'v100', 'done'],
  ['a100 c60', 'v41', 'void_exceeds_authorised'],
  ['a100.x', 'v1.y', 'void_exceeds_authorised'],
  ['a100', 'cash:v1', 'void_exceeds_authorised'],
  ['c100', 'r100', 'done'],
  ['c100', 'r101', 'refund_exceeds_captured'],
  ['c100 r60', 'r41', 'refund_exceeds_captured'],
  ['c100', 'cash:r1', 'refund_exceeds_captured'],
  ['a100', 'r1', 'refund_exceeds_captured'],
  ['c100 b60', 'r41', 'refund_exceeds_captured'],
  ['c100 r100', 'b100', 'done'],
  ['c100', 'b101', 'chargeback_exceeds_captured'],
] as const)
  test(`after "${entries}" the entry ${next} is ${code}`, () => {
    const outcome = appendPayment(ledger(entries), ledger(next)[0] ?? assert.fail())
    assert.equal(outcome.status === 'refused' ? outcome.code : 'done', code)
  })

test('money captured above the total can be given back, and the balance of the order does not gate it', () => {
  const outcome = appendPayment(ledger('c150'), { kind: 'refund', method: 'card', amount: 150 })
  assert.equal(outcome.status, 'done')
})

test('a refund by another method needs the permission and is still limited by all that was captured', () => {
  const other = (amount: number, more: object = {}): LedgerEntry => ({ kind: 'refund', method: 'voucher', amount, ...more })
  assert.equal(appendPayment(ledger('c100'), other(100)).status, 'refused')
  assert.equal(appendPayment(ledger('c100'), other(100, { crossMethod: true })).status, 'done')
  assert.equal(appendPayment(ledger('c100'), other(101, { crossMethod: true })).status, 'refused')
  assert.equal(appendPayment([...ledger('c100'), other(40, { crossMethod: true })], ledger('r61')[0] ?? assert.fail()).status, 'refused')
  assert.equal(appendPayment([...ledger('c100'), other(40, { crossMethod: true })], ledger('r60')[0] ?? assert.fail()).status, 'done')
})

const anyEntry: fc.Arbitrary<LedgerEntry> = fc.record(
  {
    kind: fc.constantFrom(...Object.values(kinds)),
    method: fc.constantFrom('card', 'cash'),
    amount: fc.integer({ min: -5, max: 60 }),
    paymentRef: fc.constantFrom('x', 'y'),
  },
  { requiredKeys: ['kind', 'method', 'amount'] },
)
test('whatever is appended, refunds by a method stay within what it captured and nothing goes below zero', () => {
  const taken = new Map<string, number>()
  fc.assert(
    fc.property(fc.array(anyEntry, { minLength: 10, maxLength: 60 }), fc.integer({ min: 0, max: 200 }), (wanted, total) => {
      let entries: readonly LedgerEntry[] = []
      for (const entry of wanted) {
        const outcome = appendPayment(entries, entry)
        if (outcome.status !== 'done') continue
        entries = outcome.value
        taken.set(entry.kind, (taken.get(entry.kind) ?? 0) + 1)
        const balance = balanceOf(entries)
        for (const one of balance.methods) {
          assert.ok(one.authorised >= 0 && one.refunded <= one.captured && one.chargedBack <= one.captured)
        }
        assert.ok(refundable(balance) >= 0 && refundable(balance) <= balance.captured)
        assert.equal(due(balance, total), total - balance.adjusted - balance.captured + balance.refunded + balance.chargedBack)
        const state = derivePaymentState(entries, total, true)
        if (state === 'paid' && balance.captured > 0) assert.equal(due(balance, total), 0)
        if (state === 'authorised') assert.ok(isCovered(balance, total))
        if (state === 'unpaid' || state === 'partPaid') assert.ok(!isCovered(balance, total))
      }
    }),
    { numRuns: 300 },
  )
  assert.equal(taken.size, 6, 'every kind of entry was taken at least once')
})
