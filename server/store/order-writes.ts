import type { OrderChange } from '../domain/order/change.ts'
import { nextDueAt } from '../domain/order/clock.ts'
import { phaseOf } from '../domain/order/derive.ts'
import type { ParcelState } from '../domain/order/state.ts'
import { bulk, bulkInsert, selectOf, type Columns, namesOf, type Tuple, unnestOf, writesOf } from './bulk.ts'
import type { Write } from './write.ts'

/** Public names to database numbers; the engine's memory knows them all. */
export type Numbers = { itemNo(sku: string): number; nodeNo(nodeId: string): number }

/** The person row of an order: sealed text and blind indexes; no wrapped key once erased. */
export type SealedPerson = {
  readonly wrappedKey: Uint8Array
  readonly sealed: Uint8Array
  readonly phoneIndex?: Uint8Array
  readonly emailIndex?: Uint8Array
  readonly nameIndex?: Uint8Array
}

/** A change of one order together with what is kept beside it. */
export type OrderWrite = {
  readonly change: OrderChange
  readonly person?: SealedPerson
  readonly decisions?: readonly { readonly decisionNo: number; readonly doc: string }[]
}

const key = { shard: 'smallint', order_id: 'id' } as const satisfies Columns

const insertOrders = bulkInsert('insertOrders', 'orders', {
  ...key,
  channel_id: 'text',
  external_ref: 'text',
  placed_at: 'timestamptz',
  received_at: 'timestamptz',
  currency: 'text',
  total: 'bigint',
  account_id: 'text',
  customer_ref: 'text',
  intake: 'json',
})

function orderRows(writes: readonly OrderWrite[]): Write[] {
  const rows: Tuple[] = []
  for (const { change } of writes) {
    if (change.before !== undefined) continue
    const { intake } = change.after
    const { shard, channelId, externalRef, placedAt, receivedAt, currency, accountId, customerRef } = intake
    const total = intake.totals.total
    const doc = JSON.stringify(intake)
    rows.push([shard, intake.orderId, channelId, externalRef, placedAt, receivedAt, currency, total, accountId, customerRef, doc])
  }
  return writesOf(rows, insertOrders)
}

const stateColumns = {
  ...key,
  version: 'integer',
  state: 'text',
  phase: 'text',
  channel_id: 'text',
  next_due_at: 'timestamptz',
  recorded_at: 'timestamptz',
  doc: 'json',
} as const satisfies Columns
const insertOrderStates = bulkInsert('insertOrderStates', 'order_states', stateColumns)
const updateOrderStates = bulk(
  'updateOrderStates',
  stateColumns,
  `update order_states as s
   set version = row.version, state = row.state, phase = row.phase, next_due_at = row.next_due_at, recorded_at = row.recorded_at, doc = row.doc
   from (
     select ${selectOf(stateColumns)}
     from ${unnestOf(stateColumns)}
       as row (${namesOf(stateColumns)})
   ) as row
   where s.shard = row.shard
     and s.order_id = row.order_id`,
)

function stateRows(writes: readonly OrderWrite[], isNew: boolean): Write[] {
  const rows: Tuple[] = []
  for (const { change } of writes) {
    if ((change.before === undefined) !== isNew) continue
    const { intake, state } = change.after
    const phase = phaseOf(intake, state)
    const doc = JSON.stringify(state)
    rows.push([intake.shard, intake.orderId, state.version, state.state, phase, intake.channelId, nextDueAt(state), state.recordedAt, doc])
  }
  return writesOf(rows, isNew ? insertOrderStates : updateOrderStates)
}

const reservationColumns = {
  shard: 'smallint',
  holder_id: 'id',
  line_no: 'smallint',
  item_no: 'integer',
  node_no: 'integer',
  quantity: 'integer',
  kind: 'text',
  expires_at: 'timestamptz',
} as const satisfies Columns
const insertReservations = bulkInsert('insertReservations', 'reservations', reservationColumns)
const upsertReservations = bulkInsert('upsertReservations', 'reservations', reservationColumns, ['quantity', 'kind', 'expires_at'])

function reservationRows(writes: readonly OrderWrite[], isNew: boolean, numbers: Numbers): Write[] {
  const rows: Tuple[] = []
  for (const { change } of writes) {
    const { intake, state } = change.after
    if ((change.before === undefined) !== isNew || change.before?.reservations === state.reservations) continue
    const known = change.before?.reservedUntil === state.reservedUntil ? change.before?.reservations : undefined
    for (const one of state.reservations) {
      if (known?.includes(one)) continue // What did not move stays the object that it was.
      const { lineNo, sku, nodeId, quantity, kind } = one
      const expiresAt = kind === 'soft' ? state.reservedUntil : undefined
      rows.push([intake.shard, intake.orderId, lineNo, numbers.itemNo(sku), numbers.nodeNo(nodeId), quantity, kind, expiresAt])
    }
  }
  return writesOf(rows, isNew ? insertReservations : upsertReservations)
}

