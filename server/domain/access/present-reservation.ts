import type { Reservation as ReservationView } from '../../../contract/entities/reservation.ts'
import { type Instant, toIso } from '../../kernel/time.ts'
import { allowedActionsOf, type Reservation } from '../reservation/reservation.ts'
import { canSeeReservation } from './scope.ts'
import type { Viewer } from './sight.ts'

/** A reservation as it stands at `now`, or undefined where the viewer may not see it; what may be asked of it depends on the permission. */
export function presentReservation(viewer: Viewer, one: Reservation, now: Instant): ReservationView | undefined {
  if (viewer.role === 'customer' || viewer.role === 'carrier') return undefined
  if (!canSeeReservation(viewer.scope, [one.nodeId], one.channelId)) return undefined
  const { reservationId, key, channelId, sku, nodeId, quantity, state, expiresAt, orderId, version } = one
  const allowedActions = viewer.permissions.has('stock.reserve') ? [...allowedActionsOf(one, now)] : []
  return {
    reservationId,
    key,
    ...(channelId === undefined ? {} : { channelId }),
    sku,
    nodeId,
    quantity,
    state,
    expiresAt: toIso(expiresAt),
    ...(orderId === undefined ? {} : { orderId }),
    version,
    allowedActions,
  }
}
