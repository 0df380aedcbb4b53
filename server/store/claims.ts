import { arrayFrom } from './array-format.ts'
import { plainArray, textArray } from './columns.ts'
import { statement } from './database.ts'
import { NOTHING, type Write } from './write.ts'

/**
 * Claims and locks in the lock order of ARCHITECTURE.md: answers → refs → orders → reservations → accounts → stock → capacity → supply.
 * Each takes its rows sorted, so that two transactions meet in the same order and never deadlock. None is sent for no rows: to lock no
 * orders cost a batch of placings 370 µs of PostgreSQL, half of it planning.
 */

export type AnswerRow = { readonly credentialId: string; readonly key: string; readonly inputHash: Uint8Array; readonly answer: string }

const insertAnswers = statement(
  'insertAnswers',
  `insert into answers (credential_id, idempotency_key, input_hash, answer, answered_at)
   select credential_id, idempotency_key, input_hash, answer::json, $5::timestamptz
   from unnest($1::text[], $2::text[], $3::bytea[], $4::text[]) as row (credential_id, idempotency_key, input_hash, answer)
   order by credential_id, idempotency_key
   on conflict on constraint answers_pkey do nothing
   returning credential_id, idempotency_key`,
)

/** Claims idempotency keys together with their answers; a key that somebody else holds returns no row. Waits for a transaction in flight on the same key. */
export function claimAnswers(rows: readonly AnswerRow[], wallNow: Date): Write {
  return {
    statement: insertAnswers,
    values: [
      arrayFrom(
        'text',
        rows.map((row) => row.credentialId),
      ),
      arrayFrom(
        'text',
        rows.map((row) => row.key),
      ),
      arrayFrom(
        'bytea',
        rows.map((row) => row.inputHash),
      ),
      arrayFrom(
        'text',
        rows.map((row) => row.answer),
      ),
      wallNow.toISOString(),
    ],
  }
}

const deleteAnswers = statement(
  'deleteAnswers',
  `delete from answers as a
   using unnest($1::text[], $2::text[]) as row (credential_id, idempotency_key)
   where a.credential_id = row.credential_id
     and a.idempotency_key = row.idempotency_key`,
)

/** Gives claimed keys back within the transaction that claimed them: their commands are decided again. */
export function unclaimAnswers(rows: readonly AnswerRow[]): Write {
  return { statement: deleteAnswers, values: [textArray(rows.map((row) => row.credentialId)), textArray(rows.map((row) => row.key))] }
}

export type RefRow = {
  readonly shard: number
  readonly channelId: string
  readonly externalRef: string
  readonly orderId: string
  readonly inputHash: Uint8Array
}

const insertRefs = statement(
  'insertRefs',
  `insert into order_refs (shard, channel_id, external_ref, order_id, input_hash)
   select shard, channel_id, external_ref, order_id, input_hash
   from unnest($1::smallint[], $2::text[], $3::text[], $4::bigint[], $5::bytea[]) as row (shard, channel_id, external_ref, order_id, input_hash)
   order by shard, channel_id, external_ref
   on conflict on constraint order_refs_pkey do nothing
   returning order_id`,
)

/** Claims (channel, external ref) for orders; a lost race returns no row and fails nothing. */
export function claimRefs(rows: readonly RefRow[]): Write {
  if (rows.length === 0) return NOTHING
  return {
    statement: insertRefs,
    values: [
      arrayFrom(
        'smallint',
        rows.map((row) => row.shard),
      ),
      arrayFrom(
        'text',
        rows.map((row) => row.channelId),
      ),
      arrayFrom(
        'text',
        rows.map((row) => row.externalRef),
      ),
      arrayFrom(
        'bigint',
        rows.map((row) => row.orderId),
      ),
      arrayFrom(
        'bytea',
        rows.map((row) => row.inputHash),
      ),
    ],
  }
}

const deleteRefs = statement(
  'deleteRefs',
  `delete from order_refs as r
   using unnest($1::smallint[], $2::text[], $3::text[]) as row (shard, channel_id, external_ref)
   where r.shard = row.shard
     and r.channel_id = row.channel_id
     and r.external_ref = row.external_ref`,
)

/** Gives claimed refs back within the transaction that claimed them. */
export function unclaimRefs(rows: readonly RefRow[]): Write {
  return {
    statement: deleteRefs,
    values: [
      plainArray(rows.map((row) => row.shard)),
      textArray(rows.map((row) => row.channelId)),
      textArray(rows.map((row) => row.externalRef)),
    ],
  }
}

