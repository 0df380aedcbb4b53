import { reasonCode } from '../../../contract/sourcing-reasons.ts'
import type { Network } from '../promise/network.ts'

/** What an order is asked of each node whatever it holds, in columns by index in the network's nodes: a walk over objects costs several times as much. */
export type NodeTerms = {
  /** Minor units of the base currency an order, and a unit. */
  readonly handling: Float64Array
  readonly handlingPerUnit: Float64Array
  /** Reason code of a node that nobody may use; 0 for all others. */
  readonly shut: Uint8Array
  /** 1 where buyers may collect but nothing is sent. */
  readonly onlyGivesOut: Uint8Array
  /** 1 where the node serves some channels only. */
  readonly isChoosy: Uint8Array
  /** 1 where none of the three says anything. */
  readonly isPlain: Uint8Array
  /** Whether any node can handle some things only. */
  readonly hasPicky: boolean
}

const known = new WeakMap<Network, NodeTerms>()

export function nodeTermsOf(network: Network): NodeTerms {
  const old = known.get(network)
  if (old !== undefined) return old
  const { nodes } = network
  const made: NodeTerms = {
    handling: Float64Array.from(nodes, ({ node }) => node.handlingPerOrder ?? 0),
    handlingPerUnit: Float64Array.from(nodes, ({ node }) => node.handlingPerUnit ?? 0),
    shut: Uint8Array.from(nodes, ({ node }) => (node.closed ? reasonCode.closed : 0)),
    onlyGivesOut: Uint8Array.from(nodes, ({ node }) => (node.ships === false ? 1 : 0)),
    isChoosy: Uint8Array.from(nodes, ({ node }) => (node.channels === undefined ? 0 : 1)),
    isPlain: Uint8Array.from(nodes, ({ node }) => (!node.closed && node.ships !== false && node.channels === undefined ? 1 : 0)),
    hasPicky: nodes.some(({ node }) => node.capabilities !== undefined),
  }
  known.set(network, made)
  return made
}
