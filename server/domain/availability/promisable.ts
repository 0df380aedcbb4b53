import type { ChannelInput } from '../../../contract/entities/channel.ts'
import type { NodeInput } from '../../../contract/entities/node.ts'

/** What a channel may be promised depends on what it must leave for the others and on who serves it. */
export type ChannelShare = Pick<ChannelInput, 'channelId' | 'buffer' | 'buffers' | 'nodes'>

/** Units of a sku that the channel must leave at each node. */
export function bufferOf(channel: ChannelShare | undefined, sku: string): number {
  return channel?.buffers?.find((one) => one.sku === sku)?.units ?? channel?.buffer ?? 0
}

/** Whether a node serves a channel at all; without a channel every open node counts. */
export function servesChannel(node: Pick<NodeInput, 'nodeId' | 'channels' | 'closed'>, channel: ChannelShare | undefined): boolean {
  if (node.closed === true) return false
  if (channel === undefined) return true
  return (channel.nodes?.includes(node.nodeId) ?? true) && (node.channels?.includes(channel.channelId) ?? true)
}

/** What remains for the channel of what a node can promise: never below zero. */
export const promisable = (available: number, buffer: number): number => Math.max(0, available - buffer)

export type ComponentUnits = { readonly perUnit: number; readonly unitsAt: ReadonlyMap<number, number> }

/**
 * Whole units of an item or bundle: per node what that node alone can make up, and in total what all nodes together can,
 * because the components of a bundle may come from several.
 */
export function wholeUnits(components: readonly ComponentUnits[]): {
  readonly total: number
  readonly perNode: ReadonlyMap<number, number>
} {
  const [first] = components
  if (first === undefined) return { total: 0, perNode: new Map() }
  let total = Infinity
  for (const { perUnit, unitsAt } of components) {
    let units = 0
    for (const one of unitsAt.values()) units += one
    total = Math.min(total, Math.floor(units / perUnit))
  }
  const perNode = new Map<number, number>()
  for (const nodeNo of first.unitsAt.keys()) {
    perNode.set(nodeNo, Math.min(...components.map(({ perUnit, unitsAt }) => Math.floor((unitsAt.get(nodeNo) ?? 0) / perUnit))))
  }
  return { total, perNode }
}
