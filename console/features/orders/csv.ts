import type { OrderSummary } from '../../../contract/entities/order-summary.ts'

/** A cell that a spreadsheet takes as text: quoted, and never as a formula. */
export function cell(value: string | number | undefined): string {
  const text = String(value ?? '')
  const safe = /^[=+\-@\t\r]/.test(text) && typeof value !== 'number' ? `'${text}` : text
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

const columns: readonly [string, (order: OrderSummary) => string | number | undefined][] = [
  ['orderId', (order) => order.orderId],
  ['channelId', (order) => order.channelId],
  ['externalRef', (order) => order.externalRef],
  ['placedAt', (order) => order.placedAt],
  ['phase', (order) => order.phase],
  ['customerName', (order) => order.customerName],
  ['country', (order) => order.countryCode],
  ['city', (order) => order.city],
  ['lines', (order) => order.lineCount],
  ['units', (order) => order.unitCount],
  ['totalMinorUnits', (order) => order.total],
  ['currency', (order) => order.currency],
  ['paymentState', (order) => order.paymentState],
  ['nodes', (order) => order.nodeIds.join(' ')],
  ['promisedBy', (order) => order.deliverBy],
]

/** RFC 4180 with a byte order mark, which spreadsheets need to read Chinese. */
export function csvOf(orders: readonly OrderSummary[]): string {
  const head = columns.map(([name]) => name).join(',')
  const rows = orders.map((order) => columns.map(([, of]) => cell(of(order))).join(','))
  return `\uFEFF${[head, ...rows].join('\r\n')}\r\n`
}
