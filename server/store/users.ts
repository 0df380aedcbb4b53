import type { Role } from '../../contract/access.ts'
import type { Scope } from '../domain/access/principal.ts'
import { idFromInt8, idToInt8, type UserId } from '../kernel/ids.ts'
import { instant, toIso, type Instant } from '../kernel/time.ts'
import { textArray } from './columns.ts'
import { run, statement, type Client, type Queryable } from './database.ts'

/** A person who uses the console. */
export type User = {
  readonly userId: UserId
  readonly login: string
  readonly name: string
  readonly role: Role
  readonly scope: Scope
  readonly createdAt: Instant
  readonly disabledAt: Instant | undefined
}

type Row = {
  readonly user_id: string
  readonly login: string
  readonly name: string
  readonly role: Role
  readonly scope: Scope
  readonly created_at: number
  readonly disabled_at: number | null
}

const columns = 'user_id, login, name, role, scope, created_at, disabled_at'

const fromRow = (row: Row): User => ({
  userId: idFromInt8('usr', row.user_id),
  login: row.login,
  name: row.name,
  role: row.role,
  scope: row.scope,
  createdAt: instant(row.created_at),
  disabledAt: row.disabled_at === null ? undefined : instant(row.disabled_at),
})

const insert = statement<Row>(
  'insertUser',
  `insert into users (user_id, login, name, password_hash, role, scope, created_by, created_at)
   values ($1::bigint, $2::text, $3::text, $4::text, $5::text, $6::jsonb, $7::text, $8::timestamptz)
   on conflict on constraint users_login_key do nothing
   returning ${columns}`,
)

export type NewUser = Omit<User, 'disabledAt'> & { readonly passwordHash: string; readonly createdBy: string }

/** Stores a user; undefined when the login is taken. */
export async function insertUser(on: Queryable, user: NewUser): Promise<User | undefined> {
  const [row] = await run(on, insert, [
    idToInt8(user.userId),
    user.login,
    user.name,
    user.passwordHash,
    user.role,
    JSON.stringify(user.scope),
    user.createdBy,
    toIso(user.createdAt),
  ])
  return row === undefined ? undefined : fromRow(row)
}

const byLogin = statement<Row & { readonly password_hash: string }>(
  'readUserByLogin',
  `select ${columns}, password_hash
   from users
   where login = $1::text`,
)

/** The user and password hash behind a login, disabled or not. */
export async function readUserByLogin(
  on: Queryable,
  login: string,
): Promise<{ readonly user: User; readonly passwordHash: string } | undefined> {
  const [row] = await run(on, byLogin, [login])
  return row === undefined ? undefined : { user: fromRow(row), passwordHash: row.password_hash }
}

const one = statement<Row>(
  'readUser',
  `select ${columns}
   from users
   where user_id = $1::bigint`,
)

export async function readUser(on: Queryable, userId: UserId): Promise<User | undefined> {
  const [row] = await run(on, one, [idToInt8(userId)])
  return row === undefined ? undefined : fromRow(row)
}

const page = statement<Row>(
  'listUsers',
  `select ${columns}
   from users
   where user_id > $1::bigint
   order by user_id
   limit $2::int`,
)

/** Users in the order of their making, behind `after`. */
export async function listUsers(on: Queryable, after: UserId | undefined, limit: number): Promise<readonly User[]> {
  return (await run(on, page, [after === undefined ? '0' : idToInt8(after), limit])).map(fromRow)
}

const assignees = statement<Row>(
  'listAssignees',
  `select ${columns}
   from users
   where user_id > $1::bigint
     and disabled_at is null
     and role = any ($2::text[])
     and ($3::text[] is null or not scope ? 'nodes' or scope -> 'nodes' ?| $3::text[])
   order by user_id
   limit $4::integer`,
)

/** Active users of these roles, behind `after`; for somebody bound to nodes, those who share one or are bound to none. */
export async function listAssignees(
  on: Queryable,
  among: { readonly roles: readonly Role[]; readonly nodes: readonly string[] | undefined },
  after: UserId | undefined,
  limit: number,
): Promise<readonly User[]> {
  const nodes = among.nodes === undefined ? null : textArray(among.nodes)
  return (await run(on, assignees, [after === undefined ? '0' : idToInt8(after), textArray(among.roles), nodes, limit])).map(fromRow)
}

/** What a change leaves out stays as it is. */
export type UserChange = {
  readonly name?: string | undefined
  readonly role?: Role | undefined
  readonly scope?: Scope | undefined
  readonly passwordHash?: string | undefined
  readonly disabled?: boolean | undefined
}

const change = statement<Row>(
  'changeUser',
  `update users
   set name = coalesce($2::text, name),
     role = coalesce($3::text, role),
     scope = coalesce($4::jsonb, scope),
     password_hash = coalesce($5::text, password_hash),
     disabled_at = case
       when $6::boolean is null then disabled_at
       when $6::boolean then coalesce(disabled_at, $7::timestamptz)
     end
   where user_id = $1::bigint
   returning ${columns}`,
)

const endSessions = statement<object>(
  'endUserSessions',
  `delete from user_sessions
   where user_id = $1::bigint`,
)

/**
 * Changes a user; a new password and disabling end all sessions. Undefined when there is no such user.
 * Runs in a transaction: sessions are ended by a second statement, which sees those opened while the first waited for the row.
 */
export async function changeUser(client: Client, userId: UserId, wanted: UserChange, now: Instant): Promise<User | undefined> {
  const [row] = await run(client, change, [
    idToInt8(userId),
    wanted.name ?? null,
    wanted.role ?? null,
    wanted.scope === undefined ? null : JSON.stringify(wanted.scope),
    wanted.passwordHash ?? null,
    wanted.disabled ?? null,
    toIso(now),
  ])
  if (row === undefined) return undefined
  if (wanted.passwordHash !== undefined || wanted.disabled === true) await run(client, endSessions, [idToInt8(userId)])
  return fromRow(row)
}

const any = statement<{ exists: boolean }>(
  'hasUsers',
  `select exists (
     select
     from users
   ) as exists`,
)

export async function hasUsers(on: Queryable): Promise<boolean> {
  return (await run(on, any))[0]?.exists === true
}
