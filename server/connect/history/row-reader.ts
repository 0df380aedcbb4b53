import type { Rejection } from '../../engine/ports/history-source.ts'
import type { Instant } from '../../kernel/time.ts'
import type { Minor } from '../../kernel/money.ts'
import type { HistoryMapping } from './mapping.ts'
import { cellOf, type Row, type Table, titleOf } from './tables.ts'

const GOT_MAX = 80
const REF = /^[^\s\u0000-\u001f](?:[^\u0000-\u001f]*[^\s\u0000-\u001f])?$/
const CONTROLS = /[\u0000-\u001f\u007f]+/g

type Why = { readonly column?: string; readonly expected?: string; readonly got?: string }

/** Reads the cells of an order's rows as what they should be; the first one that is something else is the order's rejection. */
export class RowReader {
  rejection: Rejection | undefined
  private readonly mapping: HistoryMapping
  private readonly timeOf: (text: string) => Instant | undefined
  private readonly amountOf: (text: string) => Minor | undefined
  private table: Table | undefined
  private row: Row = { row: 0, cells: [] }

  constructor(mapping: HistoryMapping, timeOf: (text: string) => Instant | undefined, amountOf: (text: string) => Minor | undefined) {
    this.mapping = mapping
    this.timeOf = timeOf
    this.amountOf = amountOf
  }

  /** Starts on an order: forgets the rejection of the one before. */
  begin(table: Table, row: Row): void {
    this.rejection = undefined
    this.at(table, row)
  }

  /** Goes to another row of the same order. */
  at(table: Table, row: Row): void {
    this.table = table
    this.row = row
    if (row.cells.length !== table.width) this.reject('columns_wrong', { expected: `${table.width}`, got: `${row.cells.length}` })
  }

  reject(code: string, { column, expected, got }: Why): void {
    if (this.rejection !== undefined || this.table === undefined) return
    const { name } = this.table
    this.rejection = {
      table: name,
      row: this.row.row,
      code,
      ...(column === undefined ? {} : { column: titleOf(this.mapping, name, column) }),
      ...(expected === undefined ? {} : { expected }),
      ...(got === undefined ? {} : { got: got.slice(0, GOT_MAX) }),
    }
  }

  has(column: string): boolean {
    return this.table?.at[column] !== undefined
  }

  /** Text as it stands, at most 128 characters; empty where there is none. */
  text(column: string): string {
    const raw = this.table === undefined ? '' : cellOf(this.table, this.row, column)
    return raw.replaceAll(CONTROLS, ' ').slice(0, 128).trim()
  }

  /** A reference: 1..128 visible characters. */
  ref(column: string): string {
    const raw = this.table === undefined ? '' : cellOf(this.table, this.row, column)
    if (raw.length <= 128 && REF.test(raw)) return raw
    this.reject(raw === '' ? 'value_missing' : 'value_wrong', { column, expected: '1..128 visible characters', got: raw })
    return ''
  }

  time(column: string): Instant | undefined {
    const at = this.optionalTime(column)
    if (at === undefined) this.reject('value_missing', { column, expected: this.mapping.timeFormats.join(' or ') })
    return at
  }

  /** Undefined for an empty cell; any other text must be a time. */
  optionalTime(column: string): Instant | undefined {
    const text = this.text(column)
    if (text === '') return undefined
    const at = this.timeOf(text)
    if (at === undefined) this.reject('time_wrong', { column, expected: this.mapping.timeFormats.join(' or '), got: text })
    return at
  }

  /** Minor units, not negative. */
  amount(column: string): Minor | undefined {
    const text = this.text(column)
    const amount = this.amountOf(text)
    if (amount !== undefined && amount >= 0) return amount
    this.reject('amount_wrong', { column, expected: `an amount of ${this.mapping.channel.currency}, not negative`, got: text })
    return undefined
  }

  /** Units; 1 where the table has no such column. */
  quantity(column: string): number {
    if (!this.has(column)) return 1
    const text = this.text(column)
    if (/^\d{1,7}$/.test(text) && Number(text) >= 1 && Number(text) <= 1_000_000) return Number(text)
    this.reject('quantity_wrong', { column, expected: '1..1000000', got: text })
    return 1
  }
}
