import { QUANTITY_MAX } from '../../../contract/entities/basics.ts'
import type { OrderInput } from '../../../contract/entities/order.ts'
import { prorate, minor } from '../../kernel/money.ts'
import { readMoney } from './amounts.ts'
import { readAttributes } from './attributes.ts'
import { defined, readInteger, readText } from './fields.ts'
import { findAll, type Found } from './path.ts'
import { describe, holdsAll, issue, report, type Reading } from './reading.ts'

export type LineInput = OrderInput['lines'][number]
export type MappedLines = {
  readonly lines: readonly LineInput[]
  /** Discounts as the body states them, before lines were taken out: what order-level discounts are worked out against. */
  readonly statedDiscount: number
  /** Line totals after discount, minor units. */
  readonly net: number
  /** What of each line is tax, where the body says it. */
  readonly taxes: readonly (number | undefined)[]
  readonly isDigital: boolean
}

const LINES_MAX = 500

type Price = { readonly unitPrice: number; readonly discount: number }

/** A whole line's amounts as a unit price and a discount that give exactly `net`: the price rounds up, the discount takes the rest. */
export function priceOf(gross: number, net: number, quantity: number): Price {
  const unitPrice = Math.ceil(Math.max(gross, net) / quantity)
  return { unitPrice, discount: unitPrice * quantity - net }
}

/** Reads price and discount for `quantity` units; a discount below zero is a surcharge and raises the price. */
function readPrice(reading: Reading, scope: Found, quantity: number): Price | undefined {
  const rule = reading.mapping.lines
  if (rule.gross) {
    const gross = readMoney(reading, scope, rule.gross)
    if (gross === undefined) return undefined
    const net = readMoney(reading, scope, rule.net) ?? gross
    if (gross >= 0 && net >= 0) return priceOf(gross, net, quantity)
    return negative(reading, scope, Math.min(gross, net))
  }
  const unitPrice = readMoney(reading, scope, rule.unitPrice)
  if (unitPrice === undefined) return undefined
  const discount = readMoney(reading, scope, rule.discount) ?? 0
  const net = unitPrice * quantity - discount
  if (unitPrice < 0 || net < 0) return negative(reading, scope, net)
  return discount >= 0 ? { unitPrice, discount } : priceOf(unitPrice * quantity, net, quantity)
}

function negative(reading: Reading, scope: Found, amount: number): undefined {
  report(reading, issue('line_negative', 'error', scope.path, 'a line total of 0 or more', `${amount} minor units`))
  return undefined
}

type Quantity = { readonly left: number; readonly ordered: number }

/** What is left of a line that was partly taken out keeps its share of the discount and of the tax. */
const partOf = (amount: number, { left, ordered }: Quantity): number =>
  left >= ordered ? amount : (prorate(minor(amount), [left, ordered - left])[0] ?? 0)

type Read = { readonly line: LineInput; readonly statedDiscount: number; readonly tax: number | undefined; readonly isDigital: boolean }

function quantityOf(reading: Reading, scope: Found, keepRemoved: boolean): Quantity | undefined {
  const rule = reading.mapping.lines
  const quantity = readInteger(reading, scope, rule.quantity)
  if (quantity === undefined) return undefined
  const ordered = (rule.originalQuantity && readInteger(reading, scope, rule.originalQuantity)) ?? quantity
  const left = keepRemoved && quantity === 0 ? ordered : quantity
  if (left >= 0 && ordered >= left && ordered <= QUANTITY_MAX) return { left, ordered }
  report(reading, issue('quantity_wrong', 'error', scope.path, `a quantity of 0 to ${QUANTITY_MAX}`, `${left} of ${ordered}`))
  return undefined
}

