import type { NewEvent } from '../../../contract/events.ts'
import type { OrderIntake } from '../../domain/order/state.ts'
import type { Instant } from '../../kernel/time.ts'
import { type ArchivedOrder, readArchivedOrders } from '../archived-orders.ts'
import { plainArray } from '../columns.ts'
import { type Queryable, run, statement } from '../database.ts'
import type { OrderKey } from '../order-reads.ts'

type OrderColumns = {
  readonly shard: number
  readonly order_id: string
  readonly channel_id: string
  readonly external_ref: string
  readonly placed_at: number
  readonly received_at: number
  readonly currency: string
  readonly total: string
  readonly account_id: string | null
  readonly customer_ref: string | null
  readonly intake: OrderIntake
}
type StateColumns = {
  readonly version: number | null
  readonly state: string
  readonly phase: string
  readonly state_channel_id: string
  readonly next_due_at: number | null
  readonly recorded_at: number
  readonly doc: string
}
export type EventRow = {
  readonly order_id: string
  readonly type: NewEvent['type']
  readonly subject_version: number
  readonly occurred_at: number
  readonly recorded_at: Instant
  readonly data: NewEvent['data']
}
export type ReservationRow = {
  readonly order_id: string
  readonly line_no: number
  readonly sku: string
  readonly node_id: string
  readonly quantity: number
  readonly kind: string
  readonly expires_at: number | null
}
export type FulfillmentRow = {
  readonly order_id: string
  readonly fulfillment_order_id: string
  readonly node_id: string
  readonly work: string
  readonly request: string
  readonly ship_by: number | null
  readonly version: number
  readonly doc: string
}
export type ClockRow = {
  readonly order_id: string
  readonly clock: string
  readonly state: string
  readonly started_at: number
  readonly due_at: number | null
  readonly ended_at: number | null
}
export type TaskRow = {
  readonly order_id: string
  readonly task_id: string
  readonly kind: string
  readonly owner: string
  readonly node_id: string | null
  readonly assignee: string | null
  readonly opened_at: number
  readonly due_at: number
  readonly done_at: number | null
}
export type ParcelRow = {
  readonly order_id: string
  readonly parcel_id: string
  readonly fulfillment_order_id: string
  readonly carrier_id: string | null
  readonly service_id: string | null
  readonly tracking_no: string | null
  readonly packed_at: number
  readonly handed_over_at: number | null
  readonly delivered_at: number | null
  readonly state: string
  readonly doc: string
}
export type PaymentRow = {
  readonly order_id: string
  readonly entry_no: number
  readonly kind: string
  readonly method: string
  readonly amount: string
  readonly payment_ref: string | null
  readonly occurred_at: number
}
export type HoldRow = {
  readonly order_id: string
  readonly hold_id: string
  readonly scope: string
  readonly reason: string
  readonly state: string
  readonly releasable_by: string | null
  readonly placed_at: number
}
export type DecisionRow = { readonly order_id: string; readonly decision_no: number }

/** All rows of one order, as they are stored. */
export type StoredOrder = {
  readonly row: OrderColumns & StateColumns
  /** What its kept events go on from, where the first ones are archived. */
  readonly archived: ArchivedOrder | undefined
  readonly events: readonly EventRow[]
  readonly reservations: readonly ReservationRow[]
  readonly fulfillmentOrders: readonly FulfillmentRow[]
  readonly parcels: readonly ParcelRow[]
  readonly clocks: readonly ClockRow[]
  readonly tasks: readonly TaskRow[]
  readonly payments: readonly PaymentRow[]
  readonly decisions: readonly DecisionRow[]
  readonly holds: readonly HoldRow[]
}

const columns = `o.shard, o.order_id, o.channel_id, o.external_ref, o.placed_at, o.received_at, o.currency, o.total, o.account_id, o.customer_ref, o.intake,
     s.version, s.state, s.phase, s.channel_id as state_channel_id, s.next_due_at, s.recorded_at, s.doc`

