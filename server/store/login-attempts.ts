import { hash } from 'node:crypto'
import { toIso, type Instant } from '../kernel/time.ts'
import { plainArray, textArray } from './columns.ts'
import { run, statement, type Queryable } from './database.ts'

export type AttemptKind = 'login' | 'address'
/** Attempts in the current window, this one included, and when the window began. */
export type Attempts = { readonly kind: AttemptKind; readonly attempts: number; readonly windowStartedAt: Instant }

/** Two bytes of the hash: a collision only makes two names share a count. */
const bucketOf = (kind: AttemptKind, subject: string): number =>
  Number.parseInt(hash('sha256', `${kind}\0${subject}`, 'hex').slice(0, 4), 16)

const count = statement<{ kind: AttemptKind; attempts: number; window_started_at: Instant }>(
  'countLoginAttempts',
  `insert into login_attempts as a (kind, bucket, attempts, window_started_at)
   select kind, bucket, 1, $3::timestamptz
   from unnest($1::text[], $2::int[]) as attempt (kind, bucket)
   order by kind, bucket
   on conflict on constraint login_attempts_kind_bucket_pkey
   do update set
     attempts = case when a.window_started_at > $4::timestamptz then least(a.attempts + 1, 1000000) else 1 end,
     window_started_at = case when a.window_started_at > $4::timestamptz then a.window_started_at else excluded.window_started_at end
   returning kind, attempts, window_started_at`,
)

/** Counts an attempt before it is tried, so that parallel guesses cannot slip past the limit. */
export async function countLoginAttempts(
  on: Queryable,
  subjects: { readonly login: string; readonly address: string },
  now: Instant,
  windowStartedAfter: Instant,
): Promise<readonly Attempts[]> {
  const rows = await run(on, count, [
    textArray(['login', 'address']),
    plainArray([bucketOf('login', subjects.login), bucketOf('address', subjects.address)]),
    toIso(now),
    toIso(windowStartedAfter),
  ])
  return rows.map((row) => ({ kind: row.kind, attempts: row.attempts, windowStartedAt: row.window_started_at }))
}

const forgive = statement<object>(
  'forgiveLoginAttempts',
  `update login_attempts
   set attempts = case when kind = 'login' then 0 else greatest(attempts - 1, 0) end
   where (kind = 'login' and bucket = $1::int)
     or (kind = 'address' and bucket = $2::int)`,
)

/** A log-in that succeeded clears the count of its name and takes itself out of that of its address. */
export async function forgiveLoginAttempts(on: Queryable, subjects: { readonly login: string; readonly address: string }): Promise<void> {
  await run(on, forgive, [bucketOf('login', subjects.login), bucketOf('address', subjects.address)])
}
