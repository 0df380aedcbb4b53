import { reasonCode } from '../../../contract/sourcing-reasons.ts'
import type { NodeUniverse } from './problem.ts'

/** The nodes that exist when deciding, by number; made anew when nodes are added, shared by all decisions until then. */
export function universeOf(nodeNos: Iterable<number>): NodeUniverse {
  const known = [...nodeNos]
  const blank = new Uint8Array(known.reduce((highest, nodeNo) => Math.max(highest, nodeNo), -1) + 1)
  for (const nodeNo of known) blank[nodeNo] = reasonCode.noStock
  return { blank }
}
