import { type TProperties, Type, type TSchema } from 'typebox'
import { defineCapability, type Bilingual } from '../capability.ts'
import { Account, AccountInput } from '../entities/account.ts'
import { Calendar, CalendarInput } from '../entities/calendar.ts'
import { Carrier, CarrierInput } from '../entities/carrier.ts'
import { Channel, ChannelInput } from '../entities/channel.ts'
import { ComplianceRule, ComplianceRuleInput } from '../entities/compliance-rule.ts'
import { EmissionFactor, EmissionFactorInput } from '../entities/emission-factor.ts'
import { Item, ItemInput } from '../entities/item.ts'
import { Lane, LaneInput } from '../entities/lane.ts'
import { Node, NodeInput } from '../entities/node.ts'
import { BulkResult, pageOf, pageQuery } from '../entities/page.ts'
import { Rate, RateInput } from '../entities/rate.ts'
import { Ref } from '../entities/basics.ts'
import { Supply, SupplyInput } from '../entities/stock.ts'
import { TaxRule, TaxRuleInput } from '../entities/tax-rule.ts'

/** At most this many rows in one bulk write. */
export const BULK_ROWS_MAX = 10_000

type Fact<N extends string, P extends string, K extends string, I extends TSchema, O extends TSchema, Q extends TProperties> = {
  readonly noun: N
  readonly path: P
  readonly key: K
  readonly input: I
  readonly output: O
  readonly title: Bilingual
  /** What the list may be asked for beside a page. */
  readonly query?: Q
}

/** The three capabilities of a fact that other systems own: bulk write, list, read. */
function factCapabilities<
  const N extends string,
  const P extends string,
  const K extends string,
  const I extends TSchema,
  const O extends TSchema,
  const Q extends TProperties = Record<never, never>,
>(fact: Fact<N, P, K, I, O, Q>) {
  const params = Type.Object({ [fact.key]: Ref } as { readonly [X in K]: typeof Ref })
  return [
    defineCapability({
      name: `${fact.noun}.put` as `${N}.put`,
      method: 'PUT',
      path: `/v1/${fact.path}` as `/v1/${P}`,
      kind: 'write',
      permission: 'facts.write',
      summary: { en: `Create or replace ${fact.title.en}`, zh: `创建或替换${fact.title.zh}` },
      rows: { item: fact.input, key: [fact.key] },
      output: { 200: BulkResult },
      outcomes: [],
      slaMs: 2000,
    }),
    defineCapability({
      name: `${fact.noun}.list` as `${N}.list`,
      method: 'GET',
      path: `/v1/${fact.path}` as `/v1/${P}`,
      kind: 'read',
      permission: 'facts.read',
      summary: { en: `List ${fact.title.en}`, zh: `列出${fact.title.zh}` },
      query: Type.Object({ ...pageQuery(1000), ...((fact.query ?? {}) as Q) }, { additionalProperties: false }),
      output: { 200: pageOf(fact.output) },
      outcomes: [],
      slaMs: 200,
    }),
    defineCapability({
      name: `${fact.noun}.get` as `${N}.get`,
      method: 'GET',
      path: `/v1/${fact.path}/{${fact.key}}` as `/v1/${P}/{${K}}`,
      kind: 'read',
      permission: 'facts.read',
      summary: { en: `Read one of the ${fact.title.en}`, zh: `读取单个${fact.title.zh}` },
      params,
      output: { 200: fact.output },
      outcomes: [],
      slaMs: 50,
    }),
  ] as const
}

export const factList = [
  ...factCapabilities({
    noun: 'item',
    path: 'items',
    key: 'sku',
    input: ItemInput,
    output: Item,
    title: { en: 'items', zh: '商品' },
    query: {
      /** Part of the SKU, of a name or of a channel's code. A page may be short or empty and still have a `next`. */
      q: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
    },
  }),
  ...factCapabilities({ noun: 'node', path: 'nodes', key: 'nodeId', input: NodeInput, output: Node, title: { en: 'nodes', zh: '节点' } }),
  ...factCapabilities({
    noun: 'channel',
    path: 'channels',
    key: 'channelId',
    input: ChannelInput,
    output: Channel,
    title: { en: 'channels', zh: '渠道' },
  }),
  ...factCapabilities({
    noun: 'carrier',
    path: 'carriers',
    key: 'carrierId',
    input: CarrierInput,
    output: Carrier,
    title: { en: 'carriers and their services', zh: '承运商及服务' },
  }),
  ...factCapabilities({
    noun: 'lane',
    path: 'lanes',
    key: 'laneId',
    input: LaneInput,
    output: Lane,
    title: { en: 'lanes', zh: '线路时效' },
  }),
  ...factCapabilities({
    noun: 'rate',
    path: 'rates',
    key: 'rateId',
    input: RateInput,
    output: Rate,
    title: { en: 'freight rates', zh: '运价' },
  }),
  ...factCapabilities({
    noun: 'calendar',
    path: 'calendars',
    key: 'calendarId',
    input: CalendarInput,
    output: Calendar,
    title: { en: 'calendars', zh: '工作日历' },
  }),
  ...factCapabilities({
    noun: 'account',
    path: 'accounts',
    key: 'accountId',
    input: AccountInput,
    output: Account,
    title: { en: 'accounts', zh: '信用账户' },
  }),
  ...factCapabilities({
    noun: 'taxRule',
    path: 'tax-rules',
    key: 'ruleId',
    input: TaxRuleInput,
    output: TaxRule,
    title: { en: 'tax rules', zh: '税率规则' },
  }),
  ...factCapabilities({
    noun: 'complianceRule',
    path: 'compliance-rules',
    key: 'ruleId',
    input: ComplianceRuleInput,
    output: ComplianceRule,
    title: { en: 'compliance rules', zh: '合规规则' },
  }),
  ...factCapabilities({
    noun: 'emissionFactor',
    path: 'emission-factors',
    key: 'factorId',
    input: EmissionFactorInput,
    output: EmissionFactor,
    title: { en: 'emission factors', zh: '排放因子' },
  }),
  ...factCapabilities({
    noun: 'supply',
    path: 'supply',
    key: 'supplyId',
    input: SupplyInput,
    output: Supply,
    title: { en: 'dated supply', zh: '在途与预计到货' },
  }),
] as const
