import { idFromInt8 } from '../../server/kernel/ids.ts'
import type { Pool } from '../../server/store/database.ts'
import { isDone, type Entry, type Journal } from './journal.ts'

/** Compares what callers were told with what is there: acknowledged exactly once, unacknowledged once or not at all. */
export async function contradictionsOf(pool: Pool, journal: Journal): Promise<string[]> {
  const orders = await listBy(pool, `select channel_id || '/' || external_ref as ref, order_id::text as found from orders`)
  const payments = await listBy(pool, `select payment_ref as ref, order_id::text as found from payments where payment_ref is not null`)
  const moves = await listBy(pool, `select ref, move_id::text as found from stock_moves where ref is not null`)
  const cancelled = await listBy(
    pool,
    `select order_id::text as ref, position::text as found from events where type in ('order.cancelled', 'order.declined')`,
  )
  const carts = await listBy(
    pool,
    `select channel_id || '/' || reservation_key as ref, holder_id::text as found from reservations where reservation_key is not null`,
  )
  const takers = await listBy(
    pool,
    `select subject_id as ref, data::json ->> 'orderId' as found from events where type = 'reservation.consumed'`,
  )
  const twice = await listBy(
    pool,
    `select subject_id as ref, count(*)::text as found from events
     where type in ('reservation.consumed', 'reservation.released', 'reservation.expired') group by subject_id having count(*) > 1`,
  )
  return journal.entries
    .flatMap((entry) => {
      switch (entry.what) {
        case 'place':
          return [...placed(entry, orders.get(`${entry.channelId}/${entry.ref}`) ?? []), ...tookOver(entry, takers)]
        case 'pay':
          return once(entry, payments.get(entry.ref) ?? [])
        case 'adjust':
          return once(entry, moves.get(entry.ref) ?? [])
        case 'cancel':
          return endedOnce(entry, cancelled)
        case 'versioned':
          return []
        case 'reserve':
          return reserved(entry, carts.get(`${entry.channelId}/${entry.ref}`) ?? [])
      }
    })
    .concat(sameVersionTwice(journal))
    .concat([...twice].map(([id, [times]]) => `${id} ended ${times} times`))
}

async function listBy(pool: Pool, sql: string): Promise<Map<string, string[]>> {
  const { rows } = await pool.query<{ ref: string; found: string }>(sql)
  const found = new Map<string, string[]>()
  for (const row of rows) found.set(row.ref, [...(found.get(row.ref) ?? []), row.found])
  return found
}

function placed(entry: Entry, found: readonly string[]): string[] {
  const problems: string[] = []
  if (found.length > 1) problems.push(`${entry.ref}: ${found.length} orders`)
  for (const answer of entry.answers) {
    if (answer.status !== 'done') continue
    const id = answer.value.orderId
    if (found[0] === undefined || idFromInt8('ord', found[0]) !== id)
      problems.push(`${entry.ref}: told order ${id}, there is ${found.join(', ') || 'none'}`)
  }
  return problems
}

function reserved(entry: Entry, found: readonly string[]): string[] {
  const told = entry.answers.flatMap((one) =>
    one.status === 'done' ? [(one.value['reservation'] as { reservationId: string }).reservationId] : [],
  )
  const there = found[0] === undefined ? 'none' : idFromInt8('rsv', found[0])
  return [
    ...(found.length > 1 ? [`cart ${entry.ref}: ${found.length} reservations`] : []),
    ...told.filter((id) => id !== there).map((id) => `cart ${entry.ref}: told ${id}, there is ${there}`),
  ]
}

/** An order that was told it has a cart's stock is the one, and the only one, that took it over. */
function tookOver(entry: Entry, takers: ReadonlyMap<string, readonly string[]>): string[] {
  const { cart } = entry
  if (cart === undefined) return []
  const found = takers.get(cart) ?? []
  const told = entry.answers.flatMap((one) => (one.status === 'done' ? [one.value.orderId] : []))
  return [
    ...(found.length > 1 ? [`${cart} was taken over ${found.length} times`] : []),
    ...told
      .filter((id) => id !== found[0])
      .map((id) => `${entry.ref}: told that ${id} has ${cart}, it has gone to ${found.join() || 'nobody'}`),
  ]
}

function once(entry: Entry, found: readonly string[]): string[] {
  const isTold = entry.answers.some(isDone)
  if (found.length > 1) return [`${entry.what} ${entry.ref}: done ${found.length} times`]
  if (isTold && found.length === 0) return [`${entry.what} ${entry.ref}: acknowledged, but not there`]
  const isRefused = entry.answers.length > 0 && entry.answers.every((one) => !isDone(one))
  return isRefused && found.length > 0 ? [`${entry.what} ${entry.ref}: refused, but done`] : []
}

function endedOnce(entry: Entry, ended: ReadonlyMap<string, readonly string[]>): string[] {
  const found = [...ended].filter(([orderId]) => idFromInt8('ord', orderId) === entry.orderId).flatMap(([, positions]) => positions)
  if (found.length > 1) return [`order ${entry.orderId} ended ${found.length} times`]
  return entry.answers.some(isDone) && found.length === 0 ? [`cancel of ${entry.orderId} was acknowledged, but it goes on`] : []
}

/** Invariant 3: the same expected version twice, one success. */
function sameVersionTwice(journal: Journal): string[] {
  const won = new Map<string, number>()
  for (const entry of journal.entries) {
    if (entry.what !== 'versioned' || !entry.answers.some(isDone)) continue
    const key = `${entry.orderId} at version ${entry.expectedVersion}`
    won.set(key, (won.get(key) ?? 0) + 1)
  }
  return [...won].filter(([, count]) => count > 1).map(([key, count]) => `${key}: ${count} commands succeeded`)
}
