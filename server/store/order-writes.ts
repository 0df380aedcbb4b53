import type { OrderChange } from '../domain/order/change.ts'
import { nextDueAt } from '../domain/order/clock.ts'
import { phaseOf } from '../domain/order/derive.ts'
import { idToInt8 } from '../kernel/ids.ts'
import { byteaArray, instantArray, plainArray, textArray } from './columns.ts'
import { statement } from './database.ts'
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

const insertOrders = statement(
  'insertOrders',
  `insert into orders (shard, order_id, channel_id, external_ref, placed_at, received_at, currency, total, account_id, customer_ref, intake)
   select shard, order_id, channel_id, external_ref, placed_at, received_at, currency, total, account_id, customer_ref, intake::json
   from unnest($1::smallint[], $2::bigint[], $3::text[], $4::text[], $5::timestamptz[], $6::timestamptz[], $7::text[], $8::bigint[], $9::text[], $10::text[], $11::text[])
     as row (shard, order_id, channel_id, external_ref, placed_at, received_at, currency, total, account_id, customer_ref, intake)`,
)

const insertOrderStates = statement(
  'insertOrderStates',
  `insert into order_states (shard, order_id, version, state, phase, channel_id, next_due_at, recorded_at, doc)
   select shard, order_id, version, state, phase, channel_id, next_due_at, recorded_at, doc::json
   from unnest($1::smallint[], $2::bigint[], $3::integer[], $4::text[], $5::text[], $6::text[], $7::timestamptz[], $8::timestamptz[], $9::text[])
     as row (shard, order_id, version, state, phase, channel_id, next_due_at, recorded_at, doc)`,
)

const updateOrderStates = statement(
  'updateOrderStates',
  `update order_states as s
   set version = row.version, state = row.state, phase = row.phase, next_due_at = row.next_due_at, recorded_at = row.recorded_at, doc = row.doc::json
   from unnest($1::smallint[], $2::bigint[], $3::integer[], $4::text[], $5::text[], $6::text[], $7::timestamptz[], $8::timestamptz[], $9::text[])
     as row (shard, order_id, version, state, phase, channel_id, next_due_at, recorded_at, doc)
   where s.shard = row.shard
     and s.order_id = row.order_id`,
)

const reservationRows = `insert into reservations (shard, holder_id, line_no, item_no, node_no, quantity, kind, expires_at)
   select shard, holder_id, line_no, item_no, node_no, quantity, kind, expires_at
   from unnest($1::smallint[], $2::bigint[], $3::smallint[], $4::integer[], $5::integer[], $6::integer[], $7::text[], $8::timestamptz[])
     as row (shard, holder_id, line_no, item_no, node_no, quantity, kind, expires_at)`
const insertReservations = statement('insertReservations', reservationRows)
const upsertReservations = statement(
  'upsertReservations',
  `${reservationRows}
   on conflict on constraint reservations_pkey
   do update set quantity = excluded.quantity, kind = excluded.kind, expires_at = excluded.expires_at`,
)

const fulfillmentRows = `insert into fulfillment_orders (shard, order_id, fulfillment_order_id, node_no, work, request, ship_by, version, doc, carrier_id)
   select shard, order_id, fulfillment_order_id, node_no, work, request, ship_by, version, doc::json, carrier_id
   from unnest($1::smallint[], $2::bigint[], $3::bigint[], $4::integer[], $5::text[], $6::text[], $7::timestamptz[], $8::integer[], $9::text[], $10::text[])
     as row (shard, order_id, fulfillment_order_id, node_no, work, request, ship_by, version, doc, carrier_id)`
const insertFulfillmentOrders = statement('insertFulfillmentOrders', fulfillmentRows)
const upsertFulfillmentOrders = statement(
  'upsertFulfillmentOrders',
  `${fulfillmentRows}
   on conflict on constraint fulfillment_orders_pkey
   do update set work = excluded.work, request = excluded.request, ship_by = excluded.ship_by, version = excluded.version, doc = excluded.doc,
     carrier_id = excluded.carrier_id`,
)

