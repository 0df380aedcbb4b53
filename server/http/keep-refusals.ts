import { type AnswerKey, readAnswers } from '../store/answers.ts'
import type { BlindIndex } from '../store/blind-index.ts'
import { claimAnswers } from '../store/claims.ts'
import { type Pool, run } from '../store/database.ts'
import type { Flight } from './context.ts'
import type { IndexedRow, Refused } from './handler.ts'
import { hashInput, keyedWrites } from './input-hash.ts'
import { keyReused } from './key-reused.ts'
import type { AnyHandler } from './route-json.ts'
import type { AnyLinesHandler } from './route-ndjson.ts'
import type { AnyRowsHandler } from './route-rows.ts'

export type KeepRefusalDeps = { readonly pool: Pool; readonly blindIndex: BlindIndex; readonly wallMs: () => number }
type Keyed = { readonly credentialId: string; readonly key: string }

/**
 * Gives writes an Idempotency-Key that keep their answer in the transaction of their change, as commands of the engine do: they are told how
 * to hash what was sent, and what they refuse before there is a transaction is kept here.
 */
export function keepRefusals<H extends object>(deps: KeepRefusalDeps, handlers: H): H {
  const wrapped = Object.entries(handlers).map(([name, handler]) => {
    const capability = keyedWrites.get(name)
    if (capability === undefined) return [name, handler]
    if (capability.streaming === 'ndjson') return [name, linesKept(deps, name, handler)]
    return [name, capability.rows === undefined ? requestKept(deps, name, handler) : rowsKept(deps, name, handler)]
  })
  return Object.fromEntries(wrapped)
}

function requestKept(deps: KeepRefusalDeps, name: string, handler: AnyHandler): AnyHandler {
  return async (context, input) => {
    const keyed = keyedOf(context)
    if (keyed === undefined) return handler(context, input)
    let isHandedOn = false
    context.hashInput = (part) => {
      isHandedOn = true
      return hashInput(deps.blindIndex, name, context, part)
    }
    const answer = await handler(context, input)
    if (answer.status !== 'refused' || isHandedOn) return answer
    const [kept] = await keep(deps, [{ ...keyed, inputHash: hashInput(deps.blindIndex, name, context), refusal: answer }])
    return kept ?? answer
  }
}

/** The whole request is claimed first, then each part of it by the engine: no row of another body under this key is done. */
function rowsKept(deps: KeepRefusalDeps, name: string, handler: AnyRowsHandler): AnyRowsHandler {
  return async (context, rows) => {
    const keyed = keyedOf(context)
    if (keyed === undefined) return handler(context, rows)
    context.hashInput = (part) => hashInput(deps.blindIndex, name, context, part)
    const inputHash = context.hashInput()
    const [reused] = await claim(deps, [{ ...keyed, inputHash, answer: ROWS }])
    return reused ?? handler(context, rows)
  }
}
/** Stands for a request whose parts keep their own answers. */
const ROWS = '{"status":"rows"}'

/** Each line counts for itself; those of a batch that were refused are kept together. */
function linesKept(deps: KeepRefusalDeps, name: string, handler: AnyLinesHandler): AnyLinesHandler {
  return async (context, lines) => {
    const keyed = keyedOf(context)
    if (keyed === undefined) return handler(context, lines)
    context.hashInput = (part) => hashInput(deps.blindIndex, name, context, part)
    const replies = await handler(context, lines)
    const refused = lines.flatMap((line, i) => {
      const reply = replies[i]
      return reply !== undefined && isRefusal(reply) ? [{ line, refusal: reply }] : []
    })
    if (refused.length === 0) return replies
    const rows = refused.map(({ line, refusal }) => ({
      ...partOf(keyed, line),
      inputHash: hashInput(deps.blindIndex, name, context, line.value),
      refusal,
    }))
    const kept = await keep(deps, rows)
    const byIndex = new Map(refused.map(({ line }, i) => [line.index, kept[i]]))
    return lines.map((line, i) => byIndex.get(line.index) ?? replies[i] ?? {})
  }
}

function keyedOf({ principal, idempotencyKey: key }: Flight): Keyed | undefined {
  return principal === undefined || key === undefined ? undefined : { credentialId: principal.credentialId, key }
}

const partOf = ({ credentialId, key }: Keyed, { index }: IndexedRow<unknown>): Keyed => ({ credentialId, key: `${key}/${index}` })

const isRefusal = (reply: object): reply is Refused => 'status' in reply && reply.status === 'refused' && 'code' in reply

/** Keeps refusals, each under its key, in one transaction; what is to be answered to each: one that was kept before stays. */
async function keep(deps: KeepRefusalDeps, rows: readonly (AnswerKey & { readonly refusal: Refused })[]): Promise<readonly Refused[]> {
  const answers = await claim(
    deps,
    rows.map(({ refusal, ...row }) => ({ ...row, answer: JSON.stringify(refusal) })),
  )
  return rows.map(({ refusal }, i) => answers[i] ?? refusal)
}

/** Claims keys with their answers. For each that was taken before: its refusal, or that it stands for another input. */
async function claim(
  deps: KeepRefusalDeps,
  rows: readonly (AnswerKey & { readonly answer: string })[],
): Promise<readonly (Refused | undefined)[]> {
  const { statement, values } = claimAnswers(rows, new Date(deps.wallMs()))
  const won = await run(deps.pool, statement, values)
  if (won.length === rows.length) return []
  const taken = new Map((await readAnswers(deps.pool, rows)).map((row) => [row.idempotency_key, row]))
  return rows.map(({ key, inputHash }) => {
    const row = taken.get(key)
    if (row === undefined) return undefined
    if (Buffer.compare(row.input_hash, inputHash) !== 0) return keyReused(key)
    const answer = row.answer as Refused | { readonly status: string }
    return isRefusal(answer) ? answer : undefined
  })
}
