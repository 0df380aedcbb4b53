import { plainArray, textArray } from './columns.ts'
import { type Queryable, run, statement } from './database.ts'
import type { Write } from './write.ts'

/** Reference facts live in three shapes: items and nodes have numbers, accounts an exposure, all others are documents by kind and key. */
export type FactRow = { readonly kind: string; readonly fact_key: string; readonly doc: unknown; readonly version: number }
export type ItemRow = { readonly item_no: number; readonly sku: string; readonly doc: unknown; readonly version: number }
export type NodeRow = { readonly node_no: number; readonly node_id: string; readonly doc: unknown; readonly version: number }
export type AccountRow = { readonly account_id: string; readonly doc: unknown; readonly exposure: string; readonly version: number }
export type SupplyRow = {
  readonly supply_id: string
  readonly item_no: number
  readonly node_no: number
  readonly doc: unknown
  readonly quantity: number
  readonly received: number
  readonly reserved: number
  readonly available_at: number
  readonly version: number
}

/** What an upsert did to a row; a row that was the same already is not returned. */
export type Upserted = { readonly key: string; readonly no: number | null; readonly version: number; readonly created: boolean }

const upsertItemRows = statement<Upserted>(
  'upsertItems',
  `insert into items as i (sku, doc, version)
   select sku, doc::json, 1
   from unnest($1::text[], $2::text[]) as row (sku, doc)
   order by sku
   on conflict on constraint items_sku_key
   do update set doc = excluded.doc, version = i.version + 1
     where i.doc::text <> excluded.doc::text
   returning i.sku as key, i.item_no as no, i.version, i.version = 1 as created`,
)

const upsertNodeRows = statement<Upserted>(
  'upsertNodes',
  `insert into nodes as n (node_id, doc, version)
   select node_id, doc::json, 1
   from unnest($1::text[], $2::text[]) as row (node_id, doc)
   order by node_id
   on conflict on constraint nodes_node_id_key
   do update set doc = excluded.doc, version = n.version + 1
     where n.doc::text <> excluded.doc::text
   returning n.node_id as key, n.node_no as no, n.version, n.version = 1 as created`,
)

const upsertAccountRows = statement<Upserted>(
  'upsertAccounts',
  `insert into accounts as a (account_id, doc, exposure, version)
   select account_id, doc::json, 0, 1
   from unnest($1::text[], $2::text[]) as row (account_id, doc)
   order by account_id
   on conflict on constraint accounts_pkey
   do update set doc = excluded.doc, version = a.version + 1
     where a.doc::text <> excluded.doc::text
   returning a.account_id as key, null::integer as no, a.version, a.version = 1 as created`,
)

const upsertFactRows = statement<Upserted>(
  'upsertFacts',
  `insert into facts as f (kind, fact_key, doc, version)
   select $1::text, fact_key, doc::json, 1
   from unnest($2::text[], $3::text[]) as row (fact_key, doc)
   order by fact_key
   on conflict on constraint facts_kind_fact_key_pkey
   do update set doc = excluded.doc, version = f.version + 1
     where f.doc::text <> excluded.doc::text
   returning f.fact_key as key, null::integer as no, f.version, f.version = 1 as created`,
)

const upsertSupplyRows = statement<Upserted>(
  'upsertSupply',
  `insert into supply as s (supply_id, item_no, node_no, doc, quantity, received, reserved, available_at, version)
   select supply_id, item_no, node_no, doc::json, quantity, received, 0, available_at, 1
   from unnest($1::text[], $2::integer[], $3::integer[], $4::text[], $5::integer[], $6::integer[], $7::timestamptz[])
     as row (supply_id, item_no, node_no, doc, quantity, received, available_at)
   order by supply_id
   on conflict on constraint supply_pkey
   do update set item_no = excluded.item_no, node_no = excluded.node_no, doc = excluded.doc, quantity = excluded.quantity, received = excluded.received,
     available_at = excluded.available_at, version = s.version + 1
     where s.doc::text <> excluded.doc::text
   returning s.supply_id as key, null::integer as no, s.version, s.version = 1 as created`,
)

