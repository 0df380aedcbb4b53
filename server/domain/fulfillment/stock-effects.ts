import type { StockEffect } from '../../../contract/event-definition.ts'
import type { HeldKind } from '../order/reservation.ts'

/** Units that leave what is held at a node, and what is on hand where they left the building. */
export function effectsOf(
  lines: readonly { readonly sku: string; readonly quantity: number }[],
  nodeId: string,
  hasGone: boolean,
  kind: HeldKind = 'committed',
): StockEffect[] {
  const bySku = new Map<string, number>()
  for (const { sku, quantity } of lines) if (quantity > 0) bySku.set(sku, (bySku.get(sku) ?? 0) + quantity)
  return [...bySku].map(([sku, units]) => ({ sku, nodeId, [kind]: -units, ...(hasGone ? { onHand: -units } : {}) }))
}