function readLine(reading: Reading, scope: Found, keepRemoved: boolean): Read | undefined {
  const rule = reading.mapping.lines
  const lineRef = readText(reading, scope, rule.lineRef)
  const sku = readText(reading, scope, rule.sku)
  const quantity = quantityOf(reading, scope, keepRemoved)
  const price = quantity && quantity.ordered > 0 ? readPrice(reading, scope, quantity.ordered) : undefined
  if (quantity?.left === 0) report(reading, issue('line_removed', 'notice', scope.path, 'a quantity left', '0'))
  if (lineRef === undefined || sku === undefined || !quantity || quantity.left === 0 || !price) return undefined
  const isDigital = rule.digital !== undefined && rule.digital.some((condition) => holdsAll(reading, scope, [condition]))
  const discount = partOf(price.discount, quantity)
  const line: LineInput = {
    lineRef,
    sku,
    quantity: quantity.left,
    unitPrice: price.unitPrice,
    ...(discount === 0 ? {} : { discount }),
    ...defined({
      name: rule.name && readText(reading, scope, rule.name),
      taxClass: rule.taxClass && readText(reading, scope, rule.taxClass),
      attributes: digitalToo(readAttributes(reading, scope, rule.attributes), isDigital),
    }),
  }
  const tax = readMoney(reading, scope, rule.tax)
  return { line, statedDiscount: price.discount, tax: tax === undefined ? undefined : partOf(tax, quantity), isDigital }
}

/** Two lines with one reference would be one line to the hub: the later ones get a suffix, and a person looks. */
function distinct(reading: Reading, lines: readonly LineInput[]): readonly LineInput[] {
  const seen = new Map<string, number>()
  return lines.map((line) => {
    const count = (seen.get(line.lineRef) ?? 0) + 1
    seen.set(line.lineRef, count)
    if (count === 1) return line
    report(
      reading,
      issue('line_ref_repeated', 'warning', reading.root.path, 'a reference of its own for each line', describe(line.lineRef)),
    )
    return { ...line, lineRef: `${line.lineRef.slice(0, 120)}~${count}` }
  })
}

function listOf(reading: Reading): readonly Found[] {
  for (const path of reading.mapping.lines.at) {
    const found = findAll(reading.root, path)
    if (found.length > 0) return found
  }
  return []
}

/** All lines that are to be fulfilled. When every one was taken out since, all are kept and a person looks. */
export function readLines(reading: Reading): MappedLines {
  const rule = reading.mapping.lines
  const scopes = listOf(reading).filter((scope) => !rule.skip || !holdsAll(reading, scope, rule.skip))
  const listPath = rule.at[0] ?? 'lines'
  if (scopes.length === 0) report(reading, issue('lines_missing', 'error', listPath, 'a list with at least one line', 'none'))
  if (scopes.length > LINES_MAX)
    report(reading, issue('lines_too_many', 'error', listPath, `at most ${LINES_MAX} lines`, `${scopes.length} lines`))
  const counted = scopes.slice(0, LINES_MAX)
  let read = counted.map((scope) => readLine(reading, scope, false)).filter((line) => line !== undefined)
  if (read.length === 0 && reading.issues.some((known) => known.code === 'line_removed')) {
    read = counted.map((scope) => readLine(reading, scope, true)).filter((line) => line !== undefined)
    if (read.length > 0)
      report(reading, issue('nothing_left', 'warning', listPath, 'a quantity left on one line', 'none: the platform took every line out'))
  }
  const lines = distinct(
    reading,
    read.map((one) => one.line),
  )
  return {
    lines,
    statedDiscount: read.reduce((sum, one) => sum + one.statedDiscount, 0),
    net: lines.reduce((sum, line) => sum + netOf(line), 0),
    taxes: read.map((one) => one.tax),
    isDigital: read.length > 0 && read.every((one) => one.isDigital),
  }
}

/** What a line costs after its own discount. */
export const netOf = (line: LineInput): number => line.unitPrice * line.quantity - (line.discount ?? 0)

/** What a platform calls digital (nothing to ship) is so to the hub. */
const digitalToo = (attributes: LineInput['attributes'], isDigital: boolean): LineInput['attributes'] =>
  isDigital ? { ...attributes, digital: true } : attributes
