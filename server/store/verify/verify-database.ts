import { type OrderId, parseId } from '../../kernel/ids.ts'
import { plainArray } from '../columns.ts'
import { type Client, connectPooled, giveBack, type Pool, run, statement } from '../database.ts'
import { orderKeyOf, type OrderKey } from '../order-reads.ts'
import type { Drift } from './drift.ts'
import { checkSums, ExpectedSums } from './expected-sums.ts'
import { examineOrder, orderChecks } from './examine-order.ts'
import { ordersAfter } from './order-page.ts'
import { repairDrift } from './repair.ts'
import { Findings, type VerifyReport } from './report.ts'
import { answersAfter, checkSets, missingOrders, shortagesOf } from './set-checks.ts'

export type VerifyOptions = {
  /** Repairs drift: what is derived from the log or summed from rows. Facts and events are never touched. */
  readonly repair?: boolean
  readonly pageSize?: number
  readonly onProgress?: (ordersSeen: number) => void
}

const PAGE = 500
const NO_DRIFT: Drift = { orders: [], hasStockDrift: false, accounts: [], capacity: [], supply: [] }
/** Repairs are remembered per order up to here; the next run finds the rest. */
const DRIFTED_MAX = 100_000

const openSnapshot = statement<object>('verifyBegin', 'begin isolation level repeatable read read only')
const closeSnapshot = statement<object>('verifyEnd', 'rollback')

/**
 * Checks every invariant of the domain model on one snapshot of a database, beside a running hub if need be; memory is bounded by a page of orders.
 * With `repair`, drift is mended in short transactions that take the hub's own locks, and the report tells how things stand afterwards.
 */
export async function verifyDatabase(pool: Pool, options: VerifyOptions = {}): Promise<VerifyReport> {
  const before = performance.now()
  const first = await look(pool, options)
  const isDrifted = first.drift.hasStockDrift || Object.values(first.drift).some((found) => Array.isArray(found) && found.length > 0)
  if (options.repair !== true || !isDrifted) return { ...first.report, repaired: [], ms: performance.now() - before }
  const repaired = await repairDrift(pool, first.drift)
  const second = await look(pool, options)
  return { ...second.report, repaired, ms: performance.now() - before }
}

type Looked = { readonly report: Omit<VerifyReport, 'ms' | 'repaired'>; readonly drift: Drift }

async function look(pool: Pool, options: VerifyOptions): Promise<Looked> {
  const client = await connectPooled(pool)
  let broken: Error | undefined
  try {
    await run(client, openSnapshot)
    const looked = await lookAtSnapshot(client, options)
    await run(client, closeSnapshot)
    return looked
  } catch (error) {
    broken = error instanceof Error ? error : new Error(String(error)) // the session may stand in a failed transaction: it is not used again
    throw error
  } finally {
    giveBack(client, broken)
  }
}

async function lookAtSnapshot(client: Client, options: VerifyOptions): Promise<Looked> {
  const findings = new Findings()
  await checkSets(client, findings)
  await checkAnswers(client, findings)
  const expected = new ExpectedSums()
  const orders = await checkOrders(client, findings, expected, options)
  const sums = await checkSums(client, expected, findings)
  const checks = findings.reports()
  const report = { isClean: checks.every((one) => one.violations === 0), checks, shortages: await shortagesOf(client) }
  // A log with holes is no truth to repair from: what depends on it stays as it is, for a person.
  const isLogWhole = findings.violations('log.dense') + findings.violations('log.archives') === 0
  return { report, drift: isLogWhole ? { ...sums, orders, hasStockDrift: findings.violations('stock.reserved') > 0 } : NO_DRIFT }
}

async function checkOrders(client: Client, findings: Findings, expected: ExpectedSums, options: VerifyOptions): Promise<OrderKey[]> {
  const size = options.pageSize ?? PAGE
  const drifted: OrderKey[] = []
  let seen = 0
  let reading = ordersAfter(client, { shard: -1, orderId: '0' }, size)
  for (;;) {
    const page = await reading
    const last = page.at(-1)
    // The next page is read while this one is examined.
    if (last !== undefined) reading = ordersAfter(client, { shard: last.row.shard, orderId: last.row.order_id }, size)
    reading.catch(() => undefined) // awaited above, unless an examination throws first
    for (const check of orderChecks) findings.saw(check, page.length)
    for (const stored of page) {
      const examined = examineOrder(stored)
      for (const { check, says } of examined.problems) findings.violated(check, says)
      if (examined.expected !== undefined) expected.add(stored.row.intake, examined.expected)
      if (examined.problems.length > 0 && drifted.length < DRIFTED_MAX)
        drifted.push({ shard: stored.row.shard, orderId: stored.row.order_id })
    }
    seen += page.length
    options.onProgress?.(seen)
    if (last === undefined) return drifted
  }
}

const ANSWERS_PAGE = 5000

async function checkAnswers(client: Client, findings: Findings): Promise<void> {
  for (let credential = '', key = ''; ;) {
    const page = await answersAfter(client, credential, key, ANSWERS_PAGE)
    findings.saw('answers.orders', page.length)
    const ids = new Set(page.flatMap((row) => parseId('ord', row.order_id ?? '') ?? []))
    for (const missing of await notThere(client, [...ids])) findings.violated('answers.orders', `an answer names order ${missing}`)
    const last = page.at(-1)
    if (last === undefined || page.length < ANSWERS_PAGE) return
    credential = last.credential_id
    key = last.idempotency_key
  }
}

async function notThere(client: Client, orderIds: readonly OrderId[]): Promise<string[]> {
  if (orderIds.length === 0) return []
  const keys = orderIds.map(orderKeyOf)
  const rows = await missingOrders(client, plainArray(keys.map((one) => one.shard)), plainArray(keys.map((one) => one.orderId)))
  return rows.map((row) => row.order_id)
}