const clockRows = `insert into clocks (shard, order_id, clock, state, started_at, due_at, ended_at)
   select shard, order_id, clock, state, started_at, due_at, ended_at
   from unnest($1::smallint[], $2::bigint[], $3::text[], $4::text[], $5::timestamptz[], $6::timestamptz[], $7::timestamptz[])
     as row (shard, order_id, clock, state, started_at, due_at, ended_at)`
const insertClocks = statement('insertClocks', clockRows)
const upsertClocks = statement(
  'upsertClocks',
  `${clockRows}
   on conflict on constraint clocks_pkey
   do update set state = excluded.state, started_at = excluded.started_at, due_at = excluded.due_at, ended_at = excluded.ended_at`,
)

const insertPayments = statement(
  'insertPayments',
  `insert into payments (shard, order_id, entry_no, kind, method, amount, payment_ref, occurred_at, recorded_at)
   select shard, order_id, entry_no, kind, method, amount, payment_ref, occurred_at, recorded_at
   from unnest($1::smallint[], $2::bigint[], $3::smallint[], $4::text[], $5::text[], $6::bigint[], $7::text[], $8::timestamptz[], $9::timestamptz[])
     as row (shard, order_id, entry_no, kind, method, amount, payment_ref, occurred_at, recorded_at)`,
)

const insertDecisions = statement(
  'insertDecisions',
  `insert into sourcing_decisions (shard, order_id, decision_no, state, decided_at, doc)
   select shard, order_id, decision_no, 'applied', decided_at, doc::json
   from unnest($1::smallint[], $2::bigint[], $3::smallint[], $4::timestamptz[], $5::text[])
     as row (shard, order_id, decision_no, decided_at, doc)`,
)

const insertPersons = statement(
  'insertPersons',
  `insert into persons (shard, person_id, wrapped_key, sealed, phone_index, email_index, name_index)
   select shard, person_id, wrapped_key, sealed, phone_index, email_index, name_index
   from unnest($1::smallint[], $2::bigint[], $3::bytea[], $4::bytea[], $5::bytea[], $6::bytea[], $7::bytea[])
     as row (shard, person_id, wrapped_key, sealed, phone_index, email_index, name_index)`,
)

type Column = (string | number | null)[]

function orderRows(writes: readonly OrderWrite[]): Write[] {
  const shard: Column = [],
    id: Column = [],
    channel: string[] = [],
    ref: string[] = [],
    placed: number[] = [],
    received: number[] = []
  const currency: string[] = [],
    total: Column = [],
    account: (string | null)[] = [],
    customer: (string | null)[] = [],
    doc: string[] = []
  for (const { change } of writes) {
    if (change.before !== undefined) continue
    const { intake } = change.after
    shard.push(intake.shard)
    id.push(idToInt8(intake.orderId))
    channel.push(intake.channelId)
    ref.push(intake.externalRef)
    placed.push(intake.placedAt)
    received.push(intake.receivedAt)
    currency.push(intake.currency)
    total.push(intake.totals.total)
    account.push(intake.accountId ?? null)
    customer.push(intake.customerRef ?? null)
    doc.push(JSON.stringify(intake))
  }
  if (shard.length === 0) return []
  return [
    {
      statement: insertOrders,
      values: [
        plainArray(shard),
        plainArray(id),
        textArray(channel),
        textArray(ref),
        instantArray(placed),
        instantArray(received),
        textArray(currency),
        plainArray(total),
        textArray(account),
        textArray(customer),
        textArray(doc),
      ],
    },
  ]
}

