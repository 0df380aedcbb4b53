import { cellOf, isBlank, readRows, type Row, type Table, type Tables } from './tables.ts'

/** An order's row with the rows of the other tables that belong to it. */
export type JoinedOrder = {
  readonly order: Row
  readonly isBlank: boolean
  /** Row of the orders table that carries the same id earlier in the same chunk. */
  readonly repeats: number | undefined
  readonly lines: readonly Row[]
  readonly payments: readonly Row[]
  readonly customer: Row | undefined
}
type Mutable = { lines: Row[]; payments: Row[]; customerId: string; customer: Row | undefined; row: number }

/**
 * Orders in the order of their table, after the first `done` rows, each with what belongs to it. Works in chunks: the rows of
 * `chunkMax` orders are held, and the other tables are read once a chunk, so memory does not grow with the history.
 */
export async function* joinOrders(tables: Tables, done: number, chunkMax = 20_000): AsyncGenerator<JoinedOrder[]> {
  let chunk: Row[] = []
  for await (const rows of readRows(tables.orders, { keepBlank: true })) {
    for (const row of rows) {
      if (row.row <= done) continue
      chunk.push(row)
      if (chunk.length < chunkMax) continue
      yield await joinChunk(tables, chunk)
      chunk = []
    }
  }
  if (chunk.length > 0) yield await joinChunk(tables, chunk)
}

async function joinChunk(tables: Tables, chunk: readonly Row[]): Promise<JoinedOrder[]> {
  const byOrder = new Map<string, Mutable>()
  for (const row of chunk) {
    const id = cellOf(tables.orders, row, 'orderId')
    const customerId = cellOf(tables.orders, row, 'customerId')
    if (id !== '' && !byOrder.has(id)) byOrder.set(id, { lines: [], payments: [], customerId, customer: undefined, row: row.row })
  }
  await eachOf(tables.lines, (row) => byOrder.get(cellOf(tables.lines, row, 'orderId'))?.lines.push(row))
  const { payments, customers } = tables
  if (payments !== undefined) await eachOf(payments, (row) => byOrder.get(cellOf(payments, row, 'orderId'))?.payments.push(row))
  if (customers !== undefined) await joinCustomers(customers, [...byOrder.values()])
  return chunk.map((order): JoinedOrder => {
    const joined = byOrder.get(cellOf(tables.orders, order, 'orderId'))
    const { lines = [], payments: paid = [], customer } = joined ?? {}
    const repeats = joined === undefined || joined.row === order.row ? undefined : joined.row
    return { order, isBlank: isBlank(order.cells), repeats, lines, payments: paid, customer }
  })
}

async function joinCustomers(customers: Table, orders: readonly Mutable[]): Promise<void> {
  const byCustomer = new Map<string, Mutable[]>()
  for (const order of orders) {
    const known = byCustomer.get(order.customerId)
    if (known === undefined) byCustomer.set(order.customerId, [order])
    else known.push(order)
  }
  await eachOf(customers, (row) => {
    for (const order of byCustomer.get(cellOf(customers, row, 'customerId')) ?? []) order.customer = row
  })
}

async function eachOf(table: Table, visit: (row: Row) => void): Promise<void> {
  for await (const rows of readRows(table)) for (const row of rows) visit(row)
}
