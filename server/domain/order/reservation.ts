import type { ReservationKind } from './state.ts'

/** True for a reservation that still takes stock. */
export function isHeld(kind: ReservationKind): boolean {
  return kind === 'soft' || kind === 'firm' || kind === 'committed'
}
