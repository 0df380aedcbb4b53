import { idToInt8, parseId, shardOfId } from '../kernel/ids.ts'
import { arrayFrom } from './array-format.ts'
import { type Queryable, run, runCounting, statement } from './database.ts'

type Subject = { readonly log_shard: number; readonly subject_id: string; readonly version: number }
/** Where a look at the archived reservations goes on. */
export type ArchivedAfter = { readonly logShard: number; readonly subjectId: string }

const readArchived = statement<Subject>(
  'readArchivedReservations',
  `select log_shard, subject_id, version
   from archived_subjects
   where subject_kind = 'reservation'
     and (log_shard, subject_id) > ($1::smallint, $2::text)
   order by log_shard, subject_id
   limit $3::integer`,
)

/** NOTE: the version says that no event came after the archived one; a row that is held stays, however old it is. */
const forget = statement(
  'forgetEndedReservations',
  `with over as (
     delete from reservations as r
     using unnest($1::smallint[], $2::bigint[], $3::integer[], $4::smallint[], $5::text[]) as row (shard, holder_id, version, log_shard, subject_id)
     where r.shard = row.shard
       and r.holder_id = row.holder_id
       and r.reservation_key is not null
       and r.version = row.version
       and r.kind in ('consumed', 'released', 'expired')
     returning row.log_shard, row.subject_id
   )
   delete from archived_subjects as a
   using over
   where a.log_shard = over.log_shard
     and a.subject_kind = 'reservation'
     and a.subject_id = over.subject_id`,
)

/**
 * Of the next archived bare reservations, at most `limit`, forgets those that have ended: their row goes with what the archive kept of them, in
 * one statement. Their number, and where to go on; undefined when there are no more.
 */
export async function forgetEnded(
  db: Queryable,
  after: ArchivedAfter,
  limit: number,
): Promise<{ readonly forgotten: number; readonly after: ArchivedAfter } | undefined> {
  const page = await run(db, readArchived, [after.logShard, after.subjectId, limit])
  const last = page.at(-1)
  if (last === undefined) return undefined
  const known = page.flatMap((row) => {
    const id = parseId('rsv', row.subject_id)
    return id === undefined ? [] : [{ ...row, id }]
  })
  const { count } = await runCounting(db, forget, [
    arrayFrom(
      'smallint',
      known.map(({ id }) => shardOfId(id)),
    ),
    arrayFrom(
      'bigint',
      known.map(({ id }) => idToInt8(id)),
    ),
    arrayFrom(
      'integer',
      known.map((row) => row.version),
    ),
    arrayFrom(
      'smallint',
      known.map((row) => row.log_shard),
    ),
    arrayFrom(
      'text',
      known.map((row) => row.subject_id),
    ),
  ])
  return { forgotten: count, after: { logShard: last.log_shard, subjectId: last.subject_id } }
}