const fulfillmentColumns = {
  ...key,
  fulfillment_order_id: 'id',
  node_no: 'integer',
  work: 'text',
  request: 'text',
  ship_by: 'timestamptz',
  version: 'integer',
  doc: 'json',
  carrier_id: 'text',
} as const satisfies Columns
const insertFulfillmentOrders = bulkInsert('insertFulfillmentOrders', 'fulfillment_orders', fulfillmentColumns)
const upsertFulfillmentOrders = bulkInsert('upsertFulfillmentOrders', 'fulfillment_orders', fulfillmentColumns, [
  'work',
  'request',
  'ship_by',
  'version',
  'doc',
  'carrier_id',
])

function fulfillmentRows(writes: readonly OrderWrite[], isNew: boolean, numbers: Numbers): Write[] {
  const rows: Tuple[] = []
  for (const { change } of writes) {
    const { intake, state } = change.after
    if ((change.before === undefined) !== isNew || change.before?.fulfillmentOrders === state.fulfillmentOrders) continue
    for (const one of state.fulfillmentOrders) {
      if (change.before?.fulfillmentOrders.includes(one)) continue // What did not move stays the object that it was: its row is left alone.
      const { work, request, shipBy, version, carrierId } = one
      const lines = JSON.stringify(one.lines)
      rows.push([
        intake.shard,
        intake.orderId,
        one.fulfillmentOrderId,
        numbers.nodeNo(one.nodeId),
        work,
        request,
        shipBy,
        version,
        lines,
        carrierId,
      ])
    }
  }
  return writesOf(rows, isNew ? insertFulfillmentOrders : upsertFulfillmentOrders)
}

const parcelColumns = {
  ...key,
  parcel_id: 'id',
  fulfillment_order_id: 'id',
  carrier_id: 'text',
  service_id: 'text',
  tracking_no: 'text',
  packed_at: 'timestamptz',
  handed_over_at: 'timestamptz',
  delivered_at: 'timestamptz',
  state: 'text',
  doc: 'json',
} as const satisfies Columns
const upsertParcels = bulkInsert('upsertParcels', 'parcels', parcelColumns, [
  'tracking_no',
  'handed_over_at',
  'delivered_at',
  'state',
  'doc',
])

/** Scans have a table of their own. */
function parcelTuple(workId: string, { scans: _, ...parcel }: ParcelState): Tuple {
  const { parcelId, carrierId, serviceId, trackingNo, packedAt, handedOverAt, deliveredAt, state = 'created', ...doc } = parcel
  return [parcelId, workId, carrierId, serviceId, trackingNo, packedAt, handedOverAt, deliveredAt, state, JSON.stringify(doc)]
}

function parcelRows(writes: readonly OrderWrite[]): Write[] {
  const rows: Tuple[] = []
  for (const { change } of writes) {
    const { intake, state } = change.after
    if (change.before === undefined || change.before.fulfillmentOrders === state.fulfillmentOrders) continue
    for (const work of state.fulfillmentOrders) {
      const before = change.before.fulfillmentOrders.find((one) => one.fulfillmentOrderId === work.fulfillmentOrderId)
      const add = (parcels: readonly ParcelState[] | undefined, known: readonly ParcelState[] | undefined): void => {
        if (parcels === undefined || parcels === known) return
        for (const parcel of parcels)
          if (!known?.includes(parcel)) rows.push([intake.shard, intake.orderId, ...parcelTuple(work.fulfillmentOrderId, parcel)])
      }
      add(work.parcels, before?.parcels)
      add(work.voided, before?.voided)
    }
  }
  return writesOf(rows, upsertParcels)
}

const taskColumns = {
  ...key,
  task_id: 'id',
  kind: 'text',
  owner: 'text',
  node_no: 'integer',
  assignee: 'text',
  opened_at: 'timestamptz',
  due_at: 'timestamptz',
  done_at: 'timestamptz',
} as const satisfies Columns
const upsertTasks = bulkInsert('upsertTasks', 'tasks', taskColumns, ['assignee', 'done_at'])

function taskRows(writes: readonly OrderWrite[], numbers: Numbers): Write[] {
  const rows: Tuple[] = []
  for (const { change } of writes) {
    const { intake, state } = change.after
    if (state.tasks === undefined || change.before?.tasks === state.tasks) continue
    for (const one of state.tasks) {
      if (change.before?.tasks?.includes(one)) continue
      const { taskId, kind, owner, nodeId, assignee, openedAt, dueAt, doneAt } = one
      const nodeNo = nodeId === undefined ? undefined : numbers.nodeNo(nodeId)
      rows.push([intake.shard, intake.orderId, taskId, kind, owner, nodeNo, assignee, openedAt, dueAt, doneAt])
    }
  }
  return writesOf(rows, upsertTasks)
}