export const upsertItems = (keys: readonly string[], docs: readonly string[]): Write => ({
  statement: upsertItemRows,
  values: [textArray(keys), textArray(docs)],
})
export const upsertNodes = (keys: readonly string[], docs: readonly string[]): Write => ({
  statement: upsertNodeRows,
  values: [textArray(keys), textArray(docs)],
})
export const upsertAccounts = (keys: readonly string[], docs: readonly string[]): Write => ({
  statement: upsertAccountRows,
  values: [textArray(keys), textArray(docs)],
})
export const upsertFacts = (kind: string, keys: readonly string[], docs: readonly string[]): Write => ({
  statement: upsertFactRows,
  values: [kind, textArray(keys), textArray(docs)],
})

export type SupplyInputRow = {
  readonly supplyId: string
  readonly itemNo: number
  readonly nodeNo: number
  readonly doc: string
  readonly quantity: number
  readonly received: number
  readonly availableAt: string
}
export const upsertSupply = (rows: readonly SupplyInputRow[]): Write => ({
  statement: upsertSupplyRows,
  values: [
    textArray(rows.map((row) => row.supplyId)),
    plainArray(rows.map((row) => row.itemNo)),
    plainArray(rows.map((row) => row.nodeNo)),
    textArray(rows.map((row) => row.doc)),
    plainArray(rows.map((row) => row.quantity)),
    plainArray(rows.map((row) => row.received)),
    textArray(rows.map((row) => row.availableAt)),
  ],
})

const readItems = statement<ItemRow>(
  'readItems',
  `select item_no, sku, doc, version from items where item_no > $1::integer order by item_no limit $2::integer`,
)
const readNodes = statement<NodeRow>('readNodes', `select node_no, node_id, doc, version from nodes order by node_no`)
const readAccounts = statement<AccountRow>('readAccounts', `select account_id, doc, exposure, version from accounts order by account_id`)
const readFacts = statement<FactRow>('readFacts', `select kind, fact_key, doc, version from facts order by kind, fact_key`)
const readSupply = statement<SupplyRow>(
  'readSupply',
  `select supply_id, item_no, node_no, doc, quantity, received, reserved, available_at, version from supply order by supply_id`,
)

const PAGE = 20_000

/** Everything that memory holds of facts, items in pages. */
export async function readAllFacts(db: Queryable) {
  const items: ItemRow[] = []
  for (;;) {
    const page = await run(db, readItems, [items.at(-1)?.item_no ?? 0, PAGE])
    items.push(...page)
    if (page.length < PAGE) break
  }
  const [nodes, accounts, facts, supply] = [
    await run(db, readNodes),
    await run(db, readAccounts),
    await run(db, readFacts),
    await run(db, readSupply),
  ]
  return { items, nodes, accounts, facts, supply }
}
export type AllFacts = Awaited<ReturnType<typeof readAllFacts>>

const readItemsBySku = statement<ItemRow>('readItemsBySku', `select item_no, sku, doc, version from items where sku = any ($1::text[])`)
const readNodesById = statement<NodeRow>(
  'readNodesById',
  `select node_no, node_id, doc, version from nodes where node_id = any ($1::text[])`,
)
const readAccountsById = statement<AccountRow>(
  'readAccountsById',
  `select account_id, doc, exposure, version from accounts where account_id = any ($1::text[])`,
)
const readFactsByKey = statement<FactRow>(
  'readFactsByKey',
  `select kind, fact_key, doc, version from facts where kind = $1::text and fact_key = any ($2::text[])`,
)
const readSupplyById = statement<SupplyRow>(
  'readSupplyById',
  `select supply_id, item_no, node_no, doc, quantity, received, reserved, available_at, version from supply where supply_id = any ($1::text[])`,
)

/** Single facts, re-read after the log said that they changed. */
export const itemsBySku = (db: Queryable, skus: readonly string[]) => run(db, readItemsBySku, [textArray(skus)])
export const nodesById = (db: Queryable, ids: readonly string[]) => run(db, readNodesById, [textArray(ids)])
export const accountsById = (db: Queryable, ids: readonly string[]) => run(db, readAccountsById, [textArray(ids)])
export const factsByKey = (db: Queryable, kind: string, keys: readonly string[]) => run(db, readFactsByKey, [kind, textArray(keys)])
export const supplyById = (db: Queryable, ids: readonly string[]) => run(db, readSupplyById, [textArray(ids)])
