import type { AvailabilityView } from '../availability/availability.ts'
import { type ChannelShare, bufferOf, promisable, servesChannel } from '../availability/promisable.ts'
import type { NodeInput } from '../../../contract/entities/node.ts'

/** Who asks for stock of one item, and where it may be held. */
export type Wanted = {
  readonly itemNo: number
  readonly sku: string
  readonly quantity: number
  readonly channel: ChannelShare | undefined
  /** In the order in which they are preferred; left out, any node will do. */
  readonly nodeNos: readonly number[] | undefined
}
export type NodeDoc = Pick<NodeInput, 'nodeId' | 'channels' | 'closed' | 'ships'>
export type Stocked = Pick<AvailabilityView, 'start' | 'count' | 'nodes' | 'available'> & {
  availableAt(itemNo: number, nodeNo: number): number
}

/**
 * The node that can promise the whole quantity to the channel: the first of those named, or else the one that has most left,
 * so that a hot item drains evenly; of equals the one known longest. A node that sends nothing out holds only for who names it. Undefined where none can.
 */
export function chooseNode(wanted: Wanted, stock: Stocked, nodeOf: (nodeNo: number) => NodeDoc | undefined): number | undefined {
  const buffer = bufferOf(wanted.channel, wanted.sku)
  const serves = (nodeNo: number): boolean => {
    const node = nodeOf(nodeNo)
    return node !== undefined && servesChannel(node, wanted.channel)
  }
  if (wanted.nodeNos !== undefined)
    return wanted.nodeNos.find(
      (nodeNo) => promisable(stock.availableAt(wanted.itemNo, nodeNo), buffer) >= wanted.quantity && serves(nodeNo),
    )
  let most = wanted.quantity - 1
  let best: number | undefined
  const start = stock.start(wanted.itemNo)
  const end = start + stock.count(wanted.itemNo)
  for (let slot = start; slot < end; slot++) {
    const nodeNo = stock.nodes[slot] ?? 0
    const units = promisable(stock.available[slot] ?? 0, buffer)
    if (units > most && serves(nodeNo) && nodeOf(nodeNo)?.ships !== false) {
      most = units
      best = nodeNo
    }
  }
  return best
}
