import type { Reservation, ReservationAction } from '../../domain/reservation/reservation.ts'
import type { ReservationId } from '../../kernel/ids.ts'
import type { ReservationRow } from '../../store/reservations.ts'
import type { Decided } from '../family.ts'
import type { Touched } from './touched.ts'

/** Stock for a cart, under a key of the caller's. `nodeIds`: where it may be held, the preferred first; left out, anywhere. */
export type MakeReservation = {
  readonly kind: 'makeReservation'
  readonly key: string
  readonly channelId?: string
  readonly sku: string
  readonly quantity: number
  readonly nodeIds?: readonly string[]
  readonly expiresInSeconds: number
  readonly inputHash: Uint8Array
}

export type ActOnReservation = {
  readonly kind: 'actOnReservation'
  readonly reservationId: ReservationId
  readonly action: ReservationAction
}

export type ReserveCommand = MakeReservation | ActOnReservation

export type DecidedReserve = Decided<ReserveCommand> & {
  /** What it makes of which reservation; none for refusals and where there was nothing to do. */
  readonly change?: {
    readonly before: Reservation | undefined
    readonly after: Reservation
    readonly itemNo: number
    readonly nodeNo: number
    readonly touched: Touched
  }
  /** A refusal that rests on what memory alone believes, or on a key that may be there by now. */
  readonly isDoubtful?: true
}

/** What load() found for an attempt. */
export type LoadedReservation = { readonly row: ReservationRow | undefined }