const lockOrderRows = statement(
  'lockOrders',
  `select s.order_id, s.version
   from order_states as s
     join unnest($1::smallint[], $2::bigint[]) as row (shard, order_id) on s.shard = row.shard and s.order_id = row.order_id
   order by s.shard, s.order_id
   for update of s`,
)

export function lockOrders(rows: readonly { readonly shard: number; readonly orderId: string }[]): Write {
  if (rows.length === 0) return NOTHING
  return {
    statement: lockOrderRows,
    values: [
      arrayFrom(
        'smallint',
        rows.map((row) => row.shard),
      ),
      arrayFrom(
        'bigint',
        rows.map((row) => row.orderId),
      ),
    ],
  }
}

const lockAccountRows = statement(
  'lockAccounts',
  `select account_id, exposure, version
   from accounts
   where account_id = any ($1::text[])
   order by account_id
   for update`,
)

export function lockAccounts(accountIds: readonly string[]): Write {
  if (accountIds.length === 0) return NOTHING
  return { statement: lockAccountRows, values: [textArray(accountIds)] }
}

const moveExposureRows = statement(
  'moveExposure',
  `update accounts as a
   set exposure = a.exposure + row.delta
   from unnest($1::text[], $2::bigint[]) as row (account_id, delta)
   where a.account_id = row.account_id`,
)

export function moveExposure(rows: readonly { readonly accountId: string; readonly delta: number }[]): Write {
  return { statement: moveExposureRows, values: [textArray(rows.map((row) => row.accountId)), plainArray(rows.map((row) => row.delta))] }
}

const lockCapacityRows = statement(
  'lockCapacity',
  `with wanted as (
     select node_no, day
     from unnest($1::integer[], $2::date[]) as row (node_no, day)
   ), made as (
     insert into node_capacity (node_no, day, used)
     select node_no, day, 0
     from wanted
     order by node_no, day
     on conflict on constraint node_capacity_pkey do nothing
   )
   select c.node_no, to_char(c.day, 'YYYY-MM-DD') as day, c.used
   from node_capacity as c
     join wanted using (node_no, day)
   order by c.node_no, c.day
   for update of c`,
)

/** Locks the (node, day) rows and reads how many fulfillment orders they hold. Rows made by this very call are not returned: they hold none. */
export function lockCapacity(rows: readonly { readonly nodeNo: number; readonly day: string }[]): Write {
  if (rows.length === 0) return NOTHING
  return { statement: lockCapacityRows, values: [plainArray(rows.map((row) => row.nodeNo)), textArray(rows.map((row) => row.day))] }
}

const moveCapacityRows = statement(
  'moveCapacity',
  `update node_capacity as c
   set used = c.used + row.delta
   from unnest($1::integer[], $2::date[], $3::integer[]) as row (node_no, day, delta)
   where c.node_no = row.node_no
     and c.day = row.day`,
)

export function moveCapacity(rows: readonly { readonly nodeNo: number; readonly day: string; readonly delta: number }[]): Write {
  return {
    statement: moveCapacityRows,
    values: [plainArray(rows.map((row) => row.nodeNo)), textArray(rows.map((row) => row.day)), plainArray(rows.map((row) => row.delta))],
  }
}

const lockSupplyRows = statement(
  'lockSupply',
  `select supply_id, quantity - received - reserved as free, reserved
   from supply
   where supply_id = any ($1::text[])
   order by supply_id
   for update`,
)

/** Locks dated supply and reads how much of it nobody counts on yet. */
export const lockSupply = (supplyIds: readonly string[]): Write =>
  supplyIds.length === 0 ? NOTHING : { statement: lockSupplyRows, values: [textArray(supplyIds)] }

const moveSupplyRows = statement(
  'moveSupply',
  `update supply as s
   set reserved = s.reserved + row.delta
   from unnest($1::text[], $2::integer[]) as row (supply_id, delta)
   where s.supply_id = row.supply_id`,
)

export function moveSupply(rows: readonly { readonly supplyId: string; readonly quantity: number }[]): Write {
  return { statement: moveSupplyRows, values: [textArray(rows.map((row) => row.supplyId)), plainArray(rows.map((row) => row.quantity))] }
}

const writeSlot = statement(
  'writeBatchId',
  `update process_slots
   set batch_id = $2::bigint
   where slot = $1::smallint`,
)

/** Marks the transaction with its batch id, so that its fate can be read after a lost connection. */
export function writeBatchId(slot: number, batchId: number): Write {
  return { statement: writeSlot, values: [slot, batchId] }
}
