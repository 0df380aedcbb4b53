import type { OrderInput } from '../../../contract/entities/order.ts'
import { type Refusal, refuse } from '../../kernel/outcome.ts'
import type { Instant } from '../../kernel/time.ts'
import { servesChannel } from '../availability/promisable.ts'
import { pickupTime } from '../promise/pickup-time.ts'
import type { ChannelPolicy, PlacementFacts } from './facts.ts'
import { isFullOf } from './full-days.ts'

/** Why the buyer cannot collect the order where it says: no such node, or one that gives nothing out to buyers of this channel. */
export function pickupRefusal({ pickup }: OrderInput, channel: ChannelPolicy, facts: PlacementFacts): Refusal | undefined {
  if (pickup === undefined) return undefined
  const at = { got: pickup.nodeId, pointer: '/pickup/nodeId' }
  const node = facts.nodeCalled(pickup.nodeId)?.doc
  if (node === undefined)
    return refuse('node_unknown', { en: `no node is called "${pickup.nodeId}"`, zh: `没有名为“${pickup.nodeId}”的节点` }, at)
  if (node.pickup !== undefined && node.closed !== true && servesChannel(node, channel)) return undefined
  return refuse(
    'pickup_unavailable',
    {
      en: `"${pickup.nodeId}" is closed, gives nothing out, or does not serve the channel`,
      zh: `“${pickup.nodeId}”已关闭、不开放自提，或不服务该渠道`,
    },
    at,
  )
}

/** Fills in the leg, at `at`, of an order that is collected at this node: ready when the node has it ready, for no freight. */
export function timePickup(now: Instant, facts: PlacementFacts, nodeNo: number, at: number): void {
  const { legs } = facts
  const time = pickupTime(facts.network, nodeNo, now, isFullOf(facts))
  legs.service[at] = -1
  legs.freight[at] = 0
  legs.co2eGrams[at] = 0
  legs.shipBy[at] = time?.readyAt ?? 0
  legs.deliverBy[at] = time?.readyAt ?? 0
  legs.shipDay[at] = time?.day ?? 0
}
