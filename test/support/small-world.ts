import type { OrderInput } from '../../contract/entities/order.ts'
import type { Hub } from '../../server/engine/hub.ts'
import { countStock, putFacts } from './read-hub.ts'

export const CHANNELS = ['shop-cn', 'shop-eu', 'b2b'] as const
export const NODES = ['sh-1', 'gz-1', 'bj-1'] as const
export const CARRIERS = ['sf', 'yto'] as const
export const SKUS = ['tea-500', 'cup-1', 'set-1'] as const
const PLACES = [
  { countryCode: 'CN', region: '上海', city: '上海', lat: 31.23, lng: 121.47 },
  { countryCode: 'CN', region: '广东', city: '广州', lat: 23.13, lng: 113.26 },
  { countryCode: 'CN', region: '北京', city: '北京', lat: 39.9, lng: 116.4 },
]
export const PEOPLE = [
  { name: '王芳', phone: '13800000000', email: 'fang@example.com' },
  { name: 'Jan Novák', phone: '13911112222', email: 'jan@example.com' },
  { name: '李小龙', phone: '13712345678', email: 'long@example.com' },
]

/** Three channels, nodes and buyers, two carriers that each serve some nodes, a bundle, an account and dated supply. */
export async function fillWorld(hub: Hub): Promise<void> {
  await putFacts(hub, 'item', 'sku', [
    { sku: 'tea-500', name: '龙井茶', weightGrams: 520 },
    { sku: 'cup-1', name: 'Cup', weightGrams: 200 },
    {
      sku: 'set-1',
      name: 'Set',
      components: [
        { sku: 'tea-500', quantity: 1 },
        { sku: 'cup-1', quantity: 2 },
      ],
    },
  ])
  await putFacts(
    hub,
    'carrier',
    'carrierId',
    CARRIERS.map((carrierId) => ({ carrierId, name: carrierId, services: [{ serviceId: 'std', name: 'Standard', mode: 'road' }] })),
  )
  await putFacts(
    hub,
    'node',
    'nodeId',
    NODES.map((nodeId, i) => ({
      nodeId,
      name: `Node ${nodeId}`,
      kind: 'dc',
      place: PLACES[i],
      zone: 'Asia/Shanghai',
      services: [{ carrierId: CARRIERS[i % 2], serviceId: 'std' }],
    })),
  )
  await putFacts(hub, 'channel', 'channelId', [
    { channelId: 'shop-cn', platform: 'direct', name: '中国店', sealedSecret: 'wrapped.sealed', buffer: 5, shortage: 'review' },
    { channelId: 'shop-eu', platform: 'direct', name: 'EU shop', shortage: 'review' },
    { channelId: 'b2b', platform: 'direct', name: 'B2B', shortage: 'review' },
  ])
  await putFacts(hub, 'account', 'accountId', [{ accountId: 'acme', name: 'ACME', currency: 'CNY', creditLimit: 100_000_000 }])
  await countStock(
    hub,
    NODES.flatMap((nodeId, i) => [
      { sku: 'tea-500', nodeId, onHand: 1000 - i * 400 },
      { sku: 'cup-1', nodeId, onHand: 500 },
    ]),
  )
  await putFacts(hub, 'supply', 'supplyId', [
    { supplyId: 'po-1', sku: 'tea-500', nodeId: 'gz-1', kind: 'purchaseOrder', quantity: 40, availableAt: '2026-12-24T08:00:00+08:00' },
  ])
}

/** The nth order of a fixed, varied sequence: channels, buyers, places, accounts and payments take turns. */
export function nthOrder(n: number): OrderInput {
  const channelId = CHANNELS[n % 3] ?? 'b2b'
  const person = PEOPLE[n % PEOPLE.length]
  const onAccount = channelId === 'b2b'
  const quantity = 1 + (n % 3)
  return {
    channelId,
    externalRef: `R-${n}`,
    placedAt: new Date(Date.UTC(2026, 9, 1 + (n % 28), 8)).toISOString(),
    currency: 'CNY',
    customer: { ...person, customerRef: `C${n % 4}` },
    ...(onAccount ? { accountId: 'acme' } : {}),
    shipTo: {
      ...(PLACES[n % 3] ?? { countryCode: 'CN' }),
      line1: `文三路 ${n} 号`,
      name: '收件人',
      phone: '13600000000',
      district: '西湖区',
    },
    lines: [{ lineRef: '1', sku: SKUS[n % 3] ?? 'cup-1', quantity, unitPrice: 12_800 }],
    ...(n % 4 === 0 || onAccount ? {} : { payments: [{ kind: 'capture', method: 'card', amount: quantity * 12_800 }] }),
    note: `请放门口 ${n}`,
  }
}
