import assert from 'node:assert/strict'
import { test } from 'node:test'
import { computeTotals } from '../domain/money/totals.ts'
import { Defect } from '../kernel/assert.ts'
import { Fault } from '../kernel/fault.ts'
import { done } from '../kernel/outcome.ts'
import { instant } from '../kernel/time.ts'
import type { Command, CommandOutcome } from './command.ts'
import type { RecordHistory } from './families/order-command.ts'
import { type HistoryImportPorts, importHistory } from './history-import.ts'
import { newReport } from './history-report.ts'
import type { HistoryRow, HistorySource, Rejection } from './ports/history-source.ts'

const ROWS = 10

function orderRow(row: number): HistoryRow {
  const money = computeTotals({ lines: [] }, { lines: [] })
  const past = {
    shard: 1,
    channelId: 'bazaar',
    externalRef: `n-${row}`,
    placedAt: instant(row),
    currency: 'BRL',
    shipTo: { countryCode: 'BR' },
    lines: [],
    money: money.status === 'done' ? money.value : assert.fail(),
    payments: [],
    facts: [],
    flags: [],
  }
  return { kind: 'order', row, past, person: { customer: {}, shipTo: {} }, countryCode: 'BR' }
}

const source: HistorySource = {
  importId: 'bazaar-1',
  label: 'bazaar',
  rows: ROWS,
  strays: [],
  straysUnlisted: 0,
  async *facts() {
    yield { fact: 'channel', key: 'bazaar', doc: { channelId: 'bazaar' } }
  },
  async *orders(from) {
    for (let row = from + 1; row <= ROWS; row++) yield orderRow(row)
  },
}

/** Imports with an engine that answers as `submit` says; what was kept on the way. */
async function importWith(submit: (command: RecordHistory) => CommandOutcome) {
  const report = newReport(ROWS)
  const rejected: Rejection[] = []
  const waits: number[] = []
  const kept: number[] = []
  const ports: HistoryImportPorts = {
    submit: async (command: Command) => (command.kind === 'putFacts' ? done({ rows: [] }) : submit(command as RecordHistory)),
    knows: () => false,
    seal: () => ({ wrappedKey: new Uint8Array(), sealed: new Uint8Array() }),
    checkpoint: async (now) => void kept.push(now.rowsDone),
    reject: async (rejections) => void rejected.push(...rejections),
    progress: () => undefined,
    wait: async (ms) => void waits.push(ms),
    windowMax: 2,
  }
  const failure = await importHistory(source, report, ports, new AbortController().signal).then(
    () => undefined,
    (error: unknown) => error,
  )
  return { report, rejected, waits, kept, failure }
}

test('a busy hub is waited for, and every order is submitted until it is taken', async () => {
  const refused = new Set<string>()
  const { report, waits, failure } = await importWith(({ externalRef }) => {
    if (refused.has(externalRef)) return done({ fresh: true })
    refused.add(externalRef)
    throw new Fault('overloaded', 'too much waits', 'later', { retryAfterSeconds: 1 })
  })
  assert.equal(failure, undefined)
  assert.deepEqual([report.state, report.recorded, waits], ['done', ROWS, Array.from({ length: ROWS }, () => 1000)])
})

test('an order that breaks a rule is rejected alone', async () => {
  const { report, rejected } = await importWith(({ externalRef }) => {
    if (externalRef === 'n-4') throw new Defect('the ledger does not add up')
    return done({ fresh: true })
  })
  assert.deepEqual([report.recorded, report.rejected, report.rowsDone], [ROWS - 1, { rule_broken: 1 }, ROWS])
  assert.deepEqual(rejected, [{ table: 'orders', row: 4, key: 'n-4', code: 'rule_broken', got: 'the ledger does not add up' }])
})

test('a fault that no retry mends ends the import, and the last checkpoint covers only what was kept before it', async () => {
  const { report, kept, failure } = await importWith(({ externalRef }) => {
    if (externalRef === 'n-6') throw new Fault('database_unavailable', 'it is gone', 'never')
    return done({ fresh: true })
  })
  assert.ok(failure instanceof Fault && failure.code === 'database_unavailable')
  assert.deepEqual([kept, report.rowsDone, report.recorded], [[2, 4], 4, 4])
})
