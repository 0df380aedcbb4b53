import { arrayOf, type Element } from './array-format.ts'
import { type Statement, statement } from './database.ts'
import type { Write } from './write.ts'

/** `id` is the public form of an id; `json` is given as its text; `list` is a text[] that travels as the literal of one. */
export type ColumnKind = Exclude<Element, 'date'> | 'list'
export type Columns = Readonly<Record<string, ColumnKind>>
/** One value a column, in the order of the columns. */
export type Tuple = readonly unknown[]

const TYPES: Record<ColumnKind, { readonly element: Element; readonly sql: string; readonly cast: string }> = {
  boolean: { element: 'boolean', sql: 'boolean', cast: '' },
  smallint: { element: 'smallint', sql: 'smallint', cast: '' },
  integer: { element: 'integer', sql: 'integer', cast: '' },
  bigint: { element: 'bigint', sql: 'bigint', cast: '' },
  id: { element: 'id', sql: 'bigint', cast: '' },
  text: { element: 'text', sql: 'text', cast: '' },
  bytea: { element: 'bytea', sql: 'bytea', cast: '' },
  timestamptz: { element: 'timestamptz', sql: 'timestamptz', cast: '' },
  json: { element: 'json', sql: 'json', cast: '' },
  list: { element: 'text', sql: 'text', cast: '::text[]' },
}

/** `unnest` over one array a column; the first is parameter `from`. */
export function unnestOf(columns: Columns, from = 1): string {
  const arrays = Object.values(columns).map((kind, i) => `$${i + from}::${TYPES[kind].sql}[]`)
  return `unnest(${arrays.join(', ')})`
}

/** The columns as they are selected from `unnest`, cast where they travelled as text. */
export const selectOf = (columns: Columns): string =>
  Object.entries(columns)
    .map(([name, kind]) => `${name}${TYPES[kind].cast}`)
    .join(', ')

/** The rows of one array a column, in step. NOTE: in the list of a select they pass one by one; `from` first stores each column apart. */
export const rowsOf = (columns: Columns, from = 1): string =>
  Object.values(columns)
    .map((kind, i) => `unnest($${i + from}::${TYPES[kind].sql}[])${TYPES[kind].cast}`)
    .join(', ')

export const namesOf = (columns: Columns): string => Object.keys(columns).join(', ')

/** The parameters of a statement over `unnestOf(columns)`. */
export function valuesOf(columns: Columns, rows: readonly Tuple[]): Buffer[] {
  return Object.values(columns).map((kind, at) => arrayOf(TYPES[kind].element, rows, at))
}

export type Bulk = { readonly statement: Statement; readonly write: (rows: readonly Tuple[]) => Write }
/** What must be different in all rows of one run, where the statement asks for it. */
export type KeyOf = (row: Tuple) => string

/** Rows for a statement, put into arrays when they are sent: until then the rows of others may join them. */
class BulkWrite implements Write {
  readonly statement: Statement
  readonly rows: readonly Tuple[]
  readonly keyOf: KeyOf | undefined
  private readonly columns: Columns

  constructor(declared: Statement, columns: Columns, rows: readonly Tuple[], keyOf: KeyOf | undefined) {
    this.statement = declared
    this.columns = columns
    this.rows = rows
    this.keyOf = keyOf
  }

  get values(): Buffer[] {
    return valuesOf(this.columns, this.rows)
  }

  with(rows: readonly Tuple[]): BulkWrite {
    return new BulkWrite(this.statement, this.columns, rows, this.keyOf)
  }
}

/** A statement over rows that are given as arrays, and the write that runs it. */
export function bulk(name: string, columns: Columns, sql: string, keyOf?: KeyOf): Bulk {
  const declared = statement(name, sql)
  return { statement: declared, write: (rows) => new BulkWrite(declared, columns, rows, keyOf) }
}

/**
 * The same writes with the rows of each statement in one run of it, where the first of them stood. A row whose key is in that run already
 * goes into a later one, so that it finds what the earlier row left.
 */
export function together(writes: readonly Write[]): Write[] {
  const slots: { write: Write; rows: Tuple[]; keys: Set<string> }[] = []
  const lastOf = new Map<Statement, (typeof slots)[number]>()
  for (const write of writes) {
    const rows = write instanceof BulkWrite ? write.rows : []
    const keys = write instanceof BulkWrite && write.keyOf !== undefined ? rows.map(write.keyOf) : []
    const last = write instanceof BulkWrite ? lastOf.get(write.statement) : undefined
    if (last !== undefined && !keys.some((key) => last.keys.has(key))) {
      last.rows.push(...rows)
      for (const key of keys) last.keys.add(key)
      continue
    }
    const slot = { write, rows: [...rows], keys: new Set(keys) }
    slots.push(slot)
    if (write instanceof BulkWrite) lastOf.set(write.statement, slot)
  }
  return slots.map(({ write, rows }) => (write instanceof BulkWrite ? write.with(rows) : write))
}

/** Inserts rows into a table; `onConflict` lists the columns that a row which is there already takes over. */
export function bulkInsert(name: string, table: string, columns: Columns, onConflict?: readonly string[]): Bulk {
  const names = namesOf(columns)
  const updates = onConflict?.map((column) => `${column} = excluded.${column}`).join(', ')
  const lines = [
    `insert into ${table} (${names})`,
    `   select ${rowsOf(columns)}`,
    ...(updates === undefined ? [] : [`   on conflict on constraint ${table}_pkey`, `   do update set ${updates}`]),
  ]
  return bulk(name, columns, lines.join('\n'))
}

/**
 * Rewrites rows that are there: found by `keys`, taking over `set`; `keep` names columns that a null leaves as they are. Against an insert that
 * meets its conflict, no row is locked before it is written. NOTE: its rows pass one by one out of the list of a select, see {@link rowsOf}.
 */
export function bulkUpdate(name: string, table: string, keys: Columns, set: Columns, keep: readonly string[] = []): Bulk {
  const columns = { ...keys, ...set }
  const given = Object.entries(columns).map(
    ([column, kind], i) => `unnest($${i + 1}::${TYPES[kind].sql}[])${TYPES[kind].cast} as ${column}`,
  )
  const taken = Object.keys(set).map(
    (column) => `${column} = ${keep.includes(column) ? `coalesce(row.${column}, t.${column})` : `row.${column}`}`,
  )
  const lines = [
    `update ${table} as t`,
    `   set ${taken.join(', ')}`,
    `   from (select ${given.join(', ')}) as row`,
    `   where ${Object.keys(keys)
      .map((column) => `t.${column} = row.${column}`)
      .join('\n     and ')}`,
  ]
  return bulk(name, columns, lines.join('\n'))
}

/** No write where there are no rows. */
export const writesOf = (rows: readonly Tuple[], what: Bulk): Write[] => (rows.length === 0 ? [] : [what.write(rows)])
