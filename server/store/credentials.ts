import type { Permission, Role } from '../../contract/access.ts'
import type { Scope } from '../domain/access/principal.ts'
import { idFromInt8, idToInt8, type CredentialId } from '../kernel/ids.ts'
import { instant, toIso, type Instant } from '../kernel/time.ts'
import { run, statement, type Queryable } from './database.ts'
import { byteaArray, plainArray } from './columns.ts'

/** An API key as the hub knows it: never its secret. */
export type Credential = {
  readonly credentialId: CredentialId
  readonly name: string
  readonly role: Role
  readonly permissions: readonly Permission[]
  readonly scope: Scope
  readonly createdAt: Instant
  readonly expiresAt: Instant | undefined
  readonly revokedAt: Instant | undefined
  readonly lastUsedOn: string | undefined
}

type Row = {
  readonly credential_id: string
  readonly name: string
  readonly role: Role
  readonly permissions: readonly Permission[]
  readonly scope: Scope
  readonly created_at: number
  readonly expires_at: number | null
  readonly revoked_at: number | null
  readonly last_used_on: string | null
}

const columns = 'credential_id, name, role, permissions, scope, created_at, expires_at, revoked_at, last_used_on::text as last_used_on'

const fromRow = (row: Row): Credential => ({
  credentialId: idFromInt8('key', row.credential_id),
  name: row.name,
  role: row.role,
  permissions: row.permissions,
  scope: row.scope,
  createdAt: instant(row.created_at),
  expiresAt: row.expires_at === null ? undefined : instant(row.expires_at),
  revokedAt: row.revoked_at === null ? undefined : instant(row.revoked_at),
  lastUsedOn: row.last_used_on ?? undefined,
})

const readKeys = statement<Row & { readonly hash: string }>(
  'readKeys',
  `select encode(key_hash, 'hex') as hash, ${columns}
   from credentials
   where key_hash = any($1::bytea[])
     and revoked_at is null
     and (expires_at is null or expires_at > $2::timestamptz)`,
)

/** The keys with these SHA-256 hashes (hex) that open the hub now, by hash; revoked and expired ones are not there. */
export async function readOpenKeys(on: Queryable, hashes: readonly string[], now: Instant): Promise<ReadonlyMap<string, Credential>> {
  const rows = await run(on, readKeys, [byteaArray(hashes.map((hash) => Buffer.from(hash, 'hex'))), toIso(now)])
  return new Map(rows.map((row) => [row.hash, fromRow(row)]))
}

const touch = statement<{ credential_id: string }>(
  'touchKeys',
  `update credentials
   set last_used_on = $2::date
   where credential_id = any($1::bigint[])
     and last_used_on is distinct from $2::date`,
)

/** Notes the day on which keys were used. */
export async function touchKeys(on: Queryable, credentialIds: readonly CredentialId[], day: string): Promise<void> {
  await run(on, touch, [plainArray(credentialIds.map(idToInt8)), day])
}

const insert = statement<Row>(
  'insertKey',
  `insert into credentials (credential_id, kind, name, role, permissions, scope, key_hash, created_by, created_at, expires_at)
   values ($1::bigint, 'key', $2::text, $3::text, $4::text[], $5::jsonb, $6::bytea, $7::text, $8::timestamptz, $9::timestamptz)
   on conflict on constraint credentials_key_hash_key do nothing
   returning ${columns}`,
)

export type NewKey = {
  readonly credentialId: CredentialId
  readonly name: string
  readonly role: Role
  readonly permissions: readonly Permission[]
  readonly scope: Scope
  readonly keyHash: Uint8Array
  /** Credential id of whoever made it, or `start`. */
  readonly createdBy: string
  readonly createdAt: Instant
  readonly expiresAt: Instant | undefined
}

/** Stores a key; undefined when one with the same hash is there. */
export async function insertKey(on: Queryable, key: NewKey): Promise<Credential | undefined> {
  const [row] = await run(on, insert, [
    idToInt8(key.credentialId),
    key.name,
    key.role,
    key.permissions,
    JSON.stringify(key.scope),
    key.keyHash,
    key.createdBy,
    toIso(key.createdAt),
    key.expiresAt === undefined ? null : toIso(key.expiresAt),
  ])
  return row === undefined ? undefined : fromRow(row)
}

const byHash = statement<Row>(
  'readKeyByHash',
  `select ${columns}
   from credentials
   where key_hash = $1::bytea`,
)

/** The key with this hash, open or not. */
export async function readKeyByHash(on: Queryable, keyHash: Uint8Array): Promise<Credential | undefined> {
  const [row] = await run(on, byHash, [keyHash])
  return row === undefined ? undefined : fromRow(row)
}

const page = statement<Row>(
  'listKeys',
  `select ${columns}
   from credentials
   where credential_id > $1::bigint
   order by credential_id
   limit $2::int`,
)

/** Keys in the order of their making, behind `after`. */
export async function listKeys(on: Queryable, after: CredentialId | undefined, limit: number): Promise<readonly Credential[]> {
  return (await run(on, page, [after === undefined ? '0' : idToInt8(after), limit])).map(fromRow)
}

const one = statement<Row>(
  'readKey',
  `select ${columns}
   from credentials
   where credential_id = $1::bigint`,
)

export async function readKey(on: Queryable, credentialId: CredentialId): Promise<Credential | undefined> {
  const [row] = await run(on, one, [idToInt8(credentialId)])
  return row === undefined ? undefined : fromRow(row)
}

const revoke = statement<Row>(
  'revokeKey',
  `update credentials
   set revoked_at = coalesce(revoked_at, $2::timestamptz)
   where credential_id = $1::bigint
   returning ${columns}`,
)

/** Closes a key for good; the first time counts. Undefined when there is no such key. */
export async function revokeKey(on: Queryable, credentialId: CredentialId, now: Instant): Promise<Credential | undefined> {
  const [row] = await run(on, revoke, [idToInt8(credentialId), toIso(now)])
  return row === undefined ? undefined : fromRow(row)
}

const anyAdmin = statement<{ exists: boolean }>(
  'hasAdminKey',
  `select exists (
     select
     from credentials
     where role = 'admin'
   ) as exists`,
)

/** Whether there has ever been an admin's key, revoked ones included. */
export async function hasAdminKey(on: Queryable): Promise<boolean> {
  return (await run(on, anyAdmin))[0]?.exists === true
}
