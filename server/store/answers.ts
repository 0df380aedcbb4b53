import { textArray } from './columns.ts'
import { type Queryable, run, statement } from './database.ts'
import type { Write } from './write.ts'

/** A key of a credential, and what tells its input from others. */
export type AnswerKey = { readonly credentialId: string; readonly key: string; readonly inputHash: Uint8Array }
type StoredAnswer = { credential_id: string; idempotency_key: string; input_hash: Buffer; answer: unknown }

const readAnswerRows = statement<StoredAnswer>(
  'readAnswers',
  `select a.credential_id, a.idempotency_key, a.input_hash, a.answer
   from answers as a
     join unnest($1::text[], $2::text[]) as row (credential_id, idempotency_key)
       on a.credential_id = row.credential_id and a.idempotency_key = row.idempotency_key`,
)

/** The answers that are kept for these keys; keys without one are left out. */
export function readAnswers(
  db: Queryable,
  keys: readonly { readonly credentialId: string; readonly key: string }[],
): Promise<StoredAnswer[]> {
  return run(db, readAnswerRows, [textArray(keys.map((key) => key.credentialId)), textArray(keys.map((key) => key.key))])
}

const writeAnswerRows = statement(
  'writeAnswers',
  `update answers as a
   set answer = row.answer::json
   from unnest($1::text[], $2::text[], $3::text[]) as row (credential_id, idempotency_key, answer)
   where a.credential_id = row.credential_id
     and a.idempotency_key = row.idempotency_key`,
)

/** Completes claimed keys whose answer was not known when they were claimed. */
export function writeAnswers(rows: readonly { readonly credentialId: string; readonly key: string; readonly answer: string }[]): Write {
  return {
    statement: writeAnswerRows,
    values: [
      textArray(rows.map((row) => row.credentialId)),
      textArray(rows.map((row) => row.key)),
      textArray(rows.map((row) => row.answer)),
    ],
  }
}

const dropAnswerRows = statement<{ dropped: number }>(
  'dropOldAnswers',
  `with old as (
     select ctid
     from answers
     where answered_at < $1::timestamptz
     limit $2::integer
   ), dropped as (
     delete from answers
     where ctid = any (array(select ctid from old))
     returning 1
   )
   select count(*)::integer as dropped
   from dropped`,
)

/** Forgets at most `limit` answers given before an instant; how many. */
export async function dropAnswersBefore(db: Queryable, before: Date, limit: number): Promise<number> {
  const [row] = await run(db, dropAnswerRows, [before.toISOString(), limit])
  return row?.dropped ?? 0
}