const clockColumns = {
  ...key,
  clock: 'text',
  state: 'text',
  started_at: 'timestamptz',
  due_at: 'timestamptz',
  ended_at: 'timestamptz',
} as const satisfies Columns
const insertClocks = bulkInsert('insertClocks', 'clocks', clockColumns)
const upsertClocks = bulkInsert('upsertClocks', 'clocks', clockColumns, ['state', 'started_at', 'due_at', 'ended_at'])

function clockRows(writes: readonly OrderWrite[], isNew: boolean): Write[] {
  const rows: Tuple[] = []
  for (const { change } of writes) {
    const { intake, state } = change.after
    if ((change.before === undefined) !== isNew || change.before?.clocks === state.clocks) continue
    for (const one of state.clocks)
      if (!change.before?.clocks.includes(one))
        rows.push([intake.shard, intake.orderId, one.clock, one.state, one.startedAt, one.dueAt, one.endedAt])
  }
  return writesOf(rows, isNew ? insertClocks : upsertClocks)
}

const upsertHolds = bulkInsert(
  'upsertHolds',
  'holds',
  {
    ...key,
    hold_id: 'text',
    scope: 'text',
    reason: 'text',
    state: 'text',
    releasable_by: 'text',
    placed_at: 'timestamptz',
  },
  ['state'],
)

function holdRows(writes: readonly OrderWrite[]): Write[] {
  const rows: Tuple[] = []
  for (const { change } of writes) {
    const { intake, state } = change.after
    if (state.holds.length === 0 || change.before?.holds === state.holds) continue
    for (const { holdId, scope, reason, state: standing, releasableBy, placedAt } of state.holds)
      rows.push([intake.shard, intake.orderId, holdId, scope, reason, standing, releasableBy?.join(' '), placedAt])
  }
  return writesOf(rows, upsertHolds)
}

const insertPayments = bulkInsert('insertPayments', 'payments', {
  ...key,
  entry_no: 'smallint',
  kind: 'text',
  method: 'text',
  amount: 'bigint',
  payment_ref: 'text',
  occurred_at: 'timestamptz',
  recorded_at: 'timestamptz',
})

function paymentRows(writes: readonly OrderWrite[]): Write[] {
  const rows: Tuple[] = []
  for (const { change } of writes) {
    const { intake, state } = change.after
    const from = change.before?.payments.length ?? 0
    for (const [i, { kind, method, amount, paymentRef, occurredAt }] of state.payments.entries())
      if (i >= from) rows.push([intake.shard, intake.orderId, i, kind, method, amount, paymentRef, occurredAt, state.recordedAt])
  }
  return writesOf(rows, insertPayments)
}

const decisionColumns = {
  ...key,
  decision_no: 'smallint',
  state: 'text',
  decided_at: 'timestamptz',
  doc: 'json',
} as const satisfies Columns
const insertDecisions = bulkInsert('insertDecisions', 'sourcing_decisions', decisionColumns)

function decisionRows(writes: readonly OrderWrite[]): Write[] {
  const rows: Tuple[] = []
  for (const { change, decisions } of writes) {
    const { intake, state } = change.after
    for (const { decisionNo, doc } of decisions ?? [])
      rows.push([intake.shard, intake.orderId, decisionNo, 'applied', state.recordedAt, doc])
  }
  return writesOf(rows, insertDecisions)
}

const insertPersons = bulkInsert('insertPersons', 'persons', {
  shard: 'smallint',
  person_id: 'id',
  wrapped_key: 'bytea',
  sealed: 'bytea',
  phone_index: 'bytea',
  email_index: 'bytea',
  name_index: 'bytea',
})

function personRows(writes: readonly OrderWrite[]): Write[] {
  const rows: Tuple[] = []
  for (const { change, person } of writes) {
    if (person === undefined) continue
    const { wrappedKey, sealed, phoneIndex, emailIndex, nameIndex } = person
    const { shard, orderId } = change.after.intake
    rows.push([shard, orderId, wrappedKey, sealed, phoneIndex, emailIndex, nameIndex])
  }
  return writesOf(rows, insertPersons)
}

/**
 * The rows that a batch of order changes leads to, as set-based statements. All rows belong to orders that the
 * transaction has claimed or locked, so the order among the statements is free. Each is made when it is asked for.
 */
export function* orderWrites(writes: readonly OrderWrite[], numbers: Numbers): Generator<Write> {
  yield* orderRows(writes)
  yield* stateRows(writes, true)
  yield* stateRows(writes, false)
  yield* reservationRows(writes, true, numbers)
  yield* reservationRows(writes, false, numbers)
  yield* fulfillmentRows(writes, true, numbers)
  yield* fulfillmentRows(writes, false, numbers)
  yield* parcelRows(writes)
  yield* taskRows(writes, numbers)
  yield* clockRows(writes, true)
  yield* clockRows(writes, false)
  yield* holdRows(writes)
  yield* paymentRows(writes)
  yield* decisionRows(writes)
  yield* personRows(writes)
}
