import type { Permission, Role } from '../../contract/access.ts'
import type { Scope } from '../domain/access/principal.ts'
import type { EventFilter } from '../domain/event/event-filter.ts'
import { type Id, idFromInt8, idToInt8, type WebhookId } from '../kernel/ids.ts'
import { instant, type Instant } from '../kernel/time.ts'
import { type Queryable, run, runCounting, runOne, statement } from './database.ts'

/** A signing secret, sealed; one that was followed by a newer one ends. */
export type WebhookSecret = { readonly sealed: string; readonly endsAt?: number }
/** gone: its target said that it is there no more. */
export type WebhookState = 'active' | 'paused' | 'gone'

/** Whose sight a webhook has; undefined when that credential was revoked, disabled or has expired. */
export type OwnerGrant = { readonly role: Role; readonly scope: Scope; readonly permissions: readonly Permission[] | undefined }

export type Webhook = {
  readonly webhookId: WebhookId
  readonly name: string
  readonly url: string
  readonly filters: EventFilter
  readonly state: WebhookState
  /** `key_…` or `usr_…`. */
  readonly ownerId: string
  readonly owner: OwnerGrant | undefined
  readonly secrets: readonly WebhookSecret[]
  readonly version: number
  readonly createdAt: Instant
}

type Row = {
  webhook_id: string
  name: string
  url: string
  filters: EventFilter
  state: WebhookState
  owner_kind: 'key' | 'usr'
  owner_no: string
  owner_role: Role | null
  owner_scope: Scope | null
  owner_permissions: Permission[] | null
  secrets: WebhookSecret[]
  version: number
  created_at: number
}

const fromRow = (row: Row): Webhook => ({
  webhookId: idFromInt8('whk', row.webhook_id),
  name: row.name,
  url: row.url,
  filters: row.filters,
  state: row.state,
  ownerId: idFromInt8(row.owner_kind, row.owner_no),
  owner:
    row.owner_role === null || row.owner_scope === null
      ? undefined
      : { role: row.owner_role, scope: row.owner_scope, permissions: row.owner_permissions ?? undefined },
  secrets: row.secrets,
  version: row.version,
  createdAt: instant(row.created_at),
})

/** `$1` is the wall clock: an expired key owns nothing any more. */
const selected = `select w.webhook_id, w.name, w.url, w.filters, w.state, w.owner_kind, w.owner_no, w.secrets, w.version, w.created_at,
     coalesce(c.role, u.role) as owner_role, coalesce(c.scope, u.scope) as owner_scope, c.permissions as owner_permissions
   from webhooks as w
     left join credentials as c on w.owner_kind = 'key'
       and c.credential_id = w.owner_no
       and c.revoked_at is null
       and (c.expires_at is null or c.expires_at > $1::timestamptz)
     left join users as u on w.owner_kind = 'usr'
       and u.user_id = w.owner_no
       and u.disabled_at is null`

const one = statement<Row>(
  'readWebhook',
  `${selected}
   where w.webhook_id = $2::bigint`,
)
const page = statement<Row>(
  'listWebhooks',
  `${selected}
   where w.webhook_id > $2::bigint
   order by w.webhook_id
   limit $3::integer`,
)

const iso = (at: number): string => new Date(at).toISOString()

export async function readWebhook(db: Queryable, webhookId: WebhookId, wallNow: number): Promise<Webhook | undefined> {
  const [row] = await run(db, one, [iso(wallNow), idToInt8(webhookId)])
  return row === undefined ? undefined : fromRow(row)
}

/** Webhooks in the order of their making, behind `after`. */
export async function listWebhooks(
  db: Queryable,
  after: WebhookId | undefined,
  limit: number,
  wallNow: number,
): Promise<readonly Webhook[]> {
  return (await run(db, page, [iso(wallNow), after === undefined ? '0' : idToInt8(after), limit])).map(fromRow)
}

const insert = statement(
  'insertWebhook',
  `insert into webhooks (webhook_id, name, url, filters, state, owner_kind, owner_no, secrets, version, created_at)
   values ($1::bigint, $2::text, $3::text, $4::json, 'active', $5::text, $6::bigint, $7::json, 1, $8::timestamptz)`,
)

export type NewWebhook = Pick<Webhook, 'webhookId' | 'name' | 'url' | 'filters' | 'ownerId' | 'secrets' | 'createdAt'>

export async function insertWebhook(db: Queryable, webhook: NewWebhook): Promise<void> {
  await run(db, insert, [
    idToInt8(webhook.webhookId),
    webhook.name,
    webhook.url,
    JSON.stringify(webhook.filters),
    webhook.ownerId.slice(0, 3),
    idToInt8(webhook.ownerId as Id<'key'>),
    JSON.stringify(webhook.secrets),
    iso(webhook.createdAt),
  ])
}

const update = statement(
  'changeWebhook',
  `update webhooks
   set name = coalesce($2::text, name), url = coalesce($3::text, url), filters = coalesce($4::json, filters),
     state = coalesce($5::text, state), secrets = coalesce($6::json, secrets), version = version + 1
   where webhook_id = $1::bigint
     and ($7::integer is null or version = $7::integer)`,
)

export type WebhookChange = Partial<Pick<Webhook, 'name' | 'url' | 'filters' | 'state' | 'secrets'>>

/** Changes what is given; false when it is gone, or is no longer at `version` where one is named. */
export async function changeWebhook(db: Queryable, webhookId: WebhookId, change: WebhookChange, version?: number): Promise<boolean> {
  const { count } = await runCounting(db, update, [
    idToInt8(webhookId),
    change.name ?? null,
    change.url ?? null,
    change.filters === undefined ? null : JSON.stringify(change.filters),
    change.state ?? null,
    change.secrets === undefined ? null : JSON.stringify(change.secrets),
    version ?? null,
  ])
  return count > 0
}

const giveUp = statement(
  'giveUpWebhook',
  `update webhooks
   set state = 'gone', version = version + 1
   where webhook_id = $1::bigint
     and version = $2::integer
     and state = 'active'`,
)

/** Its target is gone; nothing happens where somebody changed the webhook since, because it may go elsewhere now. */
export const giveUpWebhook = async (db: Queryable, { webhookId, version }: Pick<Webhook, 'webhookId' | 'version'>): Promise<boolean> =>
  (await runCounting(db, giveUp, [idToInt8(webhookId), version])).count > 0

const remove = statement('deleteWebhook', `delete from webhooks where webhook_id = $1::bigint`)
export const deleteWebhook = async (db: Queryable, webhookId: WebhookId): Promise<boolean> =>
  (await runCounting(db, remove, [idToInt8(webhookId)])).count > 0

const amount = statement<{ n: number }>('countWebhooks', `select count(*)::integer as n from webhooks`)
export const countWebhooks = async (db: Queryable): Promise<number> => (await runOne(db, amount)).n
