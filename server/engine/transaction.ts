import type { QueryResult } from 'pg'
import { Defect, present } from '../kernel/assert.ts'
import { writeAnswers } from '../store/answers.ts'
import { type AnswerRow, claimAnswers, unclaimAnswers, writeBatchId } from '../store/claims.ts'
import { type Client, inOneWrite } from '../store/database.ts'
import { appendEvents, type LogRow } from '../store/log.ts'
import { toFault } from '../store/pg-errors.ts'
import { notifyLog } from '../store/wake.ts'
import { made, NOTHING, send, type Write } from '../store/write.ts'
import type { CommandOutcome } from './command.ts'
import type { Decided, Family, Row } from './family.ts'

/** `out`: what was taken out of the batch before it was written; its outcomes are void. `drafted`: its rows, where there was time for them. */
export type Batch = {
  readonly family: Family
  decided: Decided[]
  drafted?: readonly Write[] | undefined
  out: readonly Decided[]
  readonly solo: boolean
}

export type Committed = { readonly logShard: number; readonly lastPosition: number; readonly rows: readonly LogRow[] }

/** What marks a transaction: the slot of its process, a number that grows, and the wall clock. */
export type TransactionMark = { readonly slot: number; readonly batchId: number; readonly wallNow: number; readonly logShards: number }

/**
 * Writes a batch in one transaction of three round trips: claims and locks; rows; log and commit.
 * Sets `batch.decided` to what is written and `batch.out` to what was taken out before the commit is sent, so that whoever has to
 * learn the fate of a lost commit knows which of them it decides.
 */
export async function writeBatch(client: Client, batch: Batch, mark: TransactionMark): Promise<Committed[]> {
  const { family } = batch
  const draftOf = (decided: readonly Decided[]): readonly Write[] => Array.from(family.draft?.(decided) ?? [], made)
  const answers = answerRows(batch.decided)
  const claims = [BEGIN, answers.length > 0 ? claimAnswers(answers, new Date(mark.wallNow)) : NOTHING, ...family.claims(batch.decided)]
  const [[, claimed, ...results], drafted] = await meanwhile(client, claims, () => batch.drafted ?? draftOf(batch.decided))
  const lost = answers.length > 0 ? lostKeys(batch.decided, claimed?.rows ?? []) : []
  if (lost.length > 0 && family.claimsAct === true) return putOff(client, batch)
  const claiming = lost.length === 0 ? batch.decided : batch.decided.filter((one) => !lost.includes(one))
  const examined = family.examine(
    claiming,
    results.map((result) => result.rows as Row[]),
    lost,
  )
  const isWhole = examined.keep.length === batch.decided.length
  const own = family.writes(examined.keep, isWhole ? drafted : draftOf(examined.keep))
  const writes = [...examined.release, ...releaseAnswers(examined.again), ...lateAnswers(examined.keep), ...own]
  const [written, log] = await meanwhile(client, writes, () => appends(family.log(examined.keep), mark.logShards))
  family.verify(
    examined.keep,
    written.slice(writes.length - own.length).map((result) => result.rowCount ?? 0),
  )
  batch.decided = [...examined.keep]
  batch.out = [...lost, ...examined.again]
  return close(client, log, mark)
}

/** What the claims did to rows, those of taken keys included, is undone: all of the batch is decided again, now knowing the answers that are there. */
async function putOff(client: Client, batch: Batch): Promise<Committed[]> {
  await roundTrip(client, [ROLLBACK])
  batch.out = batch.decided
  batch.decided = []
  return []
}

type Append = { readonly logShard: number; readonly rows: readonly LogRow[]; readonly write: Write }

const appends = (rows: readonly LogRow[], logShards: number): Append[] =>
  [...groupByLogShard(rows, logShards)].map(([logShard, group]) => ({ logShard, rows: group, write: appendEvents(logShard, group) }))

