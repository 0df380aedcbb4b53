import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Trade } from '../../../test/support/trade.ts'

const HERE = { countryCode: 'CN', city: '杭州', lat: 30.27, lng: 120.16 }

/** Freight grows by the started half kilogram: what the small thing adds is a whole step. */
test('a heavy and a light thing that one node has leave in one parcel, though the light one begins a new step of the tariff', () => {
  const trade = new Trade()
  trade.put('item', 'heavy', { sku: 'heavy', name: 'heavy', weightGrams: 1900 })
  trade.put('item', 'light', { sku: 'light', name: 'light', weightGrams: 101 })
  for (const nodeId of ['one', 'other', 'third']) trade.node(nodeId, 'CN', { place: HERE })
  trade.channel('shop', { requiresPayment: false })
  trade.stock('heavy', 'one', 100)
  trade.stock('light', 'one', 1)
  trade.stock('heavy', 'other', 1)
  trade.stock('light', 'other', 100)
  trade.stock('heavy', 'third', 2)
  const { state } = trade.place(
    trade.order([
      { sku: 'heavy', quantity: 1 },
      { sku: 'light', quantity: 1 },
    ]),
  )
  assert.equal(state.fulfillmentOrders.length, 1)
})
