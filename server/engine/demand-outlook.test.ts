import assert from 'node:assert/strict'
import { test } from 'node:test'
import { instant } from '../kernel/time.ts'
import type { StoredLogRow } from '../store/log-pages.ts'
import { DemandOutlook } from './demand-outlook.ts'
import type { FactsView } from './facts-view.ts'
import type { Memory } from './memory.ts'

const NOW = instant(1_795_000_000_000)
const shipTo = { countryCode: 'CN', city: '杭州', lat: 30.27, lng: 120.16 }

/** Rows of a batch: an order of so many units each, with what else its decision wrote between them. */
function batch(orders: number, quantity: number, looked: () => void = () => undefined): StoredLogRow[] {
  return Array.from({ length: orders }, () => [
    {
      type: 'order.received',
      occurredAt: NOW,
      get data() {
        looked()
        return { shipTo, lines: [{ sku: 'tea', quantity }] }
      },
    },
    { type: 'order.accepted', occurredAt: NOW, data: {} },
  ]).flat() as unknown as StoredLogRow[]
}
// What is heard needs neither facts nor memory.
const outlook = (): DemandOutlook => new DemandOutlook({} as Memory, {} as FactsView, () => NOW)

for (const orders of [1, 15, 16, 17, 33, 250])
  test(`${orders} like orders at once are expected as the units they asked for`, () => {
    const watched = outlook()
    watched.hear(batch(orders, 3))
    assert.equal(watched.expected('tea'), orders * 3)
  })

test('of a large batch few orders are looked at', () => {
  let looked = 0
  outlook().hear(batch(500, 1, () => (looked += 1)))
  assert.ok(looked <= 16, `${looked} were looked at`)
})
