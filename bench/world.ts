import type { OrderInput } from '../contract/entities/order.ts'
import type { FactKind } from '../server/engine/memory.ts'
import { present } from '../server/kernel/assert.ts'
import type { City } from '../simulator/world/cities.ts'
import { CITIES } from './places.ts'
import { type Random, seededRandom } from './sourcing/random.ts'

/** The world: 2,000 items (Zipf 1.0), 127 centres and 432 front warehouses each stocking 30 % of them, 500 rules, buyers by population. */
export const ITEMS = 2000
const CENTRES = 127
const FRONTS = 432
export const NODES = CENTRES + FRONTS
const TAX_RULES = 250
const COMPLIANCE_RULES = 250
export const ACCOUNTS = 200
export const STOCKED_PERMILLE = 300
/** Chance of 1, 2, … 5 lines: mean 2.02. */
const LINES_SHARE = [0.45, 0.27, 0.14, 0.09, 0.05]
const ON_ACCOUNT = 0.1
export const CHANNEL = 'bench'
export const HOT_SKU = 'hot-1'
export const HOT_NODE = 'dc-1'

export type Facts = readonly { readonly fact: FactKind; readonly key: string; readonly docs: readonly Record<string, unknown>[] }[]

const picker = (weights: readonly number[]): ((random: Random) => number) => {
  const sums = new Float64Array(weights.length)
  let sum = 0
  weights.forEach((weight, i) => (sums[i] = sum += weight))
  return (random) => {
    const at = random() * sum
    let low = 0
    let high = sums.length - 1
    while (low < high) {
      const middle = (low + high) >> 1
      if ((sums[middle] ?? 0) > at) high = middle
      else low = middle + 1
    }
    return low
  }
}

const pickCity = picker(CITIES.map((city) => city.weight))
const pickItem = picker(Array.from({ length: ITEMS }, (_, i) => 1 / (i + 1)))
const pickLines = picker(LINES_SHARE)
const sku = (i: number): string => `sku-${String(i).padStart(4, '0')}`
const round = (value: number): number => Math.round(value * 1e4) / 1e4
/** A point within about `km` of a city. */
const near = (city: City, km: number, random: Random) => ({
  countryCode: 'CN',
  region: city.region,
  city: city.city,
  lat: round(city.lat + ((random() - 0.5) * km) / 55),
  lng: round(city.lng + ((random() - 0.5) * km) / 47),
})

export function worldFacts(seed: number): Facts {
  const random = seededRandom(seed)
  return [
    { fact: 'item', key: 'sku', docs: [...Array.from({ length: ITEMS }, (_, i) => item(i, random)), { sku: HOT_SKU, name: 'Hot item' }] },
    { fact: 'node', key: 'nodeId', docs: Array.from({ length: NODES }, (_, i) => node(i, random)) },
    { fact: 'channel', key: 'channelId', docs: [{ channelId: CHANNEL, platform: 'direct', name: 'Bench', currency: 'CNY' }] },
    { fact: 'taxRule', key: 'ruleId', docs: Array.from({ length: TAX_RULES }, (_, i) => taxRule(i)) },
    { fact: 'complianceRule', key: 'ruleId', docs: Array.from({ length: COMPLIANCE_RULES }, (_, i) => complianceRule(i)) },
    {
      fact: 'account',
      key: 'accountId',
      docs: Array.from({ length: ACCOUNTS }, (_, i) => ({
        accountId: `acc-${i}`,
        name: `Account ${i}`,
        currency: 'CNY',
        creditLimit: 9_000_000_000_000,
      })),
    },
  ]
}

function item(i: number, random: Random): Record<string, unknown> {
  const attributes = { fresh: i % 17 === 0, hazardous: i % 41 === 0, fragile: i % 13 === 0 }
  return { sku: sku(i), name: `商品 ${i}`, weightGrams: 100 + Math.floor(random() * 4000), taxClass: `class-${i % 12}`, attributes }
}

