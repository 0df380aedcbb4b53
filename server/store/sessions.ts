import type { Role } from '../../contract/access.ts'
import type { Scope } from '../domain/access/principal.ts'
import { idFromInt8, idToInt8, type UserId } from '../kernel/ids.ts'
import { instant, toIso, type Instant } from '../kernel/time.ts'
import { byteaArray } from './columns.ts'
import { run, statement, type Queryable } from './database.ts'

/** Who a session token belongs to, as the user is now. */
export type OpenSession = {
  readonly userId: UserId
  readonly name: string
  readonly role: Role
  readonly scope: Scope
  readonly expiresAt: Instant
}

const read = statement<{ hash: string; user_id: string; name: string; role: Role; scope: Scope; expires_at: number }>(
  'readSessions',
  `select encode(s.token_hash, 'hex') as hash, u.user_id, u.name, u.role, u.scope, s.expires_at
   from user_sessions as s
   join users as u on u.user_id = s.user_id
   where s.token_hash = any($1::bytea[])
     and s.expires_at > $2::timestamptz
     and u.disabled_at is null`,
)

/** The sessions with these token hashes (SHA-256, hex) that are open now, by hash. */
export async function readOpenSessions(on: Queryable, hashes: readonly string[], now: Instant): Promise<ReadonlyMap<string, OpenSession>> {
  const rows = await run(on, read, [byteaArray(hashes.map((hash) => Buffer.from(hash, 'hex'))), toIso(now)])
  const sessions = rows.map((row): [string, OpenSession] => [
    row.hash,
    { userId: idFromInt8('usr', row.user_id), name: row.name, role: row.role, scope: row.scope, expiresAt: instant(row.expires_at) },
  ])
  return new Map(sessions)
}

/** A person may be logged in at this many places; the oldest session ends first. */
export const SESSIONS_PER_USER_MAX = 20
const PURGE_MAX = 200

const open = statement<{ token_hash: Buffer }>(
  'openSession',
  `with purged as (
     delete from user_sessions
     where token_hash in (
       select token_hash
       from user_sessions
       where expires_at <= $3::timestamptz
       limit ${PURGE_MAX}
     )
   ),
   crowded as (
     delete from user_sessions
     where token_hash in (
       select token_hash
       from user_sessions
       where user_id = $2::bigint
       order by created_at desc, token_hash
       offset ${SESSIONS_PER_USER_MAX - 1}
     )
   )
   insert into user_sessions (token_hash, user_id, created_at, expires_at)
   select $1::bytea, user_id, $3::timestamptz, $4::timestamptz
   from users
   where user_id = $2::bigint
     and disabled_at is null
     and password_hash = $5::text
   for share
   returning token_hash`,
)

/**
 * Opens a session for a user whose password was checked against `passwordHash`; false when the user was disabled or got
 * another password meanwhile. Clears away what has expired.
 */
export async function openSession(
  on: Queryable,
  session: {
    readonly tokenHash: Uint8Array
    readonly userId: UserId
    readonly passwordHash: string
    readonly createdAt: Instant
    readonly expiresAt: Instant
  },
): Promise<boolean> {
  const rows = await run(on, open, [
    session.tokenHash,
    idToInt8(session.userId),
    toIso(session.createdAt),
    toIso(session.expiresAt),
    session.passwordHash,
  ])
  return rows.length === 1
}

const close = statement<object>(
  'closeSession',
  `delete from user_sessions
   where token_hash = $1::bytea`,
)

export async function closeSession(on: Queryable, tokenHash: Uint8Array): Promise<void> {
  await run(on, close, [tokenHash])
}
