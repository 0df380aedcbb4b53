import { createHash } from 'node:crypto'
import type { Rejection } from '../../engine/ports/history-source.ts'
import { Fault } from '../../kernel/fault.ts'
import { fnv1a } from '../../kernel/ids.ts'
import type { HistoryMapping } from './mapping.ts'
import { cellOf, isBlank, readRows, type Table, type Tables } from './tables.ts'

const ORDERS_MAX = 2_000_000
const STRAYS_LISTED_MAX = 10_000
const PLACES_MAX = 500_000
const SAMPLES_MAX = 15

export type Point = { readonly lat: number; readonly lng: number }
export type Survey = {
  readonly importId: string
  readonly rows: number
  readonly strays: readonly Rejection[]
  readonly straysUnlisted: number
  /** The middle of each postal code, where the history has a table of places. */
  readonly places: ReadonlyMap<string, Point>
}

/**
 * One look at every table before anything is recorded: what the files are (their contents make the import's id), how many orders
 * there are, which lines and payments belong to none. Holds a number an order and the middles of postal codes, nothing else.
 */
export async function surveyTables(tables: Tables, mapping: HistoryMapping): Promise<Survey> {
  const contents = createHash('sha256').update(JSON.stringify(mapping))
  const known = new Set<number>()
  const strays: Rejection[] = []
  let straysUnlisted = 0
  let rows = 0
  await eachRow(tables.orders, contents, (row) => {
    rows = row.row
    if (!isBlank(row.cells)) known.add(hash(cellOf(tables.orders, row, 'orderId')))
    if (known.size > ORDERS_MAX) throw new Fault('import_unreadable', `more than ${ORDERS_MAX} orders: split the folder`, 'never')
  })
  for (const table of [tables.lines, tables.payments]) {
    if (table === undefined) continue
    await eachRow(table, contents, (row) => {
      const key = cellOf(table, row, 'orderId')
      if (isBlank(row.cells) || known.has(hash(key))) return
      if (strays.length === STRAYS_LISTED_MAX) straysUnlisted += 1
      else strays.push({ table: table.name, row: row.row, key: key.slice(0, 128), code: 'order_missing' })
    })
  }
  for (const table of [tables.customers, tables.nodes, tables.items, tables.categories])
    if (table !== undefined) await eachRow(table, contents, () => undefined)
  const places = tables.places === undefined ? new Map<string, Point>() : await middles(tables.places, contents, mapping.postalDigits ?? 0)
  return { importId: `${mapping.mapping}-${contents.digest('hex').slice(0, 16)}`, rows, strays, straysUnlisted, places }
}

async function eachRow(
  table: Table,
  contents: ReturnType<typeof createHash>,
  visit: (row: { row: number; cells: readonly string[] }) => void,
): Promise<void> {
  contents.update(`\0${table.name}\0`)
  for await (const rows of readRows(table, { onBytes: (bytes) => contents.update(bytes), keepBlank: true }))
    for (const row of rows) visit(row)
}

/** 53 bits of an id: two orders that share it only hide a stray row. */
function hash(id: string): number {
  return fnv1a(id) * 2 ** 21 + (fnv1a(`${id}\0`) % 2 ** 21)
}

/** The median of up to 15 points a postal code: single points are known to lie on other continents. */
async function middles(table: Table, contents: ReturnType<typeof createHash>, digits: number): Promise<Map<string, Point>> {
  const samples = new Map<string, { lats: number[]; lngs: number[] }>()
  await eachRow(table, contents, (row) => {
    const [lat, lng] = [Number(cellOf(table, row, 'lat') || NaN), Number(cellOf(table, row, 'lng') || NaN)]
    if (!(Math.abs(lat) <= 90 && Math.abs(lng) <= 180)) return
    const code = cellOf(table, row, 'postalCode').padStart(digits, '0')
    let known = samples.get(code)
    if (known === undefined && samples.size < PLACES_MAX) samples.set(code, (known = { lats: [], lngs: [] }))
    if (known === undefined || known.lats.length === SAMPLES_MAX) return
    known.lats.push(lat)
    known.lngs.push(lng)
  })
  return new Map([...samples].map(([code, { lats, lngs }]) => [code, { lat: median(lats), lng: median(lngs) }]))
}

function median(values: number[]): number {
  values.sort((a, b) => a - b)
  return Math.round((values[values.length >> 1] ?? 0) * 100) / 100
}
