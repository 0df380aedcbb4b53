import { idFromInt8, idToInt8, type InboxId, type OrderId, type PersonId, shardOfId } from '../kernel/ids.ts'
import type { Instant } from '../kernel/time.ts'
import { bulkInsert } from './bulk.ts'
import { plainArray, textArray } from './columns.ts'
import { type Queryable, run, statement } from './database.ts'
import type { SealedPerson } from './order-writes.ts'
import type { Ref } from './order-reads.ts'
import type { Write } from './write.ts'

/** applied and review: an order stands as the body says; same, older: recorded beside it; the rest made no order. */
export type BodyState = 'applied' | 'review' | 'same' | 'older' | 'inbox' | 'replayed' | 'discarded'

/** A body as it is kept: `sealed` with the key of the person whose number it names. */
export type BodyRow = {
  readonly bodyId: InboxId
  readonly shard: number
  readonly personId: PersonId
  readonly channelId: string
  readonly externalRef: string | undefined
  readonly orderId: OrderId | undefined
  readonly state: BodyState
  readonly platformVersion: Instant | undefined
  readonly inputHash: Uint8Array
  readonly receivedAt: Instant
  readonly sealed: Uint8Array
  readonly issues: readonly unknown[]
}

const insertBodyRows = bulkInsert('insertBodies', 'channel_bodies', {
  shard: 'smallint',
  body_id: 'bigint',
  person_id: 'bigint',
  channel_id: 'text',
  external_ref: 'text',
  order_id: 'bigint',
  state: 'text',
  platform_version: 'bigint',
  input_hash: 'bytea',
  received_at: 'timestamptz',
  sealed: 'bytea',
  issues: 'json',
})

export const insertBody = (row: BodyRow): Write =>
  insertBodyRows.write([
    [
      row.shard,
      idToInt8(row.bodyId),
      idToInt8(row.personId),
      row.channelId,
      row.externalRef,
      row.orderId === undefined ? null : idToInt8(row.orderId),
      row.state,
      row.platformVersion,
      row.inputHash,
      row.receivedAt,
      row.sealed,
      JSON.stringify(row.issues),
    ],
  ])

const insertOwnerRows = bulkInsert('insertBodyOwners', 'persons', {
  shard: 'smallint',
  person_id: 'bigint',
  wrapped_key: 'bytea',
  sealed: 'bytea',
})

/** Somebody we cannot name yet: the key of a body that belongs to no order. */
export const insertBodyOwner = (shard: number, personId: PersonId, wrappedKey: Uint8Array, sealed: Uint8Array): Write =>
  insertOwnerRows.write([[shard, idToInt8(personId), wrappedKey, sealed]])

const updatePersonRow = statement(
  'updatePersons',
  `update persons
   set sealed = $3::bytea, phone_index = $4::bytea, email_index = $5::bytea, name_index = $6::bytea
   where shard = $1::smallint
     and person_id = $2::bigint
     and wrapped_key is not null`,
)

/** What is known of a person now, sealed with the same key; an erased person stays erased. */
export function updatePersons(personId: PersonId, person: Omit<SealedPerson, 'wrappedKey'>): Write {
  const { sealed, phoneIndex = null, emailIndex = null, nameIndex = null } = person
  return { statement: updatePersonRow, values: [shardOfId(personId), idToInt8(personId), sealed, phoneIndex, emailIndex, nameIndex] }
}

const updateIssueRows = statement(
  'updateBodyIssues',
  `update channel_bodies
   set state = $3::text, issues = $4::json, external_ref = coalesce($5::text, external_ref)
   where shard = $1::smallint
     and body_id = $2::bigint
     and state in ('inbox', 'discarded')`,
)

/** A replay made no order either: why not, now. */
export function updateBodyIssues(
  bodyId: InboxId,
  state: 'inbox' | 'discarded',
  issues: readonly unknown[],
  externalRef: string | undefined,
): Write {
  return {
    statement: updateIssueRows,
    values: [shardOfId(bodyId), idToInt8(bodyId), state, JSON.stringify(issues), externalRef ?? null],
  }
}

