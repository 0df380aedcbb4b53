import type { ViewSearch } from '../../contract/capabilities/view.ts'
import { idFromInt8, idToInt8, type ViewId } from '../kernel/ids.ts'
import { instant, type Instant, toIso } from '../kernel/time.ts'
import { type Client, type Queryable, run, runCounting, statement } from './database.ts'

/** Filters of a list under a name, kept by a credential; others may read it by its id. */
export type View = {
  readonly viewId: ViewId
  /** `usr_…` or `key_…`. */
  readonly ownerId: string
  readonly name: string
  readonly search: ViewSearch
  readonly savedAt: Instant
}
type Row = {
  readonly view_id: string
  readonly owner_id: string
  readonly name: string
  readonly search: ViewSearch
  readonly saved_at: number
}
const columns = 'view_id, owner_id, name, search, saved_at'

const fromRow = (row: Row): View => ({
  viewId: idFromInt8('viw', row.view_id),
  ownerId: row.owner_id,
  name: row.name,
  search: row.search,
  savedAt: instant(row.saved_at),
})

const readOwn = statement<Row>(
  'readOwnViews',
  `select ${columns} from saved_views where owner_id = $1::text order by name limit $2::integer`,
)
export const readOwnViews = async (db: Queryable, ownerId: string, limit: number): Promise<View[]> =>
  (await run(db, readOwn, [ownerId, limit])).map(fromRow)

const readOne = statement<Row>('readView', `select ${columns} from saved_views where view_id = $1::bigint`)
export async function readView(db: Queryable, viewId: ViewId): Promise<View | undefined> {
  return (await run(db, readOne, [idToInt8(viewId)])).map(fromRow)[0]
}

const lock = statement('lockViewsOf', `select pg_advisory_xact_lock(hashtextextended('views of ' || $1::text, 0))`)
const save = statement<Row>(
  'saveView',
  `insert into saved_views (${columns})
   select $1::bigint, $2::text, $3::text, $4::json, $5::timestamptz
   where (
     select count(*)
     from saved_views
     where owner_id = $2::text
       and name <> $3::text) < $6::integer
   on conflict on constraint saved_views_owner_id_name_key
   do update set search = excluded.search, saved_at = excluded.saved_at
   returning ${columns}`,
)

/** Keeps a view, in the place of the owner's one of that name; undefined where they keep as many as they may. Inside a transaction. */
export async function saveView(client: Client, view: View, countMax: number): Promise<View | undefined> {
  await run(client, lock, [view.ownerId])
  const { viewId, ownerId, name, search, savedAt } = view
  return (await run(client, save, [idToInt8(viewId), ownerId, name, JSON.stringify(search), toIso(savedAt), countMax])).map(fromRow)[0]
}

const remove = statement('deleteView', `delete from saved_views where view_id = $1::bigint and owner_id = $2::text`)
/** Whether the owner had such a view. */
export const deleteView = async (db: Queryable, viewId: ViewId, ownerId: string): Promise<boolean> =>
  (await runCounting(db, remove, [idToInt8(viewId), ownerId])).count > 0
