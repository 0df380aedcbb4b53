import { currentOrder } from '../domain/order/current-intake.ts'
import type { Order, OrderIntake, OrderState } from '../domain/order/state.ts'
import { idFromInt8, idToInt8, type OrderId, shardOfId } from '../kernel/ids.ts'
import { plainArray, textArray } from './columns.ts'
import { type Queryable, run, statement } from './database.ts'

/** Where the row of an order is: its shard and the decimal text of its number. */
export type OrderKey = { readonly shard: number; readonly orderId: string }

/** The database key of an order. */
export const orderKeyOf = (orderId: OrderId): OrderKey => ({ shard: shardOfId(orderId), orderId: idToInt8(orderId) })

/** An order as it is stored: JSON text. */
export type OrderRow = { readonly intake: string; readonly state: string }
export const orderOf = ({ intake, state }: OrderRow): Order =>
  currentOrder({ intake: JSON.parse(intake) as OrderIntake, state: JSON.parse(state) as OrderState })

const readOrderRows = statement<OrderRow>(
  'readOrders',
  `select o.intake, s.doc as state
   from unnest($1::smallint[], $2::bigint[]) as row (shard, order_id)
     join orders as o on o.shard = row.shard and o.order_id = row.order_id
     join order_states as s on s.shard = row.shard and s.order_id = row.order_id`,
)

/** Orders as they stand; those that do not exist are left out, and the order of rows is not that of the keys. */
export async function readOrders(db: Queryable, keys: readonly OrderKey[]): Promise<Order[]> {
  const rows = await run(db, readOrderRows, [plainArray(keys.map((key) => key.shard)), plainArray(keys.map((key) => key.orderId))])
  return rows.map(orderOf)
}

export type Ref = { readonly shard: number; readonly channelId: string; readonly externalRef: string }
export type FoundRef = {
  readonly channelId: string
  readonly externalRef: string
  readonly orderId: OrderId
  readonly inputHash: Uint8Array
}

type RefRow = { readonly channel_id: string; readonly external_ref: string; readonly order_id: string; readonly input_hash: Uint8Array }
const findRefRows = statement<RefRow>(
  'findRefs',
  `select r.channel_id, r.external_ref, r.order_id, r.input_hash
   from unnest($1::smallint[], $2::text[], $3::text[]) as row (shard, channel_id, external_ref)
     join order_refs as r on r.shard = row.shard and r.channel_id = row.channel_id and r.external_ref = row.external_ref`,
)

/** Which of these references name an order, which one, and by what input. */
export async function findRefs(db: Queryable, refs: readonly Ref[]): Promise<FoundRef[]> {
  const rows = await run(db, findRefRows, [
    plainArray(refs.map((ref) => ref.shard)),
    textArray(refs.map((ref) => ref.channelId)),
    textArray(refs.map((ref) => ref.externalRef)),
  ])
  return rows.map((row) => ({
    channelId: row.channel_id,
    externalRef: row.external_ref,
    orderId: idFromInt8('ord', row.order_id),
    inputHash: row.input_hash,
  }))
}

/** The order that a channel knows by this reference. */
export async function readOrderByRef(db: Queryable, shard: number, channelId: string, externalRef: string): Promise<Order | undefined> {
  const [found] = await findRefs(db, [{ shard, channelId, externalRef }])
  return found === undefined ? undefined : (await readOrders(db, [orderKeyOf(found.orderId)]))[0]
}

export type DecisionRow = { readonly decisionNo: number; readonly state: string; readonly decidedAt: number; readonly doc: unknown }
const readDecisionRows = statement<DecisionRow & { readonly doc: string }>(
  'readDecisions',
  `select decision_no as "decisionNo", state, decided_at as "decidedAt", doc
   from sourcing_decisions
   where shard = $1::smallint
     and order_id = $2::bigint
   order by decision_no desc
   limit $3::integer`,
)

/** The sourcing decisions of an order, latest first. */
export async function readDecisions(db: Queryable, key: OrderKey, limit: number): Promise<DecisionRow[]> {
  const rows = await run(db, readDecisionRows, [key.shard, key.orderId, limit])
  return rows.map((row) => ({ ...row, doc: JSON.parse(row.doc) as unknown }))
}
