import type { Instant } from '../kernel/time.ts'
import { instantArray, plainArray, textArray } from './columns.ts'
import { type Queryable, run, runCounting, statement } from './database.ts'

/** How far a subscriber of the log has come. */
export type Place = {
  readonly subscription: string
  /** One position a log shard: everything up to there was dealt with. */
  readonly positions: readonly number[]
  readonly state: 'live' | 'expired'
  readonly generation: number
  /** Wall clock, epoch ms: its target rests until then; 0 = it does not. */
  readonly blockedUntil: number
}

const start = statement(
  'startSubscription',
  `insert into subscriptions (subscription, cursor, state, moved_at)
   values ($1::text, $2::json, 'live', $3::timestamptz)
   on conflict on constraint subscriptions_pkey do nothing`,
)

/** Starts a subscription at these positions; one that is there already stays where it is. */
export async function startSubscription(db: Queryable, subscription: string, positions: readonly number[], now: Instant): Promise<void> {
  await run(db, start, [subscription, JSON.stringify(positions), new Date(now).toISOString()])
}

type Row = { subscription: string; cursor: number[]; state: Place['state']; generation: number; blocked_until: number | null }
const placeOf = (row: Row): Place => ({
  subscription: row.subscription,
  positions: row.cursor,
  state: row.state,
  generation: row.generation,
  blockedUntil: row.blocked_until ?? 0,
})

const read = statement<Row>(
  'readSubscriptions',
  `select subscription, cursor, state, generation, blocked_until
   from subscriptions
   where subscription = any ($1::text[])`,
)

export async function readSubscriptions(db: Queryable, subscriptions: readonly string[]): Promise<ReadonlyMap<string, Place>> {
  const rows = await run(db, read, [textArray(subscriptions)])
  return new Map(rows.map((row) => [row.subscription, placeOf(row)]))
}

const move = statement<{ subscription: string }>(
  'moveSubscriptions',
  `update subscriptions as s
   set cursor = moved.cursor::json, blocked_until = moved.blocked_until, moved_at = $5::timestamptz
   from unnest($1::text[], $2::integer[], $3::text[], $4::timestamptz[]) as moved (subscription, generation, cursor, blocked_until)
   where s.subscription = moved.subscription
     and s.generation = moved.generation
     and s.state = 'live'
   returning s.subscription`,
)

/** Moves subscriptions on; those set back, expired or ended meanwhile stay. Which ones were moved. */
export async function moveSubscriptions(db: Queryable, moved: readonly Omit<Place, 'state'>[], now: Instant): Promise<ReadonlySet<string>> {
  const rows = await run(db, move, [
    textArray(moved.map((one) => one.subscription)),
    plainArray(moved.map((one) => one.generation)),
    textArray(moved.map((one) => JSON.stringify(one.positions))),
    instantArray(moved.map((one) => (one.blockedUntil === 0 ? null : one.blockedUntil))),
    new Date(now).toISOString(),
  ])
  return new Set(rows.map((row) => row.subscription))
}

const rewind = statement(
  'rewindSubscription',
  `update subscriptions
   set cursor = $2::json, state = 'live', generation = generation + 1, blocked_until = null, moved_at = $3::timestamptz
   where subscription = $1::text`,
)

/** Sets a subscription to other positions, an expired one too; whoever follows it starts anew from there. */
export async function rewindSubscription(db: Queryable, subscription: string, positions: readonly number[], now: Instant): Promise<void> {
  await run(db, rewind, [subscription, JSON.stringify(positions), new Date(now).toISOString()])
}

const end = statement('endSubscription', `delete from subscriptions where subscription = $1::text`)

/** Ends a subscription; whether there was one. */
export const endSubscription = async (db: Queryable, subscription: string): Promise<boolean> =>
  (await runCounting(db, end, [subscription])).count > 0
