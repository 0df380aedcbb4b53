import type { OrderChange } from '../domain/order/change.ts'
import { nextDueAt } from '../domain/order/clock.ts'
import { phaseOf } from '../domain/order/derive.ts'
import type { ParcelState } from '../domain/order/state.ts'
import { type Bulk, bulkInsert, bulkUpdate, type Columns, type Tuple, writesOf } from './bulk.ts'
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
  intake: 'text',
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

const movingState = {
  version: 'integer',
  state: 'text',
  phase: 'text',
  next_due_at: 'timestamptz',
  recorded_at: 'timestamptz',
  doc: 'text',
} as const satisfies Columns
const insertOrderStates = bulkInsert('insertOrderStates', 'order_states', { ...key, ...movingState, channel_id: 'text' })
const updateOrderStates = bulkUpdate('updateOrderStates', 'order_states', key, movingState)

function stateRows(writes: readonly OrderWrite[], isNew: boolean): Write[] {
  const rows: Tuple[] = []
  for (const { change } of writes) {
    if ((change.before === undefined) !== isNew) continue
    const { intake, state } = change.after
    const phase = phaseOf(intake, state)
    const { version, state: standing, recordedAt } = state
    const moving = [intake.shard, intake.orderId, version, standing, phase, nextDueAt(state), recordedAt, JSON.stringify(state)]
    rows.push(isNew ? [...moving, intake.channelId] : moving)
  }
  return writesOf(rows, isNew ? insertOrderStates : updateOrderStates)
}

/** Rows of new orders, rows that orders gained, and rows of theirs that moved: each kind has a statement of its own. */
type Sorted = { readonly fresh: Tuple[]; readonly gained: Tuple[]; readonly moved: Tuple[] }
type Sorting = { readonly insert: Bulk; readonly upsert: Bulk; readonly update: Bulk }
const sorted = (): Sorted => ({ fresh: [], gained: [], moved: [] })

function* sortedWrites({ fresh, gained, moved }: Sorted, { insert, upsert, update }: Sorting): Generator<Write> {
  yield* writesOf(fresh, insert)
  yield* writesOf(gained, upsert)
  yield* writesOf(moved, update)
}

const reservationKey = {
  shard: 'smallint',
  holder_id: 'id',
  line_no: 'smallint',
  item_no: 'integer',
  node_no: 'integer',
} as const satisfies Columns
const movingReservation = { quantity: 'integer', kind: 'text', expires_at: 'timestamptz' } as const satisfies Columns
const reservationColumns = { ...reservationKey, ...movingReservation } as const
const reservations: Sorting = {
  insert: bulkInsert('insertReservations', 'reservations', reservationColumns),
  upsert: bulkInsert('upsertReservations', 'reservations', reservationColumns, Object.keys(movingReservation)),
  update: bulkUpdate('updateReservations', 'reservations', reservationKey, movingReservation),
}

function reservationRows(writes: readonly OrderWrite[], numbers: Numbers): Generator<Write> {
  const rows = sorted()
  for (const { change } of writes) {
    const { intake, state } = change.after
    const before = change.before?.reservations
    if (before === state.reservations) continue
    const known = change.before?.reservedUntil === state.reservedUntil ? before : undefined
    for (const one of state.reservations) {
      if (known?.includes(one)) continue // What did not move stays the object that it was.
      const { lineNo, sku, nodeId, quantity, kind } = one
      const expiresAt = kind === 'soft' ? state.reservedUntil : undefined
      const row = [intake.shard, intake.orderId, lineNo, numbers.itemNo(sku), numbers.nodeNo(nodeId), quantity, kind, expiresAt]
      if (before === undefined) rows.fresh.push(row)
      else if (before.some((was) => was.lineNo === lineNo && was.sku === sku && was.nodeId === nodeId)) rows.moved.push(row)
      else rows.gained.push(row)
    }
  }
  return sortedWrites(rows, reservations)
}

const fulfillmentKey = { ...key, fulfillment_order_id: 'id' } as const satisfies Columns
const movingFulfillment = {
  work: 'text',
  request: 'text',
  ship_by: 'timestamptz',
  version: 'integer',
  carrier_id: 'text',
  doc: 'text',
} as const satisfies Columns
const fulfillmentColumns = { ...fulfillmentKey, ...movingFulfillment, node_no: 'integer' } as const
const fulfillmentOrders: Sorting = {
  insert: bulkInsert('insertFulfillmentOrders', 'fulfillment_orders', fulfillmentColumns),
  upsert: bulkInsert('upsertFulfillmentOrders', 'fulfillment_orders', fulfillmentColumns, Object.keys(movingFulfillment)),
  update: bulkUpdate('updateFulfillmentOrders', 'fulfillment_orders', fulfillmentKey, movingFulfillment, ['doc']),
}