/** As the row is stored: the intake is JSON text. */
type RawRow = Omit<OrderColumns, 'intake'> & StateColumns & { readonly intake: string }
const readPage = statement<RawRow>(
  'verifyOrderPage',
  `select ${columns}
   from orders as o
     left join order_states as s on s.shard = o.shard and s.order_id = o.order_id
   where (o.shard, o.order_id) > ($1::smallint, $2::bigint)
   order by o.shard, o.order_id
   limit $3::integer`,
)
const readByKey = statement<RawRow>(
  'verifyOrders',
  `select ${columns}
   from unnest($1::smallint[], $2::bigint[]) as key (shard, order_id)
     join orders as o on o.shard = key.shard and o.order_id = key.order_id
     left join order_states as s on s.shard = o.shard and s.order_id = o.order_id`,
)
const readEvents = statement<Omit<EventRow, 'data'> & { readonly data: string }>(
  'verifyOrderEvents',
  `select order_id, type, subject_version, occurred_at, recorded_at, data
   from events
   where order_id = any ($1::bigint[])
     and subject_kind = 'order'
   order by order_id, position`,
)
const byKey = (table: string, id = 'order_id') => `${table} as t on t.shard = key.shard and t.${id} = key.order_id`
const keys = 'from unnest($1::smallint[], $2::bigint[]) as key (shard, order_id)'
const readReservations = statement<ReservationRow>(
  'verifyReservations',
  `select key.order_id, t.line_no, i.sku, n.node_id, t.quantity, t.kind, t.expires_at
   ${keys}
     join ${byKey('reservations', 'holder_id')}
     join items as i using (item_no)
     join nodes as n using (node_no)`,
)
const readFulfillments = statement<FulfillmentRow>(
  'verifyFulfillmentOrders',
  `select key.order_id, t.fulfillment_order_id, n.node_id, t.work, t.request, t.ship_by, t.version, t.doc
   ${keys}
     join ${byKey('fulfillment_orders')}
     join nodes as n using (node_no)`,
)
const readParcels = statement<ParcelRow>(
  'verifyParcels',
  `select key.order_id, t.parcel_id, t.fulfillment_order_id, t.carrier_id, t.service_id, t.tracking_no, t.packed_at, t.handed_over_at,
     t.delivered_at, t.state, t.doc
   ${keys}
     join ${byKey('parcels')}`,
)
const readClocks = statement<ClockRow>(
  'verifyClocks',
  `select key.order_id, t.clock, t.state, t.started_at, t.due_at, t.ended_at
   ${keys}
     join ${byKey('clocks')}`,
)
const readTasks = statement<TaskRow>(
  'verifyTasks',
  `select key.order_id, t.task_id, t.kind, t.owner, n.node_id, t.assignee, t.opened_at, t.due_at, t.done_at
   ${keys}
     join ${byKey('tasks')}
     left join nodes as n using (node_no)`,
)
const readPayments = statement<PaymentRow>(
  'verifyPayments',
  `select key.order_id, t.entry_no, t.kind, t.method, t.amount, t.payment_ref, t.occurred_at
   ${keys}
     join ${byKey('payments')}
   order by key.order_id, t.entry_no`,
)
const readHolds = statement<HoldRow>(
  'verifyHolds',
  `select key.order_id, t.hold_id, t.scope, t.reason, t.state, t.releasable_by, t.placed_at
   ${keys}
     join ${byKey('holds')}`,
)
const readDecisions = statement<DecisionRow>(
  'verifyDecisions',
  `select key.order_id, t.decision_no
   ${keys}
     join ${byKey('sourcing_decisions')}`,
)

/** Orders behind a key in (shard, id) order, with all that hangs on them. */
export async function ordersAfter(db: Queryable, after: OrderKey, limit: number): Promise<StoredOrder[]> {
  return gather(db, await run(db, readPage, [after.shard, after.orderId, limit]))
}

/** These orders, with all that hangs on them. */
export async function storedOrders(db: Queryable, wanted: readonly OrderKey[]): Promise<StoredOrder[]> {
  const rows = await run(db, readByKey, [plainArray(wanted.map((key) => key.shard)), plainArray(wanted.map((key) => key.orderId))])
  return gather(db, rows)
}

async function gather(db: Queryable, rows: readonly RawRow[]): Promise<StoredOrder[]> {
  if (rows.length === 0) return []
  const ids = plainArray(rows.map((row) => row.order_id))
  const key = [plainArray(rows.map((row) => row.shard)), ids]
  const archived = await readArchivedOrders(
    db,
    rows.map((row) => ({ shard: row.shard, orderId: row.order_id })),
  )
  const told = await run(db, readEvents, [ids])
  const events = group(told.map((event): EventRow => ({ ...event, data: JSON.parse(event.data) as EventRow['data'] })))
  const reservations = group(await run(db, readReservations, key))
  const fulfillmentOrders = group(await run(db, readFulfillments, key))
  const parcels = group(await run(db, readParcels, key))
  const clocks = group(await run(db, readClocks, key))
  const tasks = group(await run(db, readTasks, key))
  const payments = group(await run(db, readPayments, key))
  const decisions = group(await run(db, readDecisions, key))
  const holds = group(await run(db, readHolds, key))
  return rows.map((row) => ({
    row: { ...row, intake: JSON.parse(row.intake) as OrderIntake },
    archived: archived.get(row.order_id),
    holds: holds.get(row.order_id) ?? [],
    events: events.get(row.order_id) ?? [],
    reservations: reservations.get(row.order_id) ?? [],
    fulfillmentOrders: fulfillmentOrders.get(row.order_id) ?? [],
    parcels: parcels.get(row.order_id) ?? [],
    clocks: clocks.get(row.order_id) ?? [],
    tasks: tasks.get(row.order_id) ?? [],
    payments: payments.get(row.order_id) ?? [],
    decisions: decisions.get(row.order_id) ?? [],
  }))
}

function group<T extends { readonly order_id: string }>(rows: readonly T[]): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const row of rows) {
    const known = groups.get(row.order_id)
    if (known === undefined) groups.set(row.order_id, [row])
    else known.push(row)
  }
  return groups
}
