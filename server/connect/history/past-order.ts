import type { FactKind } from '../../engine/memory.ts'
import type { HistoryRow, Rejection } from '../../engine/ports/history-source.ts'
import { currencyDigits } from '../../domain/money/currency.ts'
import { computeTotals } from '../../domain/money/totals.ts'
import { type HistoryFact, historyFacts } from '../../domain/order/history.ts'
import type { PastFact, PastLine, PastOrder } from '../../domain/order/record-history.ts'
import { present } from '../../kernel/assert.ts'
import { shardOfRef } from '../../kernel/ids.ts'
import { type Minor, parseDecimal } from '../../kernel/money.ts'
import type { Instant } from '../../kernel/time.ts'
import type { JoinedOrder } from './join.ts'
import type { HistoryMapping } from './mapping.ts'
import { RowReader } from './row-reader.ts'
import type { Point } from './survey.ts'
import type { Tables } from './tables.ts'
import { timeReader } from './time-format.ts'

const LINES_MAX = 500
const PAYMENTS_MAX = 500
/** Facts that a status alone may stand for without looking odd: no history says when they happened. */
const UNDATED: readonly HistoryFact[] = ['invoiced', 'processing', 'cancelled', 'unavailable', 'closed', 'placed']
const ENDINGS: readonly (HistoryFact | null)[] = ['cancelled', 'unavailable', 'closed']

export type PastOrderContext = {
  readonly mapping: HistoryMapping
  readonly tables: Tables
  readonly places: ReadonlyMap<string, Point>
  readonly isKnown: (fact: FactKind, key: string) => boolean
}

/** A function that makes an order of the past from its joined rows, or says why not. What is merely odd becomes a flag. */
export function pastOrderBuilder(context: PastOrderContext): (joined: JoinedOrder) => HistoryRow {
  const { mapping, tables } = context
  const digits = present(currencyDigits(mapping.channel.currency), `the scale of ${mapping.channel.currency}`)
  const reader = new RowReader(mapping, timeReader(mapping.timeFormats, mapping.channel.zone), (text) => parseDecimal(text, digits))
  return (joined) => {
    const { row } = joined.order
    if (joined.isBlank) return { kind: 'blank', row }
    reader.begin(tables.orders, joined.order)
    const externalRef = reader.ref('orderId')
    if (joined.repeats !== undefined) reader.reject('order_repeated', { expected: `row ${joined.repeats}` })
    const built = reader.rejection === undefined ? build(joined, externalRef, reader, context) : undefined
    if (built === undefined || reader.rejection !== undefined)
      return { kind: 'rejected', row, rejection: rejectionOf(reader, row, externalRef) }
    return { kind: 'order', row, ...built }
  }
}

function rejectionOf(reader: RowReader, row: number, key: string): Rejection {
  const { table, row: at, ...found } = present(reader.rejection, 'the reason of a rejection')
  const cause = table === 'orders' ? {} : { cause: { table, row: at } }
  return { table: 'orders', row, ...(key === '' ? {} : { key }), ...found, ...cause }
}

function build(joined: JoinedOrder, externalRef: string, reader: RowReader, context: PastOrderContext) {
  const { mapping, tables } = context
  const { channelId, currency } = mapping.channel
  const flags = new Set<string>()
  const placedAt = reader.time('placedAt')
  const promisedBy = reader.optionalTime('promisedBy')
  const facts = factsOf(reader, mapping, flags)
  const customer = customerOf(joined, reader, context, flags)
  const { lines, shipping } = linesOf(joined, reader, context, flags)
  const payments = paymentsOf(joined, reader, tables)
  if (reader.rejection !== undefined || placedAt === undefined) return undefined
  const money = computeTotals({ lines, shipping: { amount: shipping } }, { lines: [] })
  if (money.status === 'refused') {
    reader.reject(money.code, { expected: money.detail.en })
    return undefined
  }
  if (lines.length === 0) flags.add('no_items')
  if (tables.payments !== undefined) flagPayments(payments, money.value.totals.total, lines.length, flags)
  const past: PastOrder = {
    shard: shardOfRef(channelId, externalRef),
    channelId,
    externalRef,
    placedAt,
    currency,
    ...(customer.customerRef === '' ? {} : { customerRef: customer.customerRef }),
    shipTo: customer.shipTo,
    lines,
    money: money.value,
    payments,
    ...(promisedBy === undefined ? {} : { promisedBy }),
    facts,
    flags: [...flags],
  }
  const person = { customer: {}, shipTo: customer.postalCode === '' ? {} : { postalCode: customer.postalCode } }
  return { past, person, countryCode: mapping.countryCode }
}

