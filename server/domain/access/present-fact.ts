import type { Channel } from '../../../contract/entities/channel.ts'
import type { Node } from '../../../contract/entities/node.ts'
import type { Stock } from '../../../contract/entities/stock.ts'
import { canSeeChannel, canSeeFact, canSeeNode } from './scope.ts'
import { sightOfRole, type Viewer } from './sight.ts'

/** A row of stock, or undefined where it lies outside what the viewer may see: stock is the business of those inside. */
export function presentStock(viewer: Viewer, stock: Stock): Stock | undefined {
  return isOutsider(viewer) || !canSeeNode(viewer.scope, stock.nodeId) ? undefined : stock
}

const isOutsider = (viewer: Viewer): boolean => viewer.role === 'customer' || viewer.role === 'carrier'

/** A node, or undefined outside the viewer's scope; without its costs where the role sees no amounts, without its limits for those outside the firm. */
export function presentNode(viewer: Viewer, node: Node): Node | undefined {
  if (!canSeeFact(viewer.scope, 'node', node.nodeId)) return undefined
  const { handlingPerOrder, handlingPerUnit, capacityPerDay, channels, ...rest } = node
  const { amounts } = sightOfRole[viewer.role]
  return {
    ...rest,
    ...(amounts && !isOutsider(viewer) && handlingPerOrder !== undefined ? { handlingPerOrder } : {}),
    ...(amounts && !isOutsider(viewer) && handlingPerUnit !== undefined ? { handlingPerUnit } : {}),
    ...(isOutsider(viewer) || capacityPerDay === undefined ? {} : { capacityPerDay }),
    ...(channels === undefined ? {} : { channels: channels.filter((channelId) => canSeeChannel(viewer.scope, channelId)) }),
  }
}

/** A channel, or undefined outside the viewer's scope; its secret never leaves the hub. */
export function presentChannel(viewer: Viewer, channel: Channel & { readonly secret?: string }): Channel | undefined {
  if (!canSeeChannel(viewer.scope, channel.channelId)) return undefined
  const { secret, nodes, ...rest } = channel
  return { ...rest, ...(nodes === undefined ? {} : { nodes: nodes.filter((nodeId) => canSeeNode(viewer.scope, nodeId)) }) }
}

/** Kinds of fact that are money through and through. */
const MONEY_FACTS = new Set(['rate', 'account'])

/** Any other fact, or undefined where the viewer may not see it. `on` are the node and carrier it hangs on. */
export function presentFact<T extends object>(
  viewer: Viewer,
  kind: string,
  key: string,
  doc: T,
  on: { readonly nodeId?: string | undefined; readonly carrierId?: string | undefined } = {},
): T | undefined {
  if (MONEY_FACTS.has(kind) && !sightOfRole[viewer.role].amounts) return undefined
  return canSeeFact(viewer.scope, kind, key, on) ? doc : undefined
}
