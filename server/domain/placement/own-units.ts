import { isHeld } from '../order/reservation.ts'
import type { OrderState } from '../order/state.ts'
import type { PlacementFacts } from './facts.ts'

/** The facts as an order sees them that gives its stock up to take it anew: what it holds is there for it. */
export function withOwnUnits(facts: PlacementFacts, { reservations }: OrderState): PlacementFacts {
  const { availability } = facts
  const available = availability.available.slice()
  for (const { sku, nodeId, quantity, kind } of reservations) {
    const item = isHeld(kind) ? facts.item(sku) : undefined
    if (item === undefined) continue
    const start = availability.start(item.itemNo)
    for (let slot = start; slot < start + availability.count(item.itemNo); slot++)
      if (facts.node(availability.nodes[slot] ?? -1)?.doc.nodeId === nodeId) available[slot] = (available[slot] ?? 0) + quantity
  }
  const seen = {
    nodes: availability.nodes,
    available,
    start: (no: number) => availability.start(no),
    count: (no: number) => availability.count(no),
  }
  return Object.create(facts, { availability: { value: seen } }) as PlacementFacts
}
