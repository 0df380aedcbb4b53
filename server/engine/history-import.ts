import { createHash } from 'node:crypto'
import { type PastOrder, recordHistory } from '../domain/order/record-history.ts'
import type { PersonView } from '../domain/order/person.ts'
import { Defect } from '../kernel/assert.ts'
import { Fault } from '../kernel/fault.ts'
import type { OrderId } from '../kernel/ids.ts'
import type { SealedPerson } from '../store/order-writes.ts'
import type { Command, CommandContext, CommandOutcome } from './command.ts'
import type { FactInput, PutFacts } from './families/fact-family.ts'
import type { RecordHistory } from './families/order-command.ts'
import { count, type HistoryReport } from './history-report.ts'
import type { FactKind } from './memory.ts'
import type { HistoryFactRow, HistoryRow, HistorySource, Rejection } from './ports/history-source.ts'

/** Orders between two checkpoints, and how many such windows are under way at a time: that bounds memory, and what counts as existing after a kill -9. */
const WINDOW_MAX = 1000
const WINDOWS_MAX = 4
const FACTS_MAX = 500
const TRIES_MAX = 10
const GOT_MAX = 200

export type HistoryImportPorts = {
  readonly submit: (command: Command, context: CommandContext) => Promise<CommandOutcome>
  readonly knows: (fact: FactKind, key: string) => boolean
  readonly seal: (orderId: OrderId, person: PersonView, countryCode: string) => SealedPerson
  /** Keeps the report durably: rows up to `rowsDone` are never read again. */
  readonly checkpoint: (report: HistoryReport) => Promise<void>
  /** Keeps rejections; resolves before the checkpoint that covers them. */
  readonly reject: (rejections: readonly Rejection[]) => Promise<void>
  readonly progress: (report: HistoryReport) => void
  readonly wait: (ms: number) => Promise<void>
  /** Orders between two checkpoints; default 1,000. */
  readonly windowMax?: number
}

/** Never a rejected promise: a window is looked at only after the next one was read. */
type Settled = { readonly row: HistoryRow; readonly outcome?: CommandOutcome | Rejection; readonly fault?: unknown }

/**
 * Records a source's facts, then its orders in windows, from where `report` stands. Ends when the source is through or `signal`
 * says stop; either way everything submitted is durable and the last checkpoint covers it. Throws the Fault that outlasted all
 * retries; then the import goes on from its last checkpoint, and what was recorded since counts as existing.
 */
export async function importHistory(
  source: HistorySource,
  report: HistoryReport,
  ports: HistoryImportPorts,
  signal: AbortSignal,
): Promise<HistoryReport> {
  const context: CommandContext = { actor: { kind: 'import', id: source.importId }, lane: 'bulk' }
  report.state = 'running'
  await ports.reject(source.strays)
  await putFacts(source, report, ports, context, signal)
  await recordOrders(source, report, ports, context, signal)
  report.state = signal.aborted && report.rowsDone < report.rows ? 'stopped' : 'done'
  await ports.checkpoint(report)
  ports.progress(report)
  return report
}

/** Facts that the hub knows already stay as they are: they may have been edited since. */
async function putFacts(
  source: HistorySource,
  report: HistoryReport,
  ports: HistoryImportPorts,
  context: CommandContext,
  signal: AbortSignal,
): Promise<void> {
  const rejections: Rejection[] = []
  let waiting: HistoryFactRow[] = []
  const flush = async (): Promise<void> => {
    const [first] = waiting
    if (first === undefined) return
    const rows = waiting.map(({ key, doc }, index): FactInput => ({ index, key, doc }))
    const command: PutFacts = { kind: 'putFacts', fact: first.fact, rows }
    const outcome = await submitSurely(command, context, ports)
    for (const row of outcome.status === 'done' ? (outcome.value.rows ?? []) : [])
      tallyOf(report, first.fact)[row.status === 'created' ? 'created' : 'known'] += 1
    waiting = []
    ports.progress(report)
  }
  for await (const one of source.facts()) {
    if (signal.aborted) return
    if ('rejection' in one) rejections.push(one.rejection)
    else if (ports.knows(one.fact, one.key)) tallyOf(report, one.fact).known += 1
    else {
      if (waiting.length === FACTS_MAX || (waiting[0] !== undefined && waiting[0].fact !== one.fact)) await flush()
      waiting.push(one)
    }
    if (rejections.length >= FACTS_MAX) await ports.reject(rejections.splice(0))
  }
  await flush()
  await ports.reject(rejections)
}

function tallyOf(report: HistoryReport, fact: FactKind): { created: number; known: number } {
  return (report.facts[fact] ??= { created: 0, known: 0 })
}

