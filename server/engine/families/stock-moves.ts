import { insertMoves, type StockMove } from '../../store/stock.ts'
import type { Write } from '../../store/write.ts'
import type { Memory } from '../memory.ts'
import type { DecidedOrder } from './order-command.ts'

const reasons = { 'fulfillment.handedOver': 'shipment', 'fulfillment.collected': 'pickup', 'fulfillment.shortPicked': 'shortPick' } as const

/** What orders took from the shelves, in the journal of stock: each move names the fulfillment order it belongs to. */
export function movesOf(decided: readonly DecidedOrder[], memory: Memory): Write[] {
  const moves: StockMove[] = []
  for (const { change } of decided) {
    for (const { event, recordedAt } of change?.events ?? []) {
      if (event.type !== 'fulfillment.handedOver' && event.type !== 'fulfillment.shortPicked' && event.type !== 'fulfillment.collected')
        continue
      const reason = reasons[event.type]
      const ref = event.data.fulfillmentOrderId
      for (const { sku, nodeId, onHand } of event.data.stock ?? [])
        if (onHand !== undefined && onHand !== 0) {
          const position = { itemNo: memory.itemNo(sku), nodeNo: memory.nodeNo(nodeId) }
          moves.push({ ...position, delta: onHand, reason, ref, occurredAt: event.occurredAt, recordedAt })
        }
    }
  }
  return moves.length === 0 ? [] : [insertMoves(moves)]
}