async function close(client: Client, log: readonly Append[], { slot, batchId }: TransactionMark): Promise<Committed[]> {
  const appended = log.map((one) => one.write)
  const results = await roundTrip(client, [...appended, writeBatchId(slot, batchId), ...(log.length > 0 ? [notifyLog()] : []), COMMIT])
  const last = results.at(-1)
  if (last?.command !== 'COMMIT') throw new Defect(`expected COMMIT, got ${last?.command}`)
  return log.map(({ logShard, rows }, i) => ({
    logShard,
    lastPosition: Number(present(results[i]?.rows[0] as { position: string } | undefined, 'the position of the last event').position),
    rows,
  }))
}

const statementOf = (sql: string): Write => ({ statement: { name: '', sql }, values: [] })
const BEGIN = statementOf('begin')
const COMMIT = statementOf('commit')
const ROLLBACK = statementOf('rollback')

/** A round trip, and what is made while PostgreSQL is at it. */
const meanwhile = <T>(client: Client, writes: readonly Write[], make: () => T): Promise<[QueryResult[], T]> =>
  Promise.all([roundTrip(client, writes), Promise.resolve().then(make)])

/** Sends statements together; throws the first failure after all have answered. */
async function roundTrip(client: Client, writes: readonly Write[]): Promise<QueryResult[]> {
  const answers = await Promise.allSettled(
    inOneWrite(client, () =>
      writes.map((write) =>
        write.statement.sql === ''
          ? Promise.resolve({ rows: [], rowCount: 0, command: '' } as unknown as QueryResult)
          : send(client, write),
      ),
    ),
  )
  const results: QueryResult[] = []
  for (const [i, answer] of answers.entries()) {
    if (answer.status === 'rejected') throw toFault(answer.reason, writes[i]?.statement.name ?? 'statement')
    results.push(answer.value)
  }
  return results
}

function answerRows(decided: readonly Decided[]): AnswerRow[] {
  const rows: AnswerRow[] = []
  for (const { attempt, outcome } of decided) {
    const { idempotency } = attempt.context
    if (idempotency !== undefined) rows.push({ ...idempotency, answer: answerText(outcome) })
  }
  return rows
}

/** What is kept of an outcome: codes, ids and versions, never the order itself. */
function answerText(outcome: CommandOutcome): string {
  if (outcome.status === 'refused') return JSON.stringify(outcome)
  const { change: _, ...value } = outcome.value
  return JSON.stringify({ status: 'done', value })
}

function lostKeys(decided: readonly Decided[], claimed: readonly Row[]): Decided[] {
  const won = new Set(claimed.map((row) => `${String(row['credential_id'])}\u0000${String(row['idempotency_key'])}`))
  return decided.filter(
    ({ attempt: { context } }) =>
      context.idempotency !== undefined && !won.has(`${context.idempotency.credentialId}\u0000${context.idempotency.key}`),
  )
}

function releaseAnswers(again: readonly Decided[]): Write[] {
  const rows = answerRows(again)
  return rows.length === 0 ? [] : [unclaimAnswers(rows)]
}

/** Outcomes that were completed on the locked rows replace what was claimed with. */
function lateAnswers(keep: readonly Decided[]): Write[] {
  const rows = answerRows(keep.filter((one) => one.late === true))
  return rows.length === 0 ? [] : [writeAnswers(rows)]
}

function groupByLogShard(rows: readonly LogRow[], logShards: number): Map<number, LogRow[]> {
  if (logShards === 1) return rows.length === 0 ? new Map() : new Map([[0, rows as LogRow[]]])
  const groups = new Map<number, LogRow[]>()
  for (const row of rows) {
    const logShard = (row.shard ?? 0) % logShards
    const group = groups.get(logShard)
    if (group === undefined) groups.set(logShard, [row])
    else group.push(row)
  }
  return new Map([...groups].toSorted(([a], [b]) => a - b))
}