async function recordOrders(
  source: HistorySource,
  report: HistoryReport,
  ports: HistoryImportPorts,
  context: CommandContext,
  signal: AbortSignal,
): Promise<void> {
  let window: Promise<Settled>[] = []
  const underWay: Promise<Settled>[][] = []
  const turn = async (left: number): Promise<void> => {
    if (window.length > 0) underWay.push(window)
    window = []
    while (underWay.length > left) {
      await settle(underWay[0] ?? [], report, ports)
      underWay.splice(0, 1)
    }
  }
  try {
    for await (const row of source.orders(report.rowsDone, ports.knows)) {
      if (signal.aborted) break
      window.push(submitRow(row, context, ports))
      if (window.length >= (ports.windowMax ?? WINDOW_MAX)) await turn(WINDOWS_MAX - 1)
    }
    await turn(0)
  } finally {
    await Promise.all([...underWay.flat(), ...window])
  }
}

async function settle(window: readonly Promise<Settled>[], report: HistoryReport, ports: HistoryImportPorts): Promise<void> {
  if (window.length === 0) return
  const rejections: Rejection[] = []
  const settled = await Promise.all(window)
  const broken = settled.find((one) => one.fault !== undefined)
  if (broken !== undefined) throw broken.fault
  for (const { row, outcome } of settled) tally(row, outcome, report, rejections)
  await ports.reject(rejections)
  await ports.checkpoint(report)
  ports.progress(report)
}

function tally(row: HistoryRow, outcome: Settled['outcome'], report: HistoryReport, rejections: Rejection[]): void {
  report.rowsDone = row.row
  if (outcome === undefined) report.blank += 1
  else if ('table' in outcome) rejections.push(outcome)
  else if (outcome.status === 'refused') rejections.push(refusalOf(row, outcome))
  else if (outcome.value.fresh === false) report.existing += 1
  else {
    report.recorded += 1
    for (const flag of outcome.value.change?.after.state.flags ?? []) count(report.flags, flag)
  }
  const last = rejections.at(-1)
  if (last?.row === row.row) count(report.rejected, last.code)
}

function refusalOf(row: HistoryRow, refused: Extract<CommandOutcome, { status: 'refused' }>): Rejection {
  const key = row.kind === 'order' ? { key: row.past.externalRef } : {}
  return { table: 'orders', row: row.row, ...key, code: refused.code, expected: refused.detail.en }
}

async function submitRow(row: HistoryRow, context: CommandContext, ports: HistoryImportPorts): Promise<Settled> {
  if (row.kind === 'blank') return { row }
  if (row.kind === 'rejected') return { row, outcome: row.rejection }
  try {
    return { row, outcome: await submitSurely(commandOf(row.past, row.person, row.countryCode, ports), context, ports) }
  } catch (error) {
    if (!(error instanceof Defect)) return { row, fault: error }
    const { externalRef } = row.past
    return { row, outcome: { table: 'orders', row: row.row, key: externalRef, code: 'rule_broken', got: error.message.slice(0, GOT_MAX) } }
  }
}

function commandOf(past: PastOrder, person: PersonView, countryCode: string, ports: HistoryImportPorts): RecordHistory {
  const { shard, channelId, externalRef } = past
  return {
    kind: 'recordHistory',
    inputHash: hashOf(past, person),
    shard,
    channelId,
    externalRef,
    build: (orderId, nextWorkId, now) => recordHistory(past, orderId, nextWorkId, now),
    seal: (orderId) => ports.seal(orderId, person, countryCode),
  }
}

/** Of what the source says of the order itself: coordinates, known nodes and flags depend on the tables beside it. */
function hashOf(past: PastOrder, person: PersonView): Uint8Array {
  const { flags: _, money, shipTo, lines, ...rest } = past
  const { lat: _lat, lng: _lng, ...place } = shipTo
  const own = lines.map(({ nodeId: _node, ...line }) => line)
  return createHash('sha256')
    .update(JSON.stringify([rest, money.totals, place, own, person]))
    .digest()
}

/** Submits until the hub could take it: an import waits where a caller would be told to come back. */
async function submitSurely(command: Command, context: CommandContext, ports: HistoryImportPorts): Promise<CommandOutcome> {
  for (let round = 1; ; round++) {
    try {
      return await ports.submit(command, context)
    } catch (error) {
      if (!(error instanceof Fault) || error.retry === 'never' || round === TRIES_MAX) throw error
      await ports.wait(Math.min(5000, (error.retryAfterSeconds ?? 0.05 * 2 ** round) * 1000))
    }
  }
}
