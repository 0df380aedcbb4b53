import { textArray } from './columns.ts'
import { type Queryable, run, statement } from './database.ts'

/** Facts of which there may be a million are listed from the database; a thousand lanes or rules from memory. */
export type KeyedRow = { readonly key: string; readonly doc: Record<string, unknown>; readonly version: number }

const listItemRows = statement<KeyedRow>(
  'listItems',
  `select sku as key, doc, version
   from items
   where sku > $1::text
   order by sku
   limit $2::integer`,
)
export const listItems = (db: Queryable, after: string, limit: number): Promise<KeyedRow[]> => run(db, listItemRows, [after, limit])

export type AccountListRow = KeyedRow & { readonly exposure: string }
const listAccountRows = statement<AccountListRow>(
  'listAccounts',
  `select account_id as key, doc, exposure, version
   from accounts
   where account_id > $1::text
     and ($3::text[] is null or account_id = any ($3::text[]))
   order by account_id
   limit $2::integer`,
)
/** Accounts with what they owe now; `among` is what the scope allows, undefined = all. */
export const listAccounts = (db: Queryable, after: string, limit: number, among?: readonly string[]): Promise<AccountListRow[]> =>
  run(db, listAccountRows, [after, limit, among === undefined ? null : textArray(among)])

export type SupplyListRow = KeyedRow & { readonly reserved: number }
const listSupplyRows = statement<SupplyListRow>(
  'listSupply',
  `select s.supply_id as key, s.doc, s.reserved, s.version
   from supply as s
     join nodes as n on n.node_no = s.node_no
   where s.supply_id > $1::text
     and ($3::text[] is null or n.node_id = any ($3::text[]))
   order by s.supply_id
   limit $2::integer`,
)
/** Dated supply; `nodeIds` is what the scope allows, undefined = all. */
export const listSupply = (db: Queryable, after: string, limit: number, nodeIds?: readonly string[]): Promise<SupplyListRow[]> =>
  run(db, listSupplyRows, [after, limit, nodeIds === undefined ? null : textArray(nodeIds)])