/** Dated facts as their columns tell, and the one that the status stands for. */
function factsOf(reader: RowReader, mapping: HistoryMapping, flags: Set<string>): PastFact[] {
  const facts: PastFact[] = []
  for (const fact of Object.keys(mapping.times) as HistoryFact[]) {
    const at = reader.optionalTime(fact)
    if (at !== undefined) facts.push({ fact, at })
  }
  const status = reader.text('status')
  const claimed = Object.hasOwn(mapping.statuses, status) ? mapping.statuses[status] : undefined
  if (claimed === undefined) {
    reader.reject('status_unknown', { column: 'status', expected: Object.keys(mapping.statuses).join(', '), got: status })
    return facts
  }
  const has = (fact: HistoryFact): boolean => facts.some((one) => one.fact === fact)
  const reached = claimed === null ? 0 : historyFacts.indexOf(claimed)
  if (!ENDINGS.includes(claimed) && facts.some((one) => one.fact !== 'approved' && historyFacts.indexOf(one.fact) > reached))
    flags.add('times_beyond_status')
  if (claimed !== null && claimed !== 'placed' && !has(claimed)) {
    if (!UNDATED.includes(claimed)) flags.add(`${claimed === 'handedOver' ? 'handed_over' : claimed}_time_missing`)
    facts.push({ fact: claimed })
  }
  if (has('delivered') && !has('handedOver')) flags.add('hand_over_missing')
  if ((has('delivered') || has('handedOver')) && !has('approved')) flags.add('approval_missing')
  return facts
}

function customerOf({ customer }: JoinedOrder, reader: RowReader, { mapping, tables, places }: PastOrderContext, flags: Set<string>) {
  const { countryCode, postalDigits = 0 } = mapping
  const none = { customerRef: '', postalCode: '', shipTo: { countryCode } }
  if (tables.customers === undefined) return none
  if (customer === undefined) {
    flags.add('customer_missing')
    return none
  }
  reader.at(tables.customers, customer)
  const [customerRef, city, region, code] = [
    reader.text('customerRef'),
    reader.text('city'),
    reader.text('region'),
    reader.text('postalCode'),
  ]
  const postalCode = code === '' ? '' : code.padStart(postalDigits, '0').slice(0, 20)
  const point = places.get(postalCode)
  const shipTo = { countryCode, ...(region === '' ? {} : { region }), ...(city === '' ? {} : { city }), ...point }
  return { customerRef, postalCode, shipTo }
}

/** Rows of one item from one seller at one price are one line of several units; what was paid for delivery adds up. */
function linesOf({ lines: rows }: JoinedOrder, reader: RowReader, { tables, isKnown }: PastOrderContext, flags: Set<string>) {
  const lines = new Map<string, PastLine>()
  let shipping = 0
  const refs = new Set<string>()
  for (const row of rows) {
    reader.at(tables.lines, row)
    const [lineRef, sku, nodeId] = [reader.ref('lineRef'), reader.ref('sku'), reader.text('nodeId')]
    const unitPrice = reader.amount('price') ?? 0
    const quantity = reader.quantity('quantity')
    const shipBy = reader.optionalTime('shipBy')
    shipping += reader.has('shipping') ? (reader.amount('shipping') ?? 0) : 0
    if (refs.has(lineRef)) reader.reject('line_repeated', { column: 'lineRef', got: lineRef })
    refs.add(lineRef)
    if (reader.rejection !== undefined) break
    const isNode = nodeId !== '' && isKnown('node', nodeId)
    if (!isNode && tables.lines.at['nodeId'] !== undefined) flags.add('seller_missing')
    if (tables.items !== undefined && !isKnown('item', sku)) flags.add('item_missing')
    const key = `${sku}\0${nodeId}\0${unitPrice}`
    const line = { lineRef, sku, quantity, unitPrice, ...(isNode ? { nodeId } : {}), ...(shipBy === undefined ? {} : { shipBy }) }
    lines.set(key, mergedLine(lines.get(key), line))
  }
  if (lines.size > LINES_MAX) reader.reject('lines_too_many', { expected: `${LINES_MAX}`, got: `${lines.size}` })
  return { lines: [...lines.values()], shipping }
}

function mergedLine(known: PastLine | undefined, line: PastLine): PastLine {
  if (known === undefined) return line
  const shipBy = [known.shipBy, line.shipBy].filter((one): one is Instant => one !== undefined).toSorted((a, b) => a - b)[0]
  return { ...known, quantity: known.quantity + line.quantity, ...(shipBy === undefined ? {} : { shipBy }) }
}

function paymentsOf({ payments: rows }: JoinedOrder, reader: RowReader, { payments: table }: Tables) {
  const payments: { method: string; amount: Minor; paymentRef?: string }[] = []
  for (const row of table === undefined ? [] : rows) {
    if (table === undefined || reader.rejection !== undefined) break
    reader.at(table, row)
    const [method, amount, paymentRef] = [reader.ref('method').slice(0, 64), reader.amount('amount'), reader.text('paymentRef')]
    if (amount !== undefined) payments.push({ method, amount, ...(paymentRef === '' ? {} : { paymentRef }) })
  }
  if (payments.length > PAYMENTS_MAX) reader.reject('payments_too_many', { expected: `${PAYMENTS_MAX}`, got: `${payments.length}` })
  return payments.toSorted((a, b) => Number(a.paymentRef ?? 0) - Number(b.paymentRef ?? 0))
}

function flagPayments(payments: readonly { readonly amount: number }[], total: number, lines: number, flags: Set<string>): void {
  if (payments.length === 0) flags.add('payments_missing')
  else if (lines > 0 && payments.reduce((sum, one) => sum + one.amount, 0) !== total) flags.add('payments_differ')
}
