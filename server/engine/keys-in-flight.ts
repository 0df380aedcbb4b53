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

  /** A second command with a key that is under way here joins the first, or is refused when its input differs. */
  isFirst(attempt: Attempt): boolean {
    const { idempotency } = attempt.context
    if (idempotency === undefined) return true
    const key = keyOf(idempotency)
    const first = this.first.get(key)
    if (first === undefined) {
      this.first.set(key, { attempt, waiters: [] })
      return true
    }
    if (isSameInput(first.attempt.context.idempotency?.inputHash, idempotency)) first.waiters.push(attempt)
    else attempt.resolve(keyReused(idempotency.key))
    return false
  }

  /** Gives a command and those that wait for its key their outcome, or the error where there is none. */
  finish(attempt: Attempt, outcome: CommandOutcome | undefined, error?: unknown): void {
    const settle = (one: Attempt) => (outcome === undefined ? one.reject(error) : one.resolve(outcome))
    const { idempotency } = attempt.context
    if (idempotency !== undefined) {
      const key = keyOf(idempotency)
      const entry = this.first.get(key)
      if (entry?.attempt === attempt) {
        this.first.delete(key)
        for (const waiter of entry.waiters) settle(waiter)
      }
    }
    settle(attempt)
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
      this.finish(attempt, isSameInput(row.input_hash, idempotency) ? (row.answer as CommandOutcome) : keyReused(idempotency.key))
      return false
    })
  }
}

const keyOf = ({ credentialId, key }: Pick<Idempotency, 'credentialId' | 'key'>): string => `${credentialId}\u0000${key}`

const isSameInput = (hash: Uint8Array | undefined, { inputHash }: Idempotency): boolean =>
  Buffer.compare(hash ?? new Uint8Array(), inputHash) === 0

function keyReused(key: string): CommandOutcome {
  return refuse('idempotency_key_reused', `the key was used with another body; expected the same body or a new key`, { got: key })
}
