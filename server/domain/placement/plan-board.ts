import { DAY } from '../../kernel/time.ts'
import type { AvailabilityView } from '../availability/availability.ts'
import type { PlacementFacts } from './facts.ts'

/** Units of one item at one node. */
export type Cell = { readonly itemNo: number; readonly nodeNo: number; readonly units: number }
/** A place in a node's day, days since 1970-01-01; only where the node's days are limited. */
export type Slot = { readonly nodeNo: number; readonly day: number }
/** What a plan takes of what all share. */
export type Share = { readonly cells: readonly Cell[]; readonly slots: readonly Slot[] }

export const dayNo = (text: string): number => Math.round(Date.parse(text) / DAY)

/**
 * Stock and capacity of some items as they would be: a copy on which plans are taken off and put down again. Nobody else sees it, so
 * that the question may take longer than one turn of the process; what it finds is decided again on what is really there.
 */
export class PlanBoard {
  /** The facts with the board in place of stock and capacity; plans come without an explanation. */
  readonly facts: PlacementFacts
  private readonly runs = new Map<number, { readonly start: number; readonly count: number }>()
  private readonly nodes: Int32Array
  private readonly available: Int32Array
  private readonly slots = new Map<string, number>()

  constructor(facts: PlacementFacts, itemNos: Iterable<number>) {
    const { availability } = facts
    let size = 0
    for (const itemNo of new Set(itemNos)) {
      const count = availability.count(itemNo)
      this.runs.set(itemNo, { start: size, count })
      size += count
    }
    this.nodes = new Int32Array(size)
    this.available = new Int32Array(size)
    for (const [itemNo, { start, count }] of this.runs) {
      const from = availability.start(itemNo)
      this.nodes.set(availability.nodes.subarray(from, from + count), start)
      this.available.set(availability.available.subarray(from, from + count), start)
    }
    this.facts = this.seenBy(facts)
  }

  private seenBy(facts: PlacementFacts): PlacementFacts {
    // Compiled on the facts themselves, not on what is made of them.
    const { planner } = facts
    void facts.network
    const view: AvailabilityView = {
      nodes: this.nodes,
      available: this.available,
      start: (itemNo) => this.runs.get(itemNo)?.start ?? 0,
      count: (itemNo) => this.runs.get(itemNo)?.count ?? 0,
    }
    const used = (nodeNo: number, day: number) => facts.capacityUsed(nodeNo, day) + (this.slots.get(`${nodeNo}:${day}`) ?? 0)
    const quiet: PlacementFacts['planner'] = { plan: (request) => planner.plan({ ...request, explain: false }) }
    return Object.create(facts, {
      availability: { value: view },
      capacityUsed: { value: used },
      planner: { value: quiet },
    }) as PlacementFacts
  }

  /** A plan takes its share (1) or gives it back (−1). */
  take({ cells, slots }: Share, sign: 1 | -1): void {
    for (const { itemNo, nodeNo, units } of cells) {
      const at = this.slotOf(itemNo, nodeNo)
      if (at >= 0) this.available[at] = (this.available[at] ?? 0) - sign * units
    }
    for (const { nodeNo, day } of slots) {
      const key = `${nodeNo}:${day}`
      this.slots.set(key, (this.slots.get(key) ?? 0) + sign)
    }
  }

  /** Units that may be promised; negative where more was taken than is there. */
  freeAt(itemNo: number, nodeNo: number): number {
    const at = this.slotOf(itemNo, nodeNo)
    return at < 0 ? 0 : (this.available[at] ?? 0)
  }

  private slotOf(itemNo: number, nodeNo: number): number {
    const run = this.runs.get(itemNo)
    if (run === undefined) return -1
    const at = this.nodes.subarray(run.start, run.start + run.count).indexOf(nodeNo)
    return at < 0 ? -1 : run.start + at
  }
}
