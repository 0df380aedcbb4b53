import { Type } from 'typebox'
import { defineCapability } from '../capability.ts'
import { closed, InstantText, Ref } from '../entities/basics.ts'
import { BulkResult, pageOf, pageQuery } from '../entities/page.ts'
import { Stock, StockAdjustmentInput, StockCountInput } from '../entities/stock.ts'

/** What one item can promise at one node: now, and what dated supply adds. */
export const NodeAvailability = Type.Object({
  nodeId: Ref,
  available: Type.Integer(),
  supply: Type.Array(Type.Object({ availableAt: InstantText, quantity: Type.Integer() })),
})
export const Availability = Type.Object({
  sku: Ref,
  /** Units that can be promised now over all nodes the caller may see. */
  available: Type.Integer(),
  /** It lies nowhere and never runs out: `available` is the most that a line may ask for. */
  isDigital: Type.Optional(Type.Literal(true)),
  nodes: Type.Array(NodeAvailability),
  /** Business time at which this was true. */
  asOf: InstantText,
})

export const stockList = [
  defineCapability({
    name: 'stock.count',
    method: 'PUT',
    path: '/v1/stock',
    kind: 'write',
    permission: 'stock.write',
    summary: { en: 'Set absolute stock counts', zh: '写入库存盘点数' },
    description: {
      en: 'Moves that happened after `countedAt` are applied again on top of the count.',
      zh: '`countedAt` 之后发生的库存变动会在盘点数之上重新计入。',
    },
    rows: { item: StockCountInput, key: ['sku', 'nodeId'] },
    output: { 200: BulkResult },
    outcomes: [],
    slaMs: 2000,
  }),
  defineCapability({
    name: 'stock.adjust',
    method: 'POST',
    path: '/v1/stock/adjustments',
    kind: 'write',
    permission: 'stock.write',
    summary: { en: 'Record relative stock changes', zh: '登记库存增减' },
    rows: { item: StockAdjustmentInput, key: ['sku', 'nodeId'] },
    output: { 200: BulkResult },
    outcomes: [],
    slaMs: 2000,
  }),
  defineCapability({
    name: 'stock.list',
    method: 'GET',
    path: '/v1/stock',
    kind: 'read',
    permission: 'stock.read',
    summary: { en: 'List stock by item and node', zh: '按商品和节点列出库存' },
    query: Type.Object({ ...pageQuery(1000), sku: Type.Optional(Ref), nodeId: Type.Optional(Ref) }, closed),
    output: { 200: pageOf(Stock) },
    outcomes: [],
    slaMs: 200,
  }),
  defineCapability({
    name: 'availability.get',
    method: 'GET',
    path: '/v1/availability',
    kind: 'read',
    permission: 'availability.read',
    summary: { en: 'What can be promised of one item', zh: '查询单个商品的可承诺量' },
    query: Type.Object({ sku: Ref, channelId: Type.Optional(Ref), nodeId: Type.Optional(Ref) }, closed),
    output: { 200: Availability },
    outcomes: ['item_unknown', 'channel_unknown'],
    slaMs: 20,
  }),
] as const
