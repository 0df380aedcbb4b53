import { toIso, type Instant } from '../kernel/time.ts'
import { type Client, type Queryable, run, runOne, statement } from './database.ts'
import type { ClockRow } from './hub-settings.ts'

const claim = statement<object>(
  'claimDemo',
  `update hub_settings
   set demo = true
   where not demo
     and not exists (
       select
       from log_heads
       where position > 0
     )
   returning demo`,
)
const startClock = statement<object>(
  'startDemoClock',
  `update business_clock
   set anchor_business = $1::timestamptz,
     anchor_wall = $2::timestamptz,
     rate = 1,
     version = version + 1`,
)
const mark = statement<{ demo: boolean }>('readDemo', `select demo from hub_settings`)

/**
 * Gives a database to the demo when nothing has ever happened in it: its business time then starts again at `start`. Whether the
 * database is the demo's, now or since an earlier start. Runs in a transaction.
 */
export async function claimDemo(client: Client, start: Instant, wallNow: Instant): Promise<boolean> {
  if ((await run(client, claim, [])).length > 0) await run(client, startClock, [toIso(start), toIso(wallNow)])
  return (await run(client, mark, []))[0]?.demo === true
}

const move = statement<ClockRow>(
  'moveClock',
  `update business_clock
   set anchor_business = greatest($1::timestamptz, anchor_business),
     anchor_wall = $2::timestamptz,
     rate = coalesce($3::double precision, rate),
     version = version + 1
   returning anchor_business, anchor_wall, rate, version`,
)

/** Business time goes on from `at` at `rate` business seconds a wall second, left out: as fast as before. */
export async function moveClock(on: Queryable, at: Instant, wallNow: Instant, rate: number | undefined): Promise<ClockRow> {
  return runOne(on, move, [toIso(at), toIso(wallNow), rate ?? null])
}

/** Who made the demo's credentials: what tells them from everybody else's. */
export const DEMO_MAKER = 'demo'

const openUsers = statement<object>(
  'openDemoUsers',
  `update users
   set disabled_at = null
   where created_by = '${DEMO_MAKER}'
     and disabled_at is not null`,
)
const closeUsers = statement<object>(
  'closeDemoUsers',
  `update users
   set disabled_at = $1::timestamptz
   where created_by = '${DEMO_MAKER}'
     and disabled_at is null`,
)
const endSessions = statement<object>(
  'endDemoSessions',
  `delete from user_sessions
   where user_id in (
     select user_id
     from users
     where created_by = '${DEMO_MAKER}'
       and disabled_at is not null
   )`,
)
const closeKeys = statement<object>(
  'closeDemoKeys',
  `update credentials
   set revoked_at = $1::timestamptz
   where created_by = '${DEMO_MAKER}'
     and revoked_at is null`,
)

/** Lets the demo's log-ins in again. */
export const openDemoUsers = async (client: Client): Promise<void> => void (await run(client, openUsers))

/** Shuts the demo's log-ins and ends their sessions. Runs in a transaction. */
export async function closeDemoUsers(client: Client, now: Instant): Promise<void> {
  await run(client, closeUsers, [toIso(now)])
  await run(client, endSessions)
}

/** Revokes the keys of earlier simulators. */
export const closeDemoKeys = async (client: Client, now: Instant): Promise<void> => void (await run(client, closeKeys, [toIso(now)]))
