import type { SupplyEffect } from '../../../contract/event-definition.ts'
import type { Instant } from '../../kernel/time.ts'
import { awaitedMoves } from '../order/change.ts'
import type { OrderState } from '../order/state.ts'

/** Dated supply that the order counts on no longer. */
export function awaitedBack({ awaiting }: OrderState): { supply?: SupplyEffect[] } {
  const supply = awaitedMoves(awaiting)
  return supply.length === 0 ? {} : { supply }
}

/** The date on which the order counts already, unless it has passed. */
export const countedOn = ({ sourceAgainAt }: OrderState, now: Instant): Instant | undefined =>
  sourceAgainAt !== undefined && sourceAgainAt > now ? sourceAgainAt : undefined
