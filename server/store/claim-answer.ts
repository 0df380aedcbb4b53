import { type Queryable, run, statement } from './database.ts'

export type AnswerKey = { readonly credentialId: string; readonly key: string; readonly inputHash: Uint8Array }
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
 * Claims an idempotency key for a write in this transaction, waiting for one that is claiming it right now. Undefined: it is ours,
 * and `answers` has to be completed before the commit; otherwise what was answered before.
 */
export async function claimAnswer(on: Queryable, key: AnswerKey, at: Date): Promise<KeptAnswer | undefined> {
  const claimed = await run(on, claim, [key.credentialId, key.key, key.inputHash, at.toISOString()])
  if (claimed.length > 0) return undefined
  const [kept] = await run(on, readKept, [key.credentialId, key.key])
  // Dropped by retention between the two statements: as if the key were new, which by then it is.
  if (kept === undefined) return claimAnswer(on, key, at)
  return { isSameInput: Buffer.compare(kept.input_hash, key.inputHash) === 0, answer: kept.answer }
}

const settle = statement<{ answer: unknown }>(
  'settleAnswer',
  `update answers
   set answer = $3::json
   where credential_id = $1::text
     and idempotency_key = $2::text
     and answer::text = 'null'
   returning answer`,
)

/** Completes a claimed key outside of a transaction of its own; of two that did the same at once the first answer stays. What is kept. */
export async function settleAnswer(on: Queryable, key: AnswerKey, answer: unknown): Promise<unknown> {
  const [settled] = await run(on, settle, [key.credentialId, key.key, JSON.stringify(answer)])
  const [kept] = settled === undefined ? await run(on, readKept, [key.credentialId, key.key]) : [settled]
  return kept?.answer ?? answer
}
