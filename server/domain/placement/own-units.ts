import { isHeld } from '../order/reservation.ts'
import type { OrderState } from '../order/state.ts'
import type { PlacementFacts } from './facts.ts'

/** Units by item and node: more are there than the facts say, or fewer. */
type Correction = { readonly sku: string; readonly nodeId: string; readonly units: number }

/** The facts as an order sees them that gives its stock up to take it anew: what it holds is there for it. */
export function withOwnUnits(facts: PlacementFacts, { reservations }: OrderState): PlacementFacts {
  return corrected(
    facts,
    reservations.flatMap(({ sku, nodeId, quantity, kind }) => (isHeld(kind) ? [{ sku, nodeId, units: quantity }] : [])),
  )
}

/** The facts for the next plan of one action: units that its plans before took are there no longer. */
export function withoutTaken(facts: PlacementFacts, before: OrderState, now: OrderState): PlacementFacts {
  if (before.reservations === now.reservations) return facts
  const units = new Map<string, { sku: string; nodeId: string; units: number }>()
  const add = ({ reservations }: OrderState, sign: number): void => {
    for (const { sku, nodeId, quantity, kind } of reservations) {
      if (!isHeld(kind)) continue
      const key = `${sku}\u0000${nodeId}`
      const known = units.get(key)
      if (known === undefined) units.set(key, { sku, nodeId, units: sign * quantity })
      else known.units += sign * quantity
    }
  }
  add(before, 1)
  add(now, -1)
  return corrected(
    facts,
    [...units.values()].filter((one) => one.units < 0),
  )
}

function corrected(facts: PlacementFacts, corrections: readonly Correction[]): PlacementFacts {
  if (corrections.length === 0) return facts
  const { availability } = facts
  const available = availability.available.slice()
  for (const { sku, nodeId, units } of corrections) {
    const item = facts.item(sku)
    if (item === undefined) continue
    const start = availability.start(item.itemNo)
    for (let slot = start; slot < start + availability.count(item.itemNo); slot++)
      if (facts.node(availability.nodes[slot] ?? -1)?.doc.nodeId === nodeId) available[slot] = (available[slot] ?? 0) + units
  }
  const seen = {
    nodes: availability.nodes,
    available,
    start: (no: number) => availability.start(no),
    count: (no: number) => availability.count(no),
  }
  return Object.create(facts, { availability: { value: seen } }) as PlacementFacts
}
