import type { SupplyEffect } from '../../../contract/event-definition.ts'
import type { EventData } from '../../../contract/events.ts'
import type { Instant } from '../../kernel/time.ts'
import { awaitedBack } from '../order/change.ts'
import type { OrderState } from '../order/state.ts'

/** What a change of the sale leaves nobody waiting for is given back with it; where some units still wait, the sourcing behind it lays them out anew. */
export function notAwaited(
  { awaiting, lines }: OrderState,
  { sold, lines: standing }: Pick<EventData<'order.changed'>, 'sold' | 'lines'>,
): { supply?: SupplyEffect[] } {
  if (awaiting === undefined) return {}
  const waits = sold.some((line, i) => {
    const now = standing.find((one) => one.lineRef === line.lineRef) ?? lines[i]
    return (now?.backordered ?? 0) > 0
  })
  return waits ? {} : awaitedBack({ awaiting })
}

/** The date on which the order counts already, unless it has passed. */
export const countedOn = ({ sourceAgainAt }: OrderState, now: Instant): Instant | undefined =>
  sourceAgainAt !== undefined && sourceAgainAt > now ? sourceAgainAt : undefined
