import type { OrderInput } from '../../../contract/entities/order.ts'
import type { ReservationName } from '../../../contract/entities/reservation.ts'
import { consumedBy, heldFor, type HeldStock } from '../../domain/reservation/take-over.ts'
import { idToInt8, type OrderId, parseId, type ReservationId } from '../../kernel/ids.ts'
import { done, type Outcome } from '../../kernel/outcome.ts'
import type { Instant } from '../../kernel/time.ts'
import type { Queryable } from '../../store/database.ts'
import type { LogRow } from '../../store/log.ts'
import { findReservations, lockReservations, moveReservations, readReservations, type ReservationRow } from '../../store/reservations.ts'
import type { Write } from '../../store/write.ts'
import type { Caused } from '../cause.ts'
import type { Attempt } from '../command.ts'
import type { Row } from '../family.ts'
import type { Memory } from '../memory.ts'
import type { OrderCommand } from './order-command.ts'
import { reservationRow } from './reservation-log.ts'
import { nameReservation } from './reserve-family.ts'
import type { Touched } from './touched.ts'

const NONE: Outcome<readonly HeldStock[]> = done([])

/** Reservations that placements under way take over: read before they are decided, locked and looked at before they are written. */
export class HeldReservations {
  private readonly memory: Memory
  private readonly pool: Queryable
  private readonly loaded = new WeakMap<Attempt, readonly (HeldStock | undefined)[]>()
  /** As locked for the batch, and moved on as its decisions are taken in. */
  private versions = new Map<string, number>()

  constructor(memory: Memory, pool: Queryable) {
    this.memory = memory
    this.pool = pool
  }

  async load(attempts: readonly Attempt<OrderCommand>[]): Promise<void> {
    const asking = attempts.filter((one) => namesIn(one.command).length > 0)
    if (asking.length === 0) return
    const ids = asking.flatMap(({ command }) => namesIn(command).flatMap((name) => idIn(name) ?? []))
    const keys = asking.flatMap(({ command }) => namesIn(command).flatMap((name) => keyIn(name, command) ?? []))
    const rows = [
      ...(ids.length === 0 ? [] : await readReservations(this.pool, [...new Set(ids)])),
      ...(keys.length === 0 ? [] : await findReservations(this.pool, keys)),
    ]
    const held = new Map<string, HeldStock>()
    for (const row of rows) {
      const one = { reservation: nameReservation(row, this.memory), itemNo: row.itemNo, nodeNo: row.nodeNo }
      held.set(row.reservationId, one)
      held.set(keyText(row), one)
    }
    for (const attempt of asking) {
      const find = (name: ReservationName): HeldStock | undefined => {
        const key = keyIn(name, attempt.command)
        return held.get(key === undefined ? (idIn(name) ?? '') : keyText(key))
      }
      this.loaded.set(attempt, namesIn(attempt.command).map(find))
    }
  }

  /** What the order may take over, as it was read; a refusal where one is not as the order believes. */
  of(attempt: Attempt, order: OrderInput, now: Instant): Outcome<readonly HeldStock[]> {
    return order.reservations === undefined ? NONE : heldFor(order, this.loaded.get(attempt) ?? [], now)
  }

  lock(ids: readonly ReservationId[]): Write {
    return lockReservations([...new Set(ids)])
  }

  take(rows: readonly Row[]): void {
    this.versions = new Map(rows.map((row) => [String(row['holder_id']), Number(row['version'])]))
  }

  /** Whether all of them stand as they were read. */
  stand(held: readonly HeldStock[]): boolean {
    return held.every(({ reservation }) => this.versions.get(idToInt8(reservation.reservationId)) === reservation.version)
  }

  /** They are taken over by this decision: another of the batch finds them moved. */
  consume(held: readonly HeldStock[]): void {
    for (const { reservation } of held) this.versions.set(idToInt8(reservation.reservationId), reservation.version + 1)
  }

  writes(all: readonly { readonly held: readonly HeldStock[]; readonly orderId: OrderId }[]): Write[] {
    const moved = all.flatMap(({ held, orderId }) => held.map((one) => consumedBy(one.reservation, orderId)))
    return moved.length === 0 ? [] : [moveReservations(moved)]
  }
}

/** The events of reservations that an order takes over; they come before the order's own, so that no prefix of the log holds the units twice. */
export const consumedRows = (held: readonly HeldStock[], orderId: OrderId, from: Caused, at: Instant): LogRow[] =>
  held.map(({ reservation }) =>
    reservationRow({ before: reservation, after: consumedBy(reservation, orderId) }, [reservation.nodeId], from, at),
  )

/** What an order and the reservations that it takes over move together: units that only change hands are no new grant. */
export function touchedWith(touched: Touched, held: readonly HeldStock[]): Touched {
  if (held.length === 0) return touched
  const stock = touched.stock.map((need) => ({ ...need }))
  for (const { reservation, itemNo, nodeNo } of held) {
    const own = stock.find((need) => need.itemNo === itemNo && need.nodeNo === nodeNo)
    if (own === undefined) stock.push({ itemNo, nodeNo, soft: -reservation.quantity, firm: 0, committed: 0, onHand: 0 })
    else own.soft -= reservation.quantity
  }
  return { ...touched, stock }
}

const namesIn = (command: OrderCommand): readonly ReservationName[] =>
  command.kind === 'placeOrder' ? (command.order.reservations ?? []) : []

const idIn = (name: ReservationName): ReservationId | undefined =>
  'reservationId' in name ? parseId('rsv', name.reservationId) : undefined

const keyIn = (name: ReservationName, command: OrderCommand): { readonly key: string; readonly channelId: string } | undefined =>
  'key' in name && command.kind === 'placeOrder' ? { key: name.key, channelId: command.order.channelId } : undefined

const keyText = ({ key, channelId }: Pick<ReservationRow, 'key' | 'channelId'>): string => `${channelId ?? ''}\u0000${key}`