function fulfillmentRows(writes: readonly OrderWrite[], numbers: Numbers): Generator<Write> {
  const rows = sorted()
  for (const { change } of writes) {
    const { intake, state } = change.after
    const before = change.before?.fulfillmentOrders
    if (before === state.fulfillmentOrders) continue
    for (const one of state.fulfillmentOrders) {
      if (before?.includes(one)) continue // What did not move stays the object that it was: its row is left alone.
      const { fulfillmentOrderId, work, request, shipBy, version, carrierId, lines } = one
      const was = before?.find((other) => other.fulfillmentOrderId === fulfillmentOrderId)
      const doc = was?.lines === lines ? undefined : JSON.stringify(lines)
      const moving = [intake.shard, intake.orderId, fulfillmentOrderId, work, request, shipBy, version, carrierId, doc]
      if (was !== undefined) rows.moved.push(moving)
      else (before === undefined ? rows.fresh : rows.gained).push([...moving, numbers.nodeNo(one.nodeId)])
    }
  }
  return sortedWrites(rows, fulfillmentOrders)
}

const parcelKey = { ...key, parcel_id: 'id' } as const satisfies Columns
const movingParcel = {
  tracking_no: 'text',
  handed_over_at: 'timestamptz',
  delivered_at: 'timestamptz',
  state: 'text',
  doc: 'text',
} as const satisfies Columns
const parcelColumns = {
  ...parcelKey,
  ...movingParcel,
  fulfillment_order_id: 'id',
  carrier_id: 'text',
  service_id: 'text',
  packed_at: 'timestamptz',
} as const
const upsertParcels = bulkInsert('upsertParcels', 'parcels', parcelColumns, Object.keys(movingParcel))
const updateParcels = bulkUpdate('updateParcels', 'parcels', parcelKey, movingParcel)

const movingOf = (parcel: ParcelState): Tuple => {
  const { parcelId, trackingNo, handedOverAt, deliveredAt, state = 'created' } = parcel
  return [parcelId, trackingNo, handedOverAt, deliveredAt, state, JSON.stringify(parcelDocOf(parcel))]
}

/** What the row of a parcel holds beside its columns. Scans have a table of their own. */
export function parcelDocOf({ scans: _, carrierId: __, serviceId: ___, packedAt: ____, ...parcel }: ParcelState): object {
  const { parcelId: _id, trackingNo: _no, handedOverAt: _out, deliveredAt: _there, state: _state, ...doc } = parcel
  return doc
}

function* parcelRows(writes: readonly OrderWrite[]): Generator<Write> {
  const gained: Tuple[] = []
  const moved: Tuple[] = []
  for (const { change } of writes) {
    const { intake, state } = change.after
    if (change.before === undefined || change.before.fulfillmentOrders === state.fulfillmentOrders) continue
    for (const work of state.fulfillmentOrders) {
      if (work.parcels === undefined && work.voided === undefined) continue
      const was = change.before.fulfillmentOrders.find((one) => one.fulfillmentOrderId === work.fulfillmentOrderId)
      const before = parcelsOf(was)
      for (const parcel of parcelsOf(work)) {
        if (before.includes(parcel)) continue
        const row = [intake.shard, intake.orderId, ...movingOf(parcel)]
        if (before.some((one) => one.parcelId === parcel.parcelId)) moved.push(row)
        else gained.push([...row, work.fulfillmentOrderId, parcel.carrierId, parcel.serviceId, parcel.packedAt])
      }
    }
  }
  yield* writesOf(gained, upsertParcels)
  yield* writesOf(moved, updateParcels)
}

const NONE: readonly ParcelState[] = []
/** Those that stand packed and those that are void. */
export function parcelsOf(
  work: { readonly parcels?: readonly ParcelState[]; readonly voided?: readonly ParcelState[] } | undefined,
): readonly ParcelState[] {
  const { parcels = NONE, voided = NONE } = work ?? {}
  return voided.length === 0 ? parcels : [...parcels, ...voided]
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

const clockKey = { ...key, clock: 'text' } as const satisfies Columns
const movingClock = { state: 'text', started_at: 'timestamptz', due_at: 'timestamptz', ended_at: 'timestamptz' } as const satisfies Columns
const clockColumns = { ...clockKey, ...movingClock } as const
const clocks: Sorting = {
  insert: bulkInsert('insertClocks', 'clocks', clockColumns),
  upsert: bulkInsert('upsertClocks', 'clocks', clockColumns, Object.keys(movingClock)),
  update: bulkUpdate('updateClocks', 'clocks', clockKey, movingClock),
}

function clockRows(writes: readonly OrderWrite[]): Generator<Write> {
  const rows = sorted()
  for (const { change } of writes) {
    const { intake, state } = change.after
    const before = change.before?.clocks
    if (before === state.clocks) continue
    for (const one of state.clocks) {
      if (before?.includes(one)) continue
      const row = [intake.shard, intake.orderId, one.clock, one.state, one.startedAt, one.dueAt, one.endedAt]
      if (before === undefined) rows.fresh.push(row)
      else if (before.some((was) => was.clock === one.clock)) rows.moved.push(row)
      else rows.gained.push(row)
    }
  }
  return sortedWrites(rows, clocks)
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
  doc: 'text',
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
  yield* reservationRows(writes, numbers)
  yield* fulfillmentRows(writes, numbers)
  yield* parcelRows(writes)
  yield* taskRows(writes, numbers)
  yield* clockRows(writes)
  yield* holdRows(writes)
  yield* paymentRows(writes)
  yield* decisionRows(writes)
  yield* personRows(writes)
}
