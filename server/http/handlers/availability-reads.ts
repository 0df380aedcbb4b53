import type { Static } from 'typebox'
import type { Availability } from '../../../contract/capabilities/stock.ts'
import type { PromiseOptions } from '../../../contract/entities/promise.ts'
import { QUANTITY_MAX } from '../../../contract/entities/basics.ts'
import type { Principal } from '../../domain/access/principal.ts'
import { canSeeChannel, canSeeNode } from '../../domain/access/scope.ts'
import { saleEnded } from '../../domain/availability/for-sale.ts'
import {
  bufferOf,
  type ChannelShare,
  type ComponentUnits,
  promisable,
  servesChannel,
  wholeUnits,
} from '../../domain/availability/promisable.ts'
import { demandsOf } from '../../domain/placement/demand.ts'
import { isDigitalItem } from '../../domain/placement/digital-line.ts'
import type { SupplyAt } from '../../domain/promise/demand.ts'
import { quotePickup } from '../../domain/promise/quote-pickup.ts'
import { quotePromise } from '../../domain/promise/quote.ts'
import type { Memory, SupplyFact } from '../../engine/memory.ts'
import { done, refuse } from '../../kernel/outcome.ts'
import { instant, parseInstant, toIso, type Instant } from '../../kernel/time.ts'
import type { Handlers } from '../handler.ts'
import { instantIn, type ReadDeps } from './read-deps.ts'

/** What can be promised: of one item now, and of a basket by dates. Both see only nodes of the scope that serve the channel. */
/** What is past cannot be promised: such a question is asked as of now. */
const askedAt = (now: Instant, at: string | undefined): Instant =>
  at === undefined ? now : instant(Math.max(now, instantIn('at', at, 'body_invalid')))

export function availabilityReadHandlers(deps: ReadDeps): Pick<Handlers, 'availability.get' | 'promise.options'> {
  const { memory, facts } = deps
  return {
    'availability.get': async ({ principal }, { query }) => {
      const channelId = query.channelId ?? ownChannel(principal)
      const channel = channelId === undefined ? undefined : memory.channels.get(channelId)?.doc
      if (channelId !== undefined && (channel === undefined || !canSeeChannel(principal.scope, channelId))) return channelUnknown(channelId)
      if (!memory.items.has(query.sku))
        return refuse(
          'item_unknown',
          { en: `there is no item "${query.sku}"`, zh: `没有商品“${query.sku}”` },
          { pointer: '/sku', got: query.sku },
        )
      const sees = (nodeNo: number): boolean =>
        // What lies where nothing is sent out is there for who asks for that node.
        (query.nodeId === undefined
          ? memory.nodeByNo[nodeNo]?.doc.ships !== false
          : memory.nodeByNo[nodeNo]?.doc.nodeId === query.nodeId) && mayPromise(memory, principal, channel, nodeNo)
      return done(availabilityOf(deps, query.sku, channel, sees, principal))
    },

    'promise.options': async ({ principal }, { body }) => {
      const channelId = body.channelId ?? ownChannel(principal)
      const channel = channelId === undefined ? undefined : memory.channels.get(channelId)?.doc
      if (channelId !== undefined && (channel === undefined || !canSeeChannel(principal.scope, channelId))) return channelUnknown(channelId)
      const { shipTo, pickup } = body
      if ((shipTo === undefined) === (pickup === undefined))
        return refuse(
          'order_contradictory',
          { en: 'expected either an address or a node where the buyer collects the order', zh: '收货地址与自提节点须二选一' },
          { pointer: '/shipTo' },
        )
      const ended = endedOf(deps, body.lines, channel)
      if (ended !== undefined) return done(ended)
      const asked = {
        network: facts.network,
        lines: body.lines,
        now: askedAt(deps.now(), body.at),
        channelId,
        ...(channel?.nodes === undefined ? {} : { channelNodes: channel.nodes }),
        itemOf: (sku: string) => memory.items.get(sku)?.doc,
        supplyOf: (sku: string) => supplyFor(memory, principal, channel, sku),
        isFull: (nodeNo: number, day: number) =>
          facts.capacityUsed(nodeNo, day) >= (memory.nodeByNo[nodeNo]?.doc.capacityPerDay ?? Infinity),
      }
      if (pickup !== undefined) return done(quotePickup(asked, pickup.nodeId))
      const options = quotePromise({ ...asked, place: shipTo ?? { countryCode: '' } })
      if (!isOutsider(principal)) return done(options)
      // Which nodes the firm ships from is its own business.
      return done({ ...options, options: options.options.map((option) => ({ ...option, nodeIds: [], shipments: [] })) })
    },
  }
}

/** No option, and why: the channel or one of the items is not sold any more. */
function endedOf(
  { memory, now }: ReadDeps,
  lines: readonly { readonly sku: string; readonly quantity: number }[],
  channel: { readonly closed?: boolean } | undefined,
): PromiseOptions | undefined {
  const ended = lines.filter(({ sku }) => saleEnded(memory.items.get(sku)?.doc, channel) !== undefined)
  if (ended.length === 0) return undefined
  const asOf = toIso(now())
  if (channel?.closed === true) return { asOf, options: [], reason: 'channel_closed' }
  return { asOf, options: [], reason: 'item_discontinued', missing: ended.map(({ sku, quantity }) => ({ sku, quantity })) }
}

