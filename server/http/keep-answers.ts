import type { Capability } from '../../contract/capability.ts'
import { capabilityList } from '../../contract/registry.ts'
import type { BlindIndex } from '../store/blind-index.ts'
import { type AnswerKey, claimAnswer, settleAnswer } from '../store/claim-answer.ts'
import type { Pool } from '../store/database.ts'
import { openSecret, sealSecret } from '../store/secret-seal.ts'
import type { Vault } from '../store/vault.ts'
import { keyReused } from './access/once.ts'
import type { Refused, Success } from './handler.ts'
import type { AnyHandler } from './route-json.ts'

export type KeepDeps = { readonly pool: Pool; readonly vault: Vault; readonly blindIndex: BlindIndex; readonly wallMs: () => number }
type Answer = Success<unknown> | Refused

const isWrite = new Set(
  capabilityList.filter(({ kind, streaming }: Capability) => kind === 'write' && streaming === undefined).map(({ name }) => name as string),
)

/**
 * Gives writes an Idempotency-Key that do not keep their answer in the transaction of their change. What they do twice is done once by its
 * nature, so the key is claimed before and the answer settled after: a process that dies in between lets the next one with the key run again.
 * An answer may hold what a caller alone should see, so it is kept sealed; `except` names those that keep their own.
 */
export function keepAnswers<H extends object>(deps: KeepDeps, handlers: H, except: readonly (keyof H)[] = []): H {
  const skipped = new Set<string>(except.map(String))
  const wrapped = Object.entries(handlers).map(([name, handler]) => [
    name,
    isWrite.has(name) && !skipped.has(name) ? kept(deps, name, handler) : handler,
  ])
  return Object.fromEntries(wrapped)
}

function kept(deps: KeepDeps, name: string, handler: AnyHandler): AnyHandler {
  /** As many as there are requests in flight at most. */
  const underWay = new Map<string, Promise<Answer>>()
  return async (context, input) => {
    const { principal, idempotencyKey: key } = context
    if (principal === undefined || key === undefined) return handler(context, input)
    const answerKey: AnswerKey = { credentialId: principal.credentialId, key, inputHash: hashOfInput(deps, name, input) }
    const before = await claimAnswer(deps.pool, answerKey, new Date(deps.wallMs()))
    if (before !== undefined && !before.isSameInput) return keyReused(key)
    if (before !== undefined && before.answer !== null) return opened(deps, answerKey, before.answer)
    const id = `${answerKey.credentialId}\0${key}`
    const running = underWay.get(id)
    if (running !== undefined) return running
    const turn = handler(context, input)
      .then((answer) => settleAnswer(deps.pool, answerKey, { sealed: sealSecret(deps.vault, ownerOf(answerKey), JSON.stringify(answer)) }))
      .then((answer) => opened(deps, answerKey, answer))
      .finally(() => underWay.delete(id))
    underWay.set(id, turn)
    return turn
  }
}

/** Under a key of the hub's: an input may hold a password, and a plain hash of one would be an invitation to guess it. */
function hashOfInput(deps: KeepDeps, name: string, input: unknown): Uint8Array {
  const { params, query, body } = input as { params: unknown; query: unknown; body: unknown }
  const isRaw = body instanceof Uint8Array
  return deps.blindIndex.ofInput(JSON.stringify([name, params, query, isRaw ? null : body]), isRaw ? body : new Uint8Array())
}

const ownerOf = ({ credentialId, key }: AnswerKey): string => `answer:${credentialId}:${key}`

function opened(deps: KeepDeps, key: AnswerKey, answer: unknown): Answer {
  const { sealed } = answer as { sealed: string }
  return JSON.parse(openSecret(deps.vault, ownerOf(key), sealed)) as Answer
}
