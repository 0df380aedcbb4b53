import { claimAnswer, holdKey } from '../store/claim-answer.ts'
import { type AnswerKey, writeAnswers } from '../store/answers.ts'
import type { BlindIndex } from '../store/blind-index.ts'
import { type Client, type Pool, run, transaction } from '../store/database.ts'
import { openSecret, sealSecret } from '../store/secret-seal.ts'
import type { Vault } from '../store/vault.ts'
import type { Refused, Success } from './handler.ts'
import { hashInput, keyedWrites } from './input-hash.ts'
import { keyReused } from './key-reused.ts'
import type { AnyHandler } from './route-json.ts'

export type KeepDeps = {
  readonly pool: Pool
  /** Its connections hold keys while answers are made, which takes those of the other pool. */
  readonly keys: Pool
  readonly vault: Vault
  readonly blindIndex: BlindIndex
  readonly wallMs: () => number
}
type Answer = Success<unknown> | Refused
/** `isOwner`: whether the key is its own; false where it was answered before, perhaps with another input, or could not be claimed. */
type UnderWay = { readonly inputHash: Uint8Array; readonly answer: Promise<Answer>; readonly isOwner: Promise<boolean> }

/**
 * Gives writes an Idempotency-Key that do not keep their answer in the transaction of their change. The key is held by a lock until the answer
 * is kept: whoever asks again meanwhile, in any process, waits for it, and a fault or a death lets go of it. What was done by then may be done
 * again, so these writes do twice what by its nature is done once. The claim itself is committed before: a batch of the engine that meets
 * the same key does not wait for a lock that may be held for seconds.
 * An answer may hold what a caller alone should see, so it is kept sealed. Handlers in `except` are left out: they keep their own.
 */
export function keepAnswers<H extends object, E extends keyof H = never>(
  deps: KeepDeps,
  handlers: H,
  except: readonly E[] = [],
): Omit<H, E> {
  const isLeftOut = new Set<string>(except.map(String))
  const wrapped = Object.entries(handlers)
    .filter(([name]) => !isLeftOut.has(name))
    .map(([name, handler]) => [name, keyedWrites.has(name) ? kept(deps, name, handler) : handler])
  return Object.fromEntries(wrapped)
}

function kept(deps: KeepDeps, name: string, handler: AnyHandler): AnyHandler {
  /** Those of this process, so that its repetitions hold no connection: as many as there are requests in flight at most. */
  const underWay = new Map<string, UnderWay>()
  return async (context, input) => {
    const { principal, idempotencyKey: key } = context
    if (principal === undefined || key === undefined) return handler(context, input)
    const answerKey: AnswerKey = { credentialId: principal.credentialId, key, inputHash: hashInput(deps.blindIndex, name, context) }
    const id = ownerOf(answerKey)
    for (let running = underWay.get(id); running !== undefined; running = underWay.get(id)) {
      if (Buffer.compare(running.inputHash, answerKey.inputHash) === 0) return running.answer
      if (await running.isOwner) return keyReused(key)
    }
    const owner = Promise.withResolvers<boolean>()
    const make = () => {
      owner.resolve(true)
      return handler(context, input)
    }
    const answer = answerOnce(deps, answerKey, make).finally(() => {
      underWay.delete(id)
      owner.resolve(false)
    })
    underWay.set(id, { inputHash: answerKey.inputHash, answer, isOwner: owner.promise })
    return answer
  }
}

async function answerOnce(deps: KeepDeps, answerKey: AnswerKey, make: () => Promise<Answer>): Promise<Answer> {
  let thrown: { readonly error: unknown } | undefined
  const makeOrTell = async (): Promise<Answer> => {
    try {
      return await make()
    } catch (error) {
      thrown = { error }
      throw error
    }
  }
  try {
    return await transaction(deps.keys, (client) => holdAndMake(client, deps, answerKey, makeOrTell))
  } catch (error) {
    // The transaction tells of the database; what the write itself threw is the surface's to tell.
    throw thrown === undefined ? error : thrown.error
  }
}

async function holdAndMake(client: Client, deps: KeepDeps, answerKey: AnswerKey, make: () => Promise<Answer>): Promise<Answer> {
  await holdKey(client, answerKey, WAIT_MS)
  const before = await claimAnswer(deps.pool, answerKey, new Date(deps.wallMs()))
  if (before?.isSameInput === false) return keyReused(answerKey.key)
  if (before !== undefined && before.answer !== null) return opened(deps, answerKey, before.answer)
  const text = JSON.stringify(await make())
  const sealed = sealSecret(deps.vault, ownerOf(answerKey), text)
  const { statement, values } = writeAnswers([{ ...answerKey, answer: JSON.stringify({ sealed }) }])
  await run(client, statement, values)
  return JSON.parse(text) as Answer
}
/** Less than a request may take: who waited in vain is told to come again, not cut off. */
const WAIT_MS = 20_000

const ownerOf = ({ credentialId, key }: AnswerKey): string => `answer:${credentialId}:${key}`

function opened(deps: KeepDeps, key: AnswerKey, answer: unknown): Answer {
  const { sealed, ...plain } = answer as { readonly sealed?: string }
  return (sealed === undefined ? plain : JSON.parse(openSecret(deps.vault, ownerOf(key), sealed))) as Answer
}
