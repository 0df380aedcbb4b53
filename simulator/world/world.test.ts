import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import { AccountInput } from '../../contract/entities/account.ts'
import { CalendarInput } from '../../contract/entities/calendar.ts'
import { CarrierInput } from '../../contract/entities/carrier.ts'
import { ChannelInput } from '../../contract/entities/channel.ts'
import { ComplianceRuleInput } from '../../contract/entities/compliance-rule.ts'
import { ItemInput } from '../../contract/entities/item.ts'
import { LaneInput } from '../../contract/entities/lane.ts'
import { NodeInput } from '../../contract/entities/node.ts'
import { RateInput } from '../../contract/entities/rate.ts'
import { StockCountInput, SupplyInput } from '../../contract/entities/stock.ts'
import { TaxRuleInput } from '../../contract/entities/tax-rule.ts'
import { CARRIERS, carriers, lanes, rates } from './carriers.ts'
import { channels } from './channels.ts'
import { CITIES } from './cities.ts'
import { LAUNCH } from './families.ts'
import { CENTRES, FRONTS } from './nodes.ts'
import { accounts, calendars, complianceRules, taxRules } from './rules.ts'
import { stockOf, supplyOf } from './stock.ts'
import { worldOf } from './world.ts'

const world = worldOf(1)
const NOW = Date.UTC(2026, 10, 20)
const counts = stockOf(1, world.nodes, world.items)

const facts: readonly (readonly [TSchema, readonly unknown[]])[] = [
  [AccountInput, accounts(1)],
  [CalendarInput, calendars()],
  [CarrierInput, carriers()],
  [ChannelInput, channels(1)],
  [ComplianceRuleInput, complianceRules()],
  [ItemInput, world.items.map(({ item }) => item)],
  [LaneInput, lanes()],
  [NodeInput, world.nodes],
  [RateInput, rates()],
  [StockCountInput, counts.slice(0, 2000)],
  [SupplyInput, supplyOf(1, world.nodes, world.items, NOW)],
  [TaxRuleInput, taxRules()],
]

test('every fact of the world is one that the hub takes', () => {
  for (const [schema, rows] of facts) {
    const check = Compile(schema)
    assert.ok(rows.length > 0)
    assert.deepEqual(
      rows.filter((row) => !check.Check(row)),
      [],
    )
  }
})

test('the world has its 2,000 items, 127 centres, 432 front warehouses, 12 carriers and 6 channels, each under a name of its own', () => {
  assert.equal(world.items.length, 2000)
  assert.equal(new Set(world.items.map(({ item }) => item.sku)).size, 2000)
  assert.equal(new Set(world.items.map(({ item }) => item.name)).size, 2000)
  assert.equal(world.nodes.filter((node) => node.kind === 'dc').length, CENTRES)
  assert.equal(world.nodes.filter((node) => node.kind === 'frontWarehouse').length, FRONTS)
  assert.deepEqual([CENTRES, FRONTS, CARRIERS, carriers().length, channels(1).length], [127, 432, 12, 12, 6])
})

test('items are fresh, cold, fragile, hazardous, bulky, digital and made to order, and each but the digital ones lies somewhere', () => {
  const stocked = new Set(counts.map(({ sku }) => sku))
  const supplied = new Set(supplyOf(1, world.nodes, world.items, NOW).map(({ sku }) => sku))
  for (const name of ['fresh', 'coldChain', 'fragile', 'hazardous', 'bulky', 'digital', 'madeToOrder'])
    assert.ok(world.items.filter(({ item }) => item.attributes?.[name] === true).length >= 40, name)
  assert.deepEqual(
    world.items
      .filter(({ item }) => (stocked.has(item.sku) || supplied.has(item.sku)) === (item.attributes?.['digital'] === true))
      .map(({ item }) => item.sku),
    [],
  )
})

test('every item has a barcode of its own: an EAN-13 whose check digit is right', () => {
  const codes = world.items.flatMap(({ item }) => item.barcodes ?? [])
  assert.equal(new Set(codes).size, world.items.length)
  for (const code of codes) {
    const weighed = Array.from(code).reduce((sum, digit, i) => sum + Number(digit) * (i % 2 === 0 ? 1 : 3), 0)
    assert.ok(/^690\d{10}$/.test(code) && weighed % 10 === 0, code)
  }
})

test('one channel sells what is not out yet for a deposit, and that comes in two lots; one has its open orders planned again', () => {
  const lots = supplyOf(1, world.nodes, world.items, NOW).filter(({ sku }) => sku.startsWith(LAUNCH))
  assert.equal(lots.length, 24)
  assert.ok(lots.every(({ availableAt }) => Date.parse(availableAt) >= NOW + 2 * 86_400_000))
  assert.equal(channels(1).filter(({ preOrder }) => preOrder !== undefined).length, 1)
  assert.equal(channels(1).filter(({ replanMinutes }) => replanMinutes !== undefined).length, 1)
})

test('every service that a node names is sold by a carrier', () => {
  const sold = new Set(carriers().flatMap((carrier) => carrier.services.map((service) => `${carrier.carrierId}/${service.serviceId}`)))
  const named = world.nodes.flatMap((node) => (node.services ?? []).map((one) => `${one.carrierId}/${one.serviceId}`))
  assert.ok(named.length > 1000)
  assert.deepEqual(
    [...new Set(named)].filter((one) => !sold.has(one)),
    [],
  )
})

test('cities lie in China, each once', () => {
  assert.ok(CITIES.length > CENTRES)
  assert.equal(new Set(CITIES.map((one) => `${one.region}/${one.city}`)).size, CITIES.length)
  for (const { lat, lng, weight, city } of CITIES) assert.ok(lat > 18 && lat < 54 && lng > 73 && lng < 136 && weight > 0, city)
})

test('the same seed makes the same world, another seed another one', () => {
  assert.deepEqual(worldOf(1).nodes, world.nodes)
  assert.deepEqual(stockOf(1, world.nodes, world.items), counts)
  assert.notDeepEqual(worldOf(2).nodes, world.nodes)
})