const channelUnknown = (channelId: string) =>
  refuse(
    'channel_unknown',
    { en: `there is no channel "${channelId}" within your scope`, zh: `您的范围内没有渠道“${channelId}”` },
    { pointer: '/channelId', got: channelId },
  )

const isOutsider = ({ role, scope }: Principal): boolean =>
  role === 'customer' || role === 'carrier' || scope.customer !== undefined || scope.carriers !== undefined

/** Who is limited to one channel asks for it, also without saying so: its buffer is kept for the others. */
function ownChannel({ scope }: Principal): string | undefined {
  if (scope.customer !== undefined && 'channelId' in scope.customer) return scope.customer.channelId
  return scope.channels?.length === 1 ? scope.channels[0] : undefined
}

function mayPromise(memory: Memory, { scope }: Principal, channel: ChannelShare | undefined, nodeNo: number): boolean {
  const node = memory.nodeByNo[nodeNo]?.doc
  return node !== undefined && canSeeNode(scope, node.nodeId) && servesChannel(node, channel)
}

function availabilityOf(
  { memory, facts, now }: ReadDeps,
  sku: string,
  channel: (ChannelShare & { readonly closed?: boolean }) | undefined,
  sees: (nodeNo: number) => boolean,
  principal: Principal,
): Static<typeof Availability> {
  const sold = facts.item(sku)
  if (saleEnded(sold?.doc, channel) !== undefined) return { sku, available: 0, nodes: [], asOf: toIso(now()) }
  if (sold !== undefined && isDigitalItem(sold, facts))
    return { sku, available: QUANTITY_MAX, isDigital: true, nodes: [], asOf: toIso(now()) }
  const components = demandsOf([{ lineNo: 0, sku, units: 1 }], facts).map(({ item, perUnit }): ComponentUnits => {
    const buffer = bufferOf(channel, item.doc.sku)
    const unitsAt = new Map<number, number>()
    memory.availability.forEachNode(item.itemNo, (nodeNo, available) => {
      if (sees(nodeNo)) unitsAt.set(nodeNo, promisable(available, buffer))
    })
    return { perUnit, unitsAt }
  })
  const { total, perNode } = wholeUnits(components)
  const asOf = toIso(now())
  if (isOutsider(principal)) return { sku, available: total, nodes: [], asOf }
  const supply = supplyByNode(memory, sku, sees)
  const nodeNos = [...new Set([...perNode.keys(), ...supply.keys()])]
  const nodes = nodeNos.map((nodeNo) => ({
    nodeId: memory.nodeIdOf(nodeNo),
    available: perNode.get(nodeNo) ?? 0,
    supply: supply.get(nodeNo) ?? [],
  }))
  return { sku, available: total, nodes, asOf }
}

/** Units of dated supply that nobody has yet. */
const openUnits = ({ doc, reserved }: SupplyFact): number => Math.max(0, doc.quantity - (doc.received ?? 0) - reserved)

function supplyByNode(memory: Memory, sku: string, sees: (nodeNo: number) => boolean) {
  const byNode = new Map<number, { availableAt: string; quantity: number }[]>()
  const itemNo = memory.items.get(sku)?.itemNo
  for (const fact of itemNo === undefined ? [] : (memory.supplyOfItem.get(itemNo) ?? [])) {
    const quantity = openUnits(fact)
    if (quantity === 0 || !sees(fact.nodeNo)) continue
    const at = parseInstant(fact.doc.availableAt)
    const row = { availableAt: at === undefined ? fact.doc.availableAt : toIso(at), quantity }
    byNode.set(fact.nodeNo, [...(byNode.get(fact.nodeNo) ?? []), row])
  }
  for (const rows of byNode.values()) rows.sort((a, b) => (a.availableAt < b.availableAt ? -1 : 1))
  return byNode
}

/** What each node can promise the channel: now, and from the dates of its supply on. */
function supplyFor(memory: Memory, principal: Principal, channel: ChannelShare | undefined, sku: string): SupplyAt[] {
  const itemNo = memory.items.get(sku)?.itemNo
  if (itemNo === undefined) return []
  const buffer = bufferOf(channel, sku)
  const sees = (nodeNo: number): boolean => mayPromise(memory, principal, channel, nodeNo)
  const supply: SupplyAt[] = []
  memory.availability.forEachNode(itemNo, (nodeNo, available) => {
    const units = promisable(available, buffer)
    if (units > 0 && sees(nodeNo)) supply.push({ nodeNo, units })
  })
  for (const fact of memory.supplyOfItem.get(itemNo) ?? []) {
    const at: Instant | undefined = parseInstant(fact.doc.availableAt)
    const units = openUnits(fact)
    if (at !== undefined && units > 0 && sees(fact.nodeNo)) supply.push({ nodeNo: fact.nodeNo, units, at })
  }
  return supply
}
