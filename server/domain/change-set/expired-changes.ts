import type { NewEvent } from '../../../contract/events.ts'
import type { Instant } from '../../kernel/time.ts'
import type { OrderState } from '../order/state.ts'

/** Proposals whose time is over end by themselves. */
export const expiredChanges = ({ changes = [] }: Pick<OrderState, 'changes'>, now: Instant): readonly NewEvent[] =>
  changes.flatMap(({ changeId, state, expiresAt }): NewEvent[] =>
    state === 'proposed' && expiresAt <= now ? [{ type: 'order.changeExpired', occurredAt: now, data: { changeId } }] : [],
  )