function stateRows(writes: readonly OrderWrite[], fresh: boolean): Write[] {
  const shard: Column = [],
    id: Column = [],
    version: Column = [],
    state: string[] = [],
    phase: string[] = [],
    channel: string[] = []
  const due: (number | null)[] = [],
    recorded: number[] = [],
    doc: string[] = []
  for (const { change } of writes) {
    if ((change.before === undefined) !== fresh) continue
    const { intake, state: after } = change.after
    shard.push(intake.shard)
    id.push(idToInt8(intake.orderId))
    version.push(after.version)
    state.push(after.state)
    phase.push(phaseOf(intake, after))
    channel.push(intake.channelId)
    due.push(nextDueAt(after) ?? null)
    recorded.push(after.recordedAt)
    doc.push(JSON.stringify(after))
  }
  if (shard.length === 0) return []
  const values = [
    plainArray(shard),
    plainArray(id),
    plainArray(version),
    textArray(state),
    textArray(phase),
    textArray(channel),
    instantArray(due),
    instantArray(recorded),
    textArray(doc),
  ]
  return [{ statement: fresh ? insertOrderStates : updateOrderStates, values }]
}

function reservationWrites(writes: readonly OrderWrite[], fresh: boolean, numbers: Numbers): Write[] {
  const shard: Column = [],
    holder: Column = [],
    line: Column = [],
    item: Column = [],
    node: Column = [],
    quantity: Column = [],
    kind: string[] = []
  const expires: (number | null)[] = []
  for (const { change } of writes) {
    const { intake, state } = change.after
    if ((change.before === undefined) !== fresh || change.before?.reservations === state.reservations) continue
    const key = idToInt8(intake.orderId)
    for (const one of state.reservations) {
      shard.push(intake.shard)
      holder.push(key)
      line.push(one.lineNo)
      item.push(numbers.itemNo(one.sku))
      node.push(numbers.nodeNo(one.nodeId))
      quantity.push(one.quantity)
      kind.push(one.kind)
      expires.push(one.kind === 'soft' ? (state.reservedUntil ?? null) : null)
    }
  }
  if (shard.length === 0) return []
  const values = [
    plainArray(shard),
    plainArray(holder),
    plainArray(line),
    plainArray(item),
    plainArray(node),
    plainArray(quantity),
    textArray(kind),
    instantArray(expires),
  ]
  return [{ statement: fresh ? insertReservations : upsertReservations, values }]
}

function fulfillmentWrites(writes: readonly OrderWrite[], fresh: boolean, numbers: Numbers): Write[] {
  const shard: Column = [],
    id: Column = [],
    ful: Column = [],
    node: Column = [],
    work: string[] = [],
    request: string[] = [],
    version: Column = [],
    doc: string[] = [],
    carrier: (string | null)[] = []
  const ship: (number | null)[] = []
  for (const { change } of writes) {
    const { intake, state } = change.after
    if ((change.before === undefined) !== fresh || change.before?.fulfillmentOrders === state.fulfillmentOrders) continue
    const key = idToInt8(intake.orderId)
    for (const one of state.fulfillmentOrders) {
      shard.push(intake.shard)
      id.push(key)
      ful.push(idToInt8(one.fulfillmentOrderId))
      node.push(numbers.nodeNo(one.nodeId))
      work.push(one.work)
      request.push(one.request)
      ship.push(one.shipBy ?? null)
      version.push(one.version)
      doc.push(JSON.stringify(one.lines))
      carrier.push(one.carrierId ?? null)
    }
  }
  if (shard.length === 0) return []
  const values = [
    plainArray(shard),
    plainArray(id),
    plainArray(ful),
    plainArray(node),
    textArray(work),
    textArray(request),
    instantArray(ship),
    plainArray(version),
    textArray(doc),
    textArray(carrier),
  ]
  return [{ statement: fresh ? insertFulfillmentOrders : upsertFulfillmentOrders, values }]
}

function clockWrites(writes: readonly OrderWrite[], fresh: boolean): Write[] {
  const shard: Column = [],
    id: Column = [],
    clock: string[] = [],
    state: string[] = [],
    started: number[] = [],
    due: number[] = []
  const ended: (number | null)[] = []
  for (const { change } of writes) {
    const { intake, state: after } = change.after
    if ((change.before === undefined) !== fresh || change.before?.clocks === after.clocks) continue
    const key = idToInt8(intake.orderId)
    for (const one of after.clocks) {
      shard.push(intake.shard)
      id.push(key)
      clock.push(one.clock)
      state.push(one.state)
      started.push(one.startedAt)
      due.push(one.dueAt)
      ended.push(one.endedAt ?? null)
    }
  }
  if (shard.length === 0) return []
  const values = [
    plainArray(shard),
    plainArray(id),
    textArray(clock),
    textArray(state),
    instantArray(started),
    instantArray(due),
    instantArray(ended),
  ]
  return [{ statement: fresh ? insertClocks : upsertClocks, values }]
}