const countEvents = statement<{ body_id: string; version: number }>(
  'countBodyEvents',
  `with asked as (
     select shard, body_id, count(*)::integer as events
     from unnest($1::smallint[], $2::bigint[]) as row (shard, body_id)
     group by shard, body_id
   ), locked as (
     select b.shard, b.body_id
     from channel_bodies as b
       join asked using (shard, body_id)
     order by b.shard, b.body_id
     for update of b
   )
   update channel_bodies as b
   set version = b.version + asked.events
   from locked
     join asked using (shard, body_id)
   where b.shard = locked.shard
     and b.body_id = locked.body_id
   returning b.body_id, b.version - asked.events as version`,
)

/** Counts one more event of each body that is there, and locks it; answers with `body_id` and the version it stood at. */
export const countBodyEvents = (bodies: readonly InboxId[]): Write => ({
  statement: countEvents,
  values: [plainArray(bodies.map(shardOfId)), plainArray(bodies.map(idToInt8))],
})

const markReplayedRow = statement(
  'markBodyReplayed',
  `update channel_bodies
   set state = 'replayed', order_id = $3::bigint, sealed = ''::bytea
   where shard = $1::smallint
     and body_id = $2::bigint
     and state in ('inbox', 'discarded')`,
)

const eraseOwnerRow = statement(
  'eraseBodyOwner',
  `update persons
   set wrapped_key = null, erased_at = $3::timestamptz
   where shard = $1::smallint
     and person_id = $2::bigint`,
)

/** The order keeps the content now, under its buyer's key; the copy of the inbox goes, and the key it had. */
export function markReplayed(bodyId: InboxId, orderId: OrderId | undefined, at: Instant): Write[] {
  const key = [shardOfId(bodyId), idToInt8(bodyId)]
  return [
    { statement: markReplayedRow, values: [...key, orderId === undefined ? null : idToInt8(orderId)] },
    { statement: eraseOwnerRow, values: [...key, new Date(at).toISOString()] },
  ]
}

/** Where the order of a reference stands with its channel. */
export type BodyHead = {
  readonly orderId: OrderId
  readonly version: number
  /** As taken in; it never moves. */
  readonly shipTo: { readonly countryCode: string; readonly region?: string; readonly city?: string }
  /** Undefined once the buyer is erased. */
  readonly wrappedKey: Uint8Array | undefined
  /** The body applied last; none where the order did not come by one. */
  readonly applied: { readonly bodyId: InboxId; readonly sealed: Uint8Array } | undefined
  /** The latest version that the platform told of this content. */
  readonly platformVersion: Instant | undefined
}

type HeadRow = {
  readonly external_ref: string
  readonly order_id: string
  readonly version: number
  readonly ship_to: BodyHead['shipTo']
  readonly wrapped_key: Uint8Array | null
  readonly body_id: string | null
  readonly sealed: Uint8Array | null
  readonly platform_version: string | null
}
const readHeadRows = statement<HeadRow>(
  'readBodyHeads',
  `select r.external_ref, r.order_id, s.version, o.intake::json -> 'shipTo' as ship_to, p.wrapped_key, b.body_id, b.sealed, v.platform_version
   from unnest($1::smallint[], $2::text[], $3::text[]) as row (shard, channel_id, external_ref)
     join order_refs as r on r.shard = row.shard and r.channel_id = row.channel_id and r.external_ref = row.external_ref
     join orders as o on o.shard = r.shard and o.order_id = r.order_id
     join order_states as s on s.shard = r.shard and s.order_id = r.order_id
     left join persons as p on p.shard = r.shard and p.person_id = r.order_id
     left join lateral (
       select body_id, sealed
       from channel_bodies
       where shard = r.shard
         and order_id = r.order_id
         and state in ('applied', 'review')
       order by body_id desc
       limit 1) as b on true
     left join lateral (
       select max(platform_version) as platform_version
       from channel_bodies
       where shard = r.shard
         and order_id = r.order_id
         and state in ('applied', 'review', 'same')) as v on true`,
)

