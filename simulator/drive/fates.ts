import type { Client } from '../../contract/client.ts'
import type { OrderSummary } from '../../contract/entities/order-summary.ts'
import type { TroubleKind } from '../../contract/entities/trouble.ts'
import type { Made } from '../troubles/site.ts'
import { all, from } from './pages.ts'

/** What has become of an order that a trouble has hit: over; a task, or a queue of people, has it; or neither yet. */
export type Fate = 'over' | 'owned' | 'adrift'
/** Orders hit by the troubles of one kind, by their fate. */
export type Fates = ReadonlyMap<TroubleKind, Readonly<Record<Fate, number>> & { readonly made: number }>

const OVER: readonly OrderSummary['phase'][] = ['delivered', 'complete', 'cancelled']
/** Orders that stand in a list of people. */
const WITH_PEOPLE: readonly OrderSummary['phase'][] = ['awaitingReview', 'onHold']

/** Reads what has become of these orders. */
export async function fatesOf(client: Client, orderIds: Iterable<string>): Promise<ReadonlyMap<string, Fate>> {
  const owned = await ownedOrders(client)
  const fates = new Map<string, Fate>()
  for (const orderId of orderIds) {
    const { phase } = await client.call('order.get', { params: { orderId } })
    fates.set(orderId, OVER.includes(phase) ? 'over' : WITH_PEOPLE.includes(phase) || owned.has(orderId) ? 'owned' : 'adrift')
  }
  return fates
}

/** Those of which an open task tells; a task has an owner and a due time from the start. */
async function ownedOrders(client: Client): Promise<ReadonlySet<string>> {
  const found = new Set<string>()
  for await (const task of all((cursor) => client.call('task.list', { query: { state: 'open', limit: 200, ...from(cursor) } })))
    found.add(task.orderId)
  return found
}

export function fatesByKind(made: readonly Made[], fates: ReadonlyMap<string, Fate>): Fates {
  const kinds = new Map<TroubleKind, Record<Fate, number> & { made: number }>()
  for (const { kind, orderIds } of made) {
    const sums = kinds.get(kind) ?? { made: 0, over: 0, owned: 0, adrift: 0 }
    kinds.set(kind, sums)
    sums.made += 1
    for (const orderId of orderIds) sums[fates.get(orderId) ?? 'adrift'] += 1
  }
  return kinds
}
