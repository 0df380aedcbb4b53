import type { ChangeSet } from '../../../contract/entities/change-set.ts'
import { toIso } from '../../kernel/time.ts'
import type { OrderState } from '../order/state.ts'

/** The change sets of an order; an address is shown as the place, the rest of it is its person's. */
export const viewChanges = (changes: NonNullable<OrderState['changes']>): ChangeSet[] =>
  changes.map(({ changeId, state, proposedAt, expiresAt, edits: { sealed: _, ...edits }, preview, reason, note }) => ({
    changeId,
    state,
    proposedAt: toIso(proposedAt),
    expiresAt: toIso(expiresAt),
    ...(reason === undefined ? {} : { reason }),
    ...(note === undefined ? {} : { note }),
    edits,
    preview,
  }))