/** Where the orders of these references of one channel stand, by reference. */
export async function readBodyHeads(db: Queryable, refs: readonly Ref[]): Promise<ReadonlyMap<string, BodyHead>> {
  if (refs.length === 0) return new Map()
  const rows = await run(db, readHeadRows, [
    plainArray(refs.map((ref) => ref.shard)),
    textArray(refs.map((ref) => ref.channelId)),
    textArray(refs.map((ref) => ref.externalRef)),
  ])
  return new Map(rows.map((row) => [row.external_ref, headOf(row)]))
}

const headOf = (row: HeadRow): BodyHead => ({
  orderId: idFromInt8('ord', row.order_id),
  version: row.version,
  shipTo: row.ship_to,
  wrappedKey: row.wrapped_key ?? undefined,
  applied: row.body_id === null || row.sealed === null ? undefined : { bodyId: idFromInt8('inb', row.body_id), sealed: row.sealed },
  platformVersion: row.platform_version === null ? undefined : (Number(row.platform_version) as Instant),
})

export type KeptBody = {
  readonly bodyId: InboxId
  readonly personId: PersonId
  readonly channelId: string
  readonly externalRef: string | undefined
  readonly orderId: OrderId | undefined
  readonly state: BodyState
  readonly receivedAt: Instant
  readonly issues: readonly unknown[]
}
type KeptRow = {
  readonly body_id: string
  readonly person_id: string
  readonly channel_id: string
  readonly external_ref: string | null
  readonly order_id: string | null
  readonly state: BodyState
  readonly received_at: Instant
  readonly issues: readonly unknown[]
}
const keptOf = (row: KeptRow): KeptBody => ({
  bodyId: idFromInt8('inb', row.body_id),
  personId: idFromInt8('per', row.person_id),
  channelId: row.channel_id,
  externalRef: row.external_ref ?? undefined,
  orderId: row.order_id === null ? undefined : idFromInt8('ord', row.order_id),
  state: row.state,
  receivedAt: row.received_at,
  issues: row.issues,
})

const readBodyRow = statement<KeptRow & { readonly sealed: Uint8Array; readonly wrapped_key: Uint8Array | null }>(
  'readBody',
  `select b.body_id, b.person_id, b.channel_id, b.external_ref, b.order_id, b.state, b.received_at, b.issues, b.sealed, p.wrapped_key
   from channel_bodies as b
     left join persons as p on p.shard = b.shard and p.person_id = b.person_id
   where b.shard = $1::smallint
     and b.body_id = $2::bigint`,
)

export type SealedBody = KeptBody & { readonly sealed: Uint8Array; readonly wrappedKey: Uint8Array | undefined }

/** One kept body with what opens it. */
export async function readBody(db: Queryable, bodyId: InboxId): Promise<SealedBody | undefined> {
  const [row] = await run(db, readBodyRow, [shardOfId(bodyId), idToInt8(bodyId)])
  return row === undefined ? undefined : { ...keptOf(row), sealed: row.sealed, wrappedKey: row.wrapped_key ?? undefined }
}

const listBodyRows = statement<KeptRow>(
  'listBodies',
  `select body_id, person_id, channel_id, external_ref, order_id, state, received_at, issues
   from channel_bodies
   where channel_id = $1::text
     and state = $2::text
     and body_id < $3::bigint
   order by body_id desc
   limit $4::integer`,
)

/** Bodies of a channel in one state, latest first, before `before`. */
export async function listBodies(
  db: Queryable,
  channelId: string,
  state: BodyState,
  before: InboxId | undefined,
  limit: number,
): Promise<KeptBody[]> {
  const from = before === undefined ? '9223372036854775807' : idToInt8(before)
  return (await run(db, listBodyRows, [channelId, state, from, limit])).map(keptOf)
}
