import { assertNever } from '../../kernel/assert.ts'
import type { EventType } from '../../../contract/events.ts'
import type { Reservation } from '../../domain/reservation/reservation.ts'
import { type Instant, toIso } from '../../kernel/time.ts'
import type { LogRow } from '../../store/log.ts'
import type { Caused } from '../cause.ts'
import { logBase, noOrder } from '../log-row.ts'

/** The event of one move of a bare reservation. `nodeIds` holds its node: rows of one node share the list. */
export function reservationRow(
  { before, after }: { readonly before: Reservation | undefined; readonly after: Reservation },
  nodeIds: readonly string[],
  from: Caused,
  at: Instant,
): LogRow {
  return {
    ...logBase(eventOf(before, after), from),
    ...noOrder,
    channelId: after.channelId ?? null,
    nodeIds,
    subjectKind: 'reservation',
    subjectId: after.reservationId,
    subjectVersion: after.version,
    occurredAt: at,
    recordedAt: at,
    data: JSON.stringify(dataOf(before, after)),
  }
}

function eventOf(before: Reservation | undefined, after: Reservation): EventType {
  if (before === undefined) return 'reservation.made'
  return after.state === 'soft' ? 'reservation.extended' : `reservation.${after.state}`
}

function dataOf(before: Reservation | undefined, after: Reservation): object {
  const { sku, nodeId, quantity, key, expiresAt, state, orderId } = after
  const held = { sku, nodeId, quantity }
  switch (state) {
    case 'soft':
      return { ...held, ...(before === undefined ? { key } : {}), expiresAt: toIso(expiresAt) }
    case 'consumed':
      return { ...held, orderId }
    case 'released':
    case 'expired':
      return held
    default:
      return assertNever(state, 'a state of a reservation')
  }
}
