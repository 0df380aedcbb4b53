import type { SourcingLine, SourcingRequest } from './problem.ts'

/** One item's demand: lines of the same item draw on the same stock, so they are placed together and told apart afterwards. */
export type Demand = {
  readonly itemNo: number
  readonly quantity: number
  readonly weightGrams: number
  readonly lines: readonly SourcingLine[]
}

/** Fills `out` with the lines by item, in their order. */
export function mergeDemands(lines: readonly SourcingLine[], out: Demand[]): void {
  out.length = 0
  for (const line of lines) {
    const at = out.findIndex((demand) => demand.itemNo === line.itemNo)
    const known = out[at]
    if (!known) out.push({ itemNo: line.itemNo, quantity: line.quantity, weightGrams: line.weightGrams, lines: [line] })
    else out[at] = { ...known, quantity: known.quantity + line.quantity, lines: [...known.lines, line] }
  }
}

/** Units of the item that stay at each node: the most that any of its lines leaves there. */
export function bufferOf(demand: Demand): number {
  let buffer = 0
  for (const line of demand.lines) buffer = Math.max(buffer, line.buffer ?? 0)
  return buffer
}

/** Why a node may not serve an item, 0 = none: it does only where every line of it may be served. */
export function reasonOf(request: SourcingRequest, demand: Demand, nodeNo: number): number {
  for (const line of demand.lines) {
    const reason = request.allows?.(line, nodeNo) ?? 0
    if (reason > 0) return reason
  }
  return 0
}
