import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { Fault } from '../../kernel/fault.ts'
import { readCsv } from './csv.ts'
import type { HistoryMapping, TableName } from './mapping.ts'

/** A table of the history: its file, and where in a record each column is. */
export type Table = {
  readonly name: TableName
  readonly file: string
  readonly path: string
  readonly width: number
  readonly at: Readonly<Record<string, number>>
}
export type Row = { readonly row: number; readonly cells: readonly string[] }
export type Tables = { readonly orders: Table; readonly lines: Table } & { readonly [K in TableName]?: Table }

/** The tables of a folder as the mapping finds them. Fault `import_unreadable` for a missing table, two files that could be it, or a missing column. */
export async function openTables(folder: string, mapping: HistoryMapping): Promise<Tables> {
  if (!existsSync(folder)) throw unreadable(`the folder ${folder} does not exist`)
  const files = readdirSync(folder).toSorted()
  const found: { [K in TableName]?: Table } = {}
  for (const name of Object.keys(mapping.tables) as TableName[]) {
    const wanted = mapping.tables[name]
    const file = wanted === undefined ? undefined : fileOf(folder, files, wanted.files)
    if (wanted === undefined || file === undefined) continue
    found[name] = await openTable(name, folder, file, { ...wanted.columns, ...(name === 'orders' ? timesOf(mapping) : {}) })
  }
  const { orders, lines } = found
  for (const [name, table] of Object.entries({ orders, lines }))
    if (table === undefined) {
      const patterns = mapping.tables[name as 'orders' | 'lines'].files.join(' or ')
      throw unreadable(`no table of ${name} in ${folder}: expected ${patterns}; found ${files.slice(0, 20).join(', ') || 'nothing'}`)
    }
  return found as Tables
}

/** Columns of times are known by their fact. */
function timesOf(mapping: HistoryMapping): Record<string, string> {
  return Object.fromEntries(Object.entries(mapping.times).flatMap(([fact, column]) => (column === undefined ? [] : [[fact, column]])))
}

/** The first pattern that fits decides; it must fit one file. */
function fileOf(folder: string, files: readonly string[], patterns: readonly string[]): string | undefined {
  for (const pattern of patterns) {
    const body = pattern.replaceAll(/[.*+?^${}()|[\]\\]/g, (sign) => (sign === '*' ? '.*' : `\\${sign}`))
    const fits = files.filter((file) => new RegExp(`^${body}$`, 'i').test(file))
    if (fits.length > 1) throw unreadable(`${fits.join(' and ')} in ${folder} could both be ${pattern}: leave one`)
    if (fits[0] !== undefined) return fits[0]
  }
  return undefined
}

async function openTable(name: TableName, folder: string, file: string, columns: Readonly<Record<string, string>>): Promise<Table> {
  const path = join(folder, file)
  const heading = await headingOf(path)
  const at: Record<string, number> = {}
  for (const [column, title] of Object.entries(columns)) {
    const index = heading.indexOf(title)
    if (index < 0) throw unreadable(`${file} has no column "${title}"; it has ${heading.slice(0, 30).join(', ')}`)
    at[column] = index
  }
  return { name, file, path, width: heading.length, at }
}

async function headingOf(path: string): Promise<string[]> {
  for await (const records of readCsv(path)) if (records[0] !== undefined) return records[0].cells.map((cell) => cell.trim())
  throw unreadable(`${path} is empty`)
}

/** The rows of a table, a list at a time, counted from 1 without the heading; rows without any text are left out where `keepBlank` is not set. */
export async function* readRows(
  table: Table,
  options: { onBytes?: (bytes: Buffer) => void; keepBlank?: boolean } = {},
): AsyncGenerator<Row[]> {
  let row = -1
  for await (const records of readCsv(table.path, options.onBytes)) {
    const rows: Row[] = []
    for (const { cells } of records) {
      row += 1
      if (row > 0 && (options.keepBlank === true || !isBlank(cells))) rows.push({ row, cells })
    }
    yield rows
  }
}

export const isBlank = (cells: readonly string[]): boolean => cells.every((cell) => cell.trim() === '')

/** The text of a column, without blanks around it; empty where the mapping has no such column. */
export function cellOf(table: Table, row: Row, column: string): string {
  return row.cells[table.at[column] ?? -1]?.trim() ?? ''
}

/** The heading of a column, for messages. */
export const titleOf = (mapping: HistoryMapping, table: TableName, column: string): string =>
  (mapping.tables[table]?.columns as Readonly<Record<string, string>> | undefined)?.[column] ??
  (mapping.times as Readonly<Record<string, string>>)[column] ??
  column

const unreadable = (message: string): Fault => new Fault('import_unreadable', message, 'never')
