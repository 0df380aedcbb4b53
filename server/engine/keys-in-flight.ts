import { refuse } from '../kernel/outcome.ts'
import { TransientMap } from '../kernel/transient-map.ts'
import { readAnswers } from '../store/answers.ts'
import type { Queryable } from '../store/database.ts'
import { toFault } from '../store/pg-errors.ts'
import type { Attempt, CommandContext, CommandOutcome } from './command.ts'

type Idempotency = NonNullable<CommandContext['idempotency']>

/** Idempotency keys of the commands under way in this process: one of a kind is decided, the others get its answer. */
export class KeysInFlight {
  private readonly pool: Queryable
  private readonly first = new TransientMap<string, { readonly attempt: Attempt; readonly waiters: Attempt[] }>()

  constructor(pool: Queryable) {
    this.pool = pool
  }

  /**
   * A second command with a key that is under way here waits for the first. Whose key it is shows only then: the first may be the one that
   * came with another input than the key was answered with before.
   */
  isFirst(attempt: Attempt): boolean {
    const { idempotency } = attempt.context
    if (idempotency === undefined) return true
    const key = keyOf(idempotency)
    const first = this.first.get(key)
    if (first === undefined) {
      this.first.set(key, { attempt, waiters: [] })
      return true
    }
    first.waiters.push(attempt)
    return false
  }

  /** Gives a command, and those that wait for its key with the same input, their outcome, or the error where there is none. */
  finish(attempt: Attempt, outcome: CommandOutcome | undefined, error?: unknown): void {
    const settle = (one: Attempt) => (outcome === undefined ? one.reject(error) : one.resolve(outcome))
    this.settleWaiters(attempt, attempt.context.idempotency?.inputHash, settle)
    settle(attempt)
  }

  private settleWaiters(attempt: Attempt, ownerHash: Uint8Array | undefined, settle: (one: Attempt) => void): void {
    const { idempotency } = attempt.context
    if (idempotency === undefined) return
    const key = keyOf(idempotency)
    const entry = this.first.get(key)
    if (entry?.attempt !== attempt) return
    this.first.delete(key)
    for (const waiter of entry.waiters) settleByInput(waiter, ownerHash, settle)
  }

  /** Answers what was answered before; the attempts that still need a decision. */
  async answerKnown(attempts: readonly Attempt[]): Promise<Attempt[]> {
    const asked = attempts.flatMap(({ lookUp, context }) => (lookUp && context.idempotency !== undefined ? [context.idempotency] : []))
    if (asked.length === 0) return [...attempts]
    const rows = await readAnswers(this.pool, asked).catch((error: unknown) => {
      for (const attempt of attempts) this.finish(attempt, undefined, toFault(error, 'readAnswers'))
      return undefined
    })
    if (rows === undefined) return []
    const stored = new Map(rows.map((row) => [keyOf({ credentialId: row.credential_id, key: row.idempotency_key }), row]))
    return attempts.filter((attempt) => {
      const { idempotency } = attempt.context
      const row = attempt.lookUp && idempotency !== undefined ? stored.get(keyOf(idempotency)) : undefined
      if (row === undefined || idempotency === undefined) return true
      const settle = (one: Attempt) => one.resolve(row.answer as CommandOutcome)
      this.settleWaiters(attempt, row.input_hash, settle)
      settleByInput(attempt, row.input_hash, settle)
      return false
    })
  }
}

const keyOf = ({ credentialId, key }: Pick<Idempotency, 'credentialId' | 'key'>): string => `${credentialId}\u0000${key}`

const isSameInput = (hash: Uint8Array | undefined, { inputHash }: Idempotency): boolean =>
  Buffer.compare(hash ?? new Uint8Array(), inputHash) === 0

/** Only who comes with the input that the key stands for shares in its answer. */
function settleByInput(one: Attempt, ownerHash: Uint8Array | undefined, settle: (one: Attempt) => void): void {
  const { idempotency } = one.context
  if (idempotency === undefined || isSameInput(ownerHash, idempotency)) settle(one)
  else one.resolve(keyReused(idempotency.key))
}

function keyReused(key: string): CommandOutcome {
  return refuse(
    'idempotency_key_reused',
    {
      en: 'the key was used with another body; expected the same body or a new key',
      zh: '该键已用于另一请求体；请使用相同的请求体，或换用新键',
    },
    { got: key },
  )
}
