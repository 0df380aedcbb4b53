import type { PlacementFacts } from './facts.ts'

/** Whether a node's day has no capacity left. */
export const isFullOf = (facts: PlacementFacts) => (nodeNo: number, day: number) =>
  facts.capacityUsed(nodeNo, day) >= (facts.node(nodeNo)?.doc.capacityPerDay ?? Infinity)
