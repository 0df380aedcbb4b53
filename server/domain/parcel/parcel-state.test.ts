import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { parcelStates, scanMeanings, type ParcelStateName, type ScanMeaning } from '../../../contract/entities/scan.ts'
import { DAY, HOUR, instant } from '../../kernel/time.ts'
import { parcelMachine } from './parcel-machine.ts'
import { standingOf } from './parcel-state.ts'
import type { ScanMark } from './scan-mark.ts'

const scan = (meaning: ScanMeaning, hour: number, precision: ScanMark['precision'] = 'instant'): ScanMark => ({
  key: `${meaning}@${hour}`,
  meaning,
  occurredAt: instant(100 * DAY + hour * HOUR),
  precision,
})

const cases: readonly (readonly [what: string, scans: readonly ScanMark[], state: ParcelStateName])[] = [
  ['no scan', [], 'created'],
  ['a label', [scan('announced', 0)], 'labelled'],
  [
    'the usual way',
    [
      scan('announced', 0),
      scan('collected', 1),
      scan('departed', 2),
      scan('arrived', 9),
      scan('outForDelivery', 20),
      scan('delivered', 22),
    ],
    'delivered',
  ],
  ['a label that is told after the collection', [scan('collected', 1), scan('announced', 2)], 'collected'],
  ['a depot that reports after the delivery', [scan('delivered', 5), scan('arrived', 6)], 'delivered'],
  [
    'an attempt that failed and one that did not',
    [scan('outForDelivery', 1), scan('attemptFailed', 2), scan('outForDelivery', 30), scan('delivered', 31)],
    'delivered',
  ],
  ['an attempt that failed', [scan('outForDelivery', 1), scan('attemptFailed', 2)], 'failed'],
  ['back at the depot after a failed attempt', [scan('attemptFailed', 2), scan('arrived', 3)], 'inTransit'],
  ['held by customs', [scan('collected', 1), scan('customsHeld', 3)], 'inTransit'],
  ['waiting at a pick-up point', [scan('arrived', 1), scan('readyForPickup', 3)], 'outForDelivery'],
  ['lost and found', [scan('collected', 1), scan('lost', 90), scan('arrived', 120)], 'inTransit'],
  ['lost', [scan('collected', 1), scan('lost', 90)], 'lost'],
  ['on its way back', [scan('undeliverable', 1), scan('returning', 2), scan('arrived', 3), scan('outForDelivery', 4)], 'failed'],
  ['delivered to its sender', [scan('returning', 2), scan('arrived', 3), scan('delivered', 4)], 'returned'],
  ['refused after it was delivered', [scan('delivered', 2), scan('returning', 3), scan('returned', 9)], 'returned'],
  ['delivered "on that day", out for delivery at nine', [scan('delivered', 0, 'day'), scan('outForDelivery', 9)], 'delivered'],
  ['collected "on that day", departed at nine', [scan('departed', 9), scan('collected', 0, 'day')], 'inTransit'],
  ['delivered "on that day", a depot the next morning', [scan('delivered', 0, 'day'), scan('arrived', 30)], 'delivered'],
  ['an unknown code', [scan('collected', 1), { key: 'x', occurredAt: instant(200 * DAY), precision: 'instant' }], 'collected'],
  ['information', [scan('delivered', 1), scan('noted', 2)], 'delivered'],
]
for (const [what, scans, state] of cases)
  test(`${what}: ${state}`, () => {
    assert.equal(standingOf(scans).state, state)
    assert.equal(standingOf([...scans].reverse()).state, state, 'newest first')
  })

test('what cannot be true beside a delivery is named, and changes nothing', () => {
  const { contradictory, deliveredAt } = standingOf([scan('delivered', 5), scan('arrived', 6), scan('noted', 7), scan('delivered', 8)])
  assert.deepEqual([contradictory, deliveredAt], [['arrived@6'], 100 * DAY + 5 * HOUR])
})

test('a code that becomes known replaces its unknown reading', () => {
  const known = scan('delivered', 5)
  const unknown: ScanMark = { key: known.key, occurredAt: known.occurredAt, precision: 'instant' }
  assert.equal(standingOf([unknown]).state, 'created')
  assert.equal(standingOf([known, unknown]).state, 'delivered')
  assert.equal(standingOf([unknown, known]).state, 'delivered')
})

const anyScan = fc.record(
  {
    key: fc.integer({ min: 0, max: 12 }).map(String),
    meaning: fc.constantFrom(...scanMeanings),
    occurredAt: fc.integer({ min: 0, max: 60 }).map((hour) => instant(hour * HOUR)),
    precision: fc.constantFrom('instant' as const, 'day' as const),
  },
  { requiredKeys: ['key', 'occurredAt', 'precision'] },
)
test('any order and any repetition of the same scans gives the same standing', () => {
  const shuffled = fc
    .array(anyScan, { maxLength: 12 })
    .chain((scans) =>
      fc.tuple(
        fc.constant(scans),
        fc.shuffledSubarray(scans, { minLength: scans.length }),
        fc.array(fc.nat({ max: Math.max(0, scans.length - 1) }), { maxLength: 6 }),
      ),
    )
  fc.assert(
    fc.property(shuffled, ([scans, other, again]) => {
      const repeated = [...other, ...again.flatMap((i) => scans[i] ?? [])]
      assert.deepEqual(standingOf(repeated), standingOf(scans))
    }),
    { numRuns: 2000 },
  )
})

test('the machine has no state that cannot be reached, and leads nowhere outside', () => {
  const reached = new Set<ParcelStateName>(['created'])
  for (let before = 0; before !== reached.size;) {
    before = reached.size
    for (const state of reached) for (const next of Object.values(parcelMachine[state])) reached.add(next)
  }
  assert.deepEqual([...reached].sort(), [...parcelStates].sort())
})