function node(i: number, random: Random): Record<string, unknown> {
  const isCentre = i < CENTRES
  const city = present(isCentre && i < CITIES.length ? CITIES[i] : CITIES[pickCity(random)], 'a city')
  return {
    nodeId: isCentre ? `dc-${i + 1}` : `fw-${i - CENTRES + 1}`,
    name: `${city.city}${isCentre ? '中心仓' : '前置仓'} ${i + 1}`,
    kind: isCentre ? 'dc' : 'frontWarehouse',
    place: near(city, isCentre ? 40 : 15, random),
    zone: 'Asia/Shanghai',
    cutOff: isCentre ? '18:00' : '21:00',
    handlingPerOrder: isCentre ? 150 : 220,
    handlingPerUnit: isCentre ? 20 : 30,
  }
}

const taxRule = (i: number): Record<string, unknown> => ({
  ruleId: `tax-${i}`,
  name: `Tax ${i}`,
  countryCode: 'CN',
  ratePpm: i % 3 === 0 ? 130_000 : 90_000,
  ...(i === 0 ? {} : { taxClass: `class-${i % 12}` }),
  ...(i < 13 ? {} : { region: present(CITIES[i % CITIES.length], 'a city').region }),
  ...(i % 4 === 0 && i > 13 ? { b2b: true } : {}),
})

/** Rules that some line of the world matches and meets, and rules for other places: none refuses, all are looked at. */
const complianceRule = (i: number): Record<string, unknown> => ({
  ruleId: `comply-${i}`,
  name: { en: `Rule ${i}` },
  action: 'refuse',
  match:
    i % 3 === 0
      ? { skus: [sku((i * 7) % ITEMS), sku((i * 11) % ITEMS)] }
      : i % 3 === 1
        ? { countryCode: 'CN', region: present(CITIES[i % CITIES.length], 'a city').region, taxClass: `class-${i % 12}` }
        : { countryCode: ['US', 'DE', 'JP', 'FR'][i % 4] },
  demand: i % 3 === 2 ? { forbid: true } : { maxQuantity: 100 },
})

/** Orders without end: the same seed and prefix, the same orders. */
export function orderSource(seed: number, prefix: string, lineCount?: number): () => OrderInput {
  const random = seededRandom(seed)
  let n = 0
  return () => {
    n += 1
    const city = present(CITIES[pickCity(random)], 'a city')
    const wanted = lineCount ?? pickLines(random) + 1
    const skus = new Set<number>()
    while (skus.size < wanted) skus.add(pickItem(random))
    const lines = [...skus].map((i, lineNo) => ({
      lineRef: String(lineNo + 1),
      sku: sku(i),
      quantity: random() < 0.8 ? 1 : 2,
      unitPrice: 990 + ((i * 137) % 90_000),
    }))
    return orderOf(`${prefix}-${n}`, city, lines, random)
  }
}

/** One-line orders of one item that a single node stocks: every buyer wants the same row. */
export function hotOrderSource(seed: number, prefix: string): () => OrderInput {
  const random = seededRandom(seed)
  let n = 0
  return () => {
    n += 1
    const city = present(CITIES[pickCity(random)], 'a city')
    return orderOf(`${prefix}-${n}`, city, [{ lineRef: '1', sku: HOT_SKU, quantity: 1, unitPrice: 9900 }], random, false)
  }
}

function orderOf(externalRef: string, city: City, lines: OrderInput['lines'], random: Random, mayUseAccount = true): OrderInput {
  const total = lines.reduce((sum, line) => sum + line.quantity * line.unitPrice, 0)
  const onAccount = mayUseAccount && random() < ON_ACCOUNT
  const phone = `138${String(Math.floor(random() * 1e8)).padStart(8, '0')}`
  return {
    channelId: CHANNEL,
    externalRef,
    placedAt: '2026-11-21T08:00:00Z',
    currency: 'CNY',
    customer: { name: '王芳', phone, customerRef: `c-${Math.floor(random() * 1e6)}` },
    shipTo: { ...near(city, 30, random), line1: `文三路 ${Math.floor(random() * 999)} 号`, district: '中心区' },
    lines,
    ...(onAccount
      ? { accountId: `acc-${Math.floor(random() * ACCOUNTS)}` }
      : { payments: [{ kind: 'capture', method: 'card', amount: total, paymentRef: `pay-${externalRef}` }] }),
  }
}