function paymentWrites(writes: readonly OrderWrite[]): Write[] {
  const shard: Column = [],
    id: Column = [],
    no: Column = [],
    kind: string[] = [],
    method: string[] = [],
    amount: Column = [],
    ref: (string | null)[] = []
  const occurred: number[] = [],
    recorded: number[] = []
  for (const { change } of writes) {
    const { intake, state } = change.after
    const from = change.before?.payments.length ?? 0
    for (let i = from; i < state.payments.length; i++) {
      const entry = state.payments[i]
      if (entry === undefined) continue
      shard.push(intake.shard)
      id.push(idToInt8(intake.orderId))
      no.push(i)
      kind.push(entry.kind)
      method.push(entry.method)
      amount.push(entry.amount)
      ref.push(entry.paymentRef ?? null)
      occurred.push(entry.occurredAt)
      recorded.push(state.recordedAt)
    }
  }
  if (shard.length === 0) return []
  const values = [
    plainArray(shard),
    plainArray(id),
    plainArray(no),
    textArray(kind),
    textArray(method),
    plainArray(amount),
    textArray(ref),
    instantArray(occurred),
    instantArray(recorded),
  ]
  return [{ statement: insertPayments, values }]
}

function decisionWrites(writes: readonly OrderWrite[]): Write[] {
  const shard: Column = [],
    id: Column = [],
    no: Column = [],
    at: number[] = [],
    doc: string[] = []
  for (const { change, decisions } of writes) {
    for (const decision of decisions ?? []) {
      shard.push(change.after.intake.shard)
      id.push(idToInt8(change.after.intake.orderId))
      no.push(decision.decisionNo)
      at.push(change.after.state.recordedAt)
      doc.push(decision.doc)
    }
  }
  if (shard.length === 0) return []
  return [{ statement: insertDecisions, values: [plainArray(shard), plainArray(id), plainArray(no), instantArray(at), textArray(doc)] }]
}

function personWrites(writes: readonly OrderWrite[]): Write[] {
  const shard: Column = [],
    id: Column = [],
    key: (Uint8Array | null)[] = [],
    sealed: (Uint8Array | null)[] = []
  const phone: (Uint8Array | null)[] = [],
    email: (Uint8Array | null)[] = [],
    name: (Uint8Array | null)[] = []
  for (const { change, person } of writes) {
    if (person === undefined) continue
    shard.push(change.after.intake.shard)
    id.push(idToInt8(change.after.intake.orderId))
    key.push(person.wrappedKey)
    sealed.push(person.sealed)
    phone.push(person.phoneIndex ?? null)
    email.push(person.emailIndex ?? null)
    name.push(person.nameIndex ?? null)
  }
  if (shard.length === 0) return []
  return [
    {
      statement: insertPersons,
      values: [
        plainArray(shard),
        plainArray(id),
        byteaArray(key),
        byteaArray(sealed),
        byteaArray(phone),
        byteaArray(email),
        byteaArray(name),
      ],
    },
  ]
}

/**
 * The rows that a batch of order changes leads to, as set-based statements. All rows belong to orders that the
 * transaction has claimed or locked, so the order among the statements is free.
 */
export function orderWrites(writes: readonly OrderWrite[], numbers: Numbers): Write[] {
  return [
    ...orderRows(writes),
    ...stateRows(writes, true),
    ...stateRows(writes, false),
    ...reservationWrites(writes, true, numbers),
    ...reservationWrites(writes, false, numbers),
    ...fulfillmentWrites(writes, true, numbers),
    ...fulfillmentWrites(writes, false, numbers),
    ...clockWrites(writes, true),
    ...clockWrites(writes, false),
    ...paymentWrites(writes),
    ...decisionWrites(writes),
    ...personWrites(writes),
  ]
}
