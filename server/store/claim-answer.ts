import type { AnswerKey } from './answers.ts'
import { type Client, type Queryable, run, statement } from './database.ts'

export type KeptAnswer = { readonly isSameInput: boolean; readonly answer: unknown }

const claim = statement<{ claimed: number }>(
  'claimAnswer',
  `insert into answers (credential_id, idempotency_key, input_hash, answer, answered_at)
   values ($1::text, $2::text, $3::bytea, 'null', $4::timestamptz)
   on conflict on constraint answers_pkey do nothing
   returning 1 as claimed`,
)

const readKept = statement<{ input_hash: Buffer; answer: unknown }>(
  'readAnswer',
  `select a.input_hash, a.answer
   from answers as a
   where a.credential_id = $1::text
     and a.idempotency_key = $2::text`,
)

/**
 * Claims an idempotency key for a write, waiting for a transaction that is claiming it right now. Undefined: it is ours, and `answers` has
 * to be completed; otherwise what was answered before, null where who claimed it has not answered yet or never will.
 */
export async function claimAnswer(on: Queryable, key: AnswerKey, at: Date): Promise<KeptAnswer | undefined> {
  const claimed = await run(on, claim, [key.credentialId, key.key, key.inputHash, at.toISOString()])
  if (claimed.length > 0) return undefined
  const [kept] = await run(on, readKept, [key.credentialId, key.key])
  // Dropped by retention between the two statements: as if the key were new, which by then it is.
  if (kept === undefined) return claimAnswer(on, key, at)
  return { isSameInput: Buffer.compare(kept.input_hash, key.inputHash) === 0, answer: kept.answer }
}

const bound = statement('boundWaitForKeys', `select set_config('lock_timeout', $1::text, true)`)
const lock = statement('holdKey', `select pg_advisory_xact_lock(hashtextextended('answer of ' || $1::text || ' ' || $2::text, 0))`)

/** Holds a key until this transaction ends; waits for whoever holds it, and after so long gives up with the Fault `database_busy`. */
export async function holdKey(client: Client, { credentialId, key }: AnswerKey, waitMsMax: number): Promise<void> {
  await run(client, bound, [`${waitMsMax}ms`])
  await run(client, lock, [credentialId, key])
}
