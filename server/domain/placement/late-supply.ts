import { MINUTE, type Instant } from '../../kernel/time.ts'
import type { Order } from '../order/state.ts'
import { demandsOf } from './demand.ts'
import type { PlacementFacts } from './facts.ts'

/** Goods are booked in some time after the lorry came: so long after its date supply is not called late. */
const BOOKING_MS = 30 * MINUTE

/** Whether dated supply that the order counts on for what it still lacks has not come by its date. */
export function isSupplyLate({ intake, state }: Order, facts: PlacementFacts, now: Instant): boolean {
  const { awaiting } = state
  if (awaiting === undefined) return false
  const open = intake.lines.map(({ sku }, lineNo) => ({ lineNo, sku, units: state.lines[lineNo]?.backordered ?? 0 }))
  const mine = new Set(awaiting.map((one) => one.supplyId))
  return demandsOf(open, facts, intake.channelId).some(({ item }) =>
    facts.supplyOf(item.itemNo).some(({ supplyId, availableAt }) => mine.has(supplyId) && availableAt + BOOKING_MS <= now),
  )
}
