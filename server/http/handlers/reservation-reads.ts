import type { Reservation as ReservationView } from '../../../contract/entities/reservation.ts'
import type { Principal } from '../../domain/access/principal.ts'
import { presentReservation } from '../../domain/access/present-reservation.ts'
import { nameReservation } from '../../engine/families/reserve-family.ts'
import { encodePageKey } from '../../kernel/cursor.ts'
import { parseId } from '../../kernel/ids.ts'
import { done, type Refusal, refuse } from '../../kernel/outcome.ts'
import { findReservations, listReservations, readReservations } from '../../store/reservations.ts'
import type { Handlers } from '../handler.ts'
import { pageKeyOf, type ReadDeps } from './read-deps.ts'

export const reservationUnknown = (got: string): Refusal =>
  refuse('reservation_unknown', { en: 'there is no such reservation', zh: '预留不存在' }, { got })

/** The reservation as the principal may see it; undefined where it is not there, or not for them. */
export async function showReservation(deps: ReadDeps, principal: Principal, text: string): Promise<ReservationView | undefined> {
  const id = parseId('rsv', text)
  const [row] = id === undefined ? [] : await readReservations(deps.pool, [id])
  return row === undefined ? undefined : presentReservation(principal, nameReservation(row, deps.memory), deps.now())
}

/** Bare reservations within the nodes and channels of the scope. */
export function reservationReadHandlers(deps: ReadDeps): Pick<Handlers, 'reservation.get' | 'reservation.list'> {
  const { memory, pool } = deps
  return {
    'reservation.get': async ({ principal }, { params }) => {
      const shown = await showReservation(deps, principal, params.reservationId)
      return shown === undefined ? reservationUnknown(params.reservationId) : { status: 'done', value: shown, version: shown.version }
    },

    'reservation.list': async ({ principal }, { query }) => {
      const { sku, nodeId, channelId, key } = query
      const { scope } = principal
      const itemNo = sku === undefined ? undefined : memory.items.get(sku)?.itemNo
      const nodeNo = nodeId === undefined ? undefined : memory.nodes.get(nodeId)?.nodeNo
      const isNowhere = (sku !== undefined && itemNo === undefined) || (nodeId !== undefined && nodeNo === undefined)
      if (isNowhere || scope.customer !== undefined || scope.carriers !== undefined) return done({ items: [] })
      const filter = { itemNo, nodeNo, channelId }
      const show = (rows: Parameters<typeof nameReservation>[0][]): ReservationView[] =>
        rows.flatMap((row) => presentReservation(principal, nameReservation(row, memory), deps.now()) ?? [])
      if (key !== undefined) {
        const rows = await findReservations(pool, [{ key, channelId }])
        return done({ items: show(rows.filter((row) => (itemNo ?? row.itemNo) === row.itemNo && (nodeNo ?? row.nodeNo) === row.nodeNo)) })
      }
      const from = pageKeyOf('reservation', ['number', 'string'], query.cursor, [0, '0'])
      if (from.status === 'refused') return from
      const nodeNos = scope.nodes?.flatMap((one) => memory.nodes.get(one)?.nodeNo ?? [])
      const [expiresAt, holderId] = from.value
      const within = { nodeNos, ...(scope.channels === undefined ? {} : { channels: scope.channels }) }
      const { rows, next } = await listReservations(pool, within, filter, { expiresAt, holderId }, query.limit ?? 50)
      return done({
        items: show([...rows]),
        ...(next === undefined ? {} : { next: encodePageKey('reservation', [next.expiresAt, next.holderId]) }),
      })
    },
  }
}
