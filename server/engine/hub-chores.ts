import { idFromInt8, type OrderId } from '../kernel/ids.ts'
import { DAY, type Instant } from '../kernel/time.ts'
import { dropAnswersBefore } from '../store/answers.ts'
import type { Pool } from '../store/database.ts'
import { readClock, readDueOrders, readHeads } from '../store/hub-settings.ts'
import { ensurePartitions, readLastMove } from '../store/partitions.ts'
import type { BusinessClock } from './business-clock.ts'
import type { Chore } from './chores.ts'
import { expireReservations } from './expire-reservations.ts'
import type { Engine } from './engine.ts'
import { HistoryKeeper } from './history-keeper.ts'
import { LagWatch } from './lag-watch.ts'
import type { FactsView } from './facts-view.ts'
import type { LogFollower } from './log-follower.ts'
import { reportChores } from './report-follower.ts'
import type { Memory } from './memory.ts'
import { Reminder, type Trouble } from './reminder.ts'
import type { Watch } from './watch.ts'
import { watchChore } from './watch-chore.ts'
import { closureChore } from './node-closing.ts'
import { PlanWindowKeeper } from './plan-window-keeper.ts'
import { RestockKeeper } from './restock-keeper.ts'
import { ShortageKeeper } from './shortage-keeper.ts'

const TICKS = 200
const ANSWERS = 5000
const BACKOFF_MAX = 1024
const POLICY = { kind: 'clock', id: 'hub' } as const

export type ChoreDeps = {
  readonly engine: Engine
  readonly pool: Pool
  readonly clock: BusinessClock
  readonly follower: LogFollower
  readonly watch: Watch
  readonly wallNow: () => number
  readonly memory: Memory
  readonly facts: FactsView
  readonly answersKeptDays: number
  readonly historyKeptDays: number
  readonly refreshMemory: () => Promise<void>
}

/** Events between two looks that are a burst. */
const BURST = 1000

/** Whether commands wait, or the log has grown by a burst since it was asked last. */
function burstOf({ engine, follower }: Pick<ChoreDeps, 'engine' | 'follower'>): () => boolean {
  const written = (): number => follower.positions.reduce((sum, position) => sum + position, 0)
  let last = written()
  return () => {
    const grown = written() - last
    last += grown
    return engine.depth > 0 || grown > BURST
  }
}

/** The chores of a process with role jobs: due clocks, retention, partitions, and an eye on what goes wrong slowly. */
function jobChores(deps: ChoreDeps, tick: () => Promise<number>): Chore[] {
  const { pool, wallNow, watch } = deps
  return [
    { name: 'ticks', everyMs: 500, runOnce: async () => (await tick()) >= TICKS },
    expireReservations(deps),
    new PlanWindowKeeper({ ...deps, now: () => deps.clock.now(), gauge: (name, value) => watch.gauge(name, value) }),
    new ShortageKeeper(deps),
    new RestockKeeper(deps),
    closureChore({ engine: deps.engine, pool, now: () => deps.clock.now(), wallNow }, watch),
    {
      name: 'answers',
      everyMs: 60_000,
      runOnce: async () => (await dropAnswersBefore(pool, new Date(wallNow() - deps.answersKeptDays * DAY), ANSWERS)) === ANSWERS,
    },
    {
      name: 'partitions',
      everyMs: 30_000,
      runOnce: async () => {
        const positions = (await readHeads(pool)).map((head) => Number(head.position))
        await ensurePartitions(pool, 'events', Math.max(0, ...positions))
        await ensurePartitions(pool, 'stock_moves', await readLastMove(pool))
      },
    },
    new HistoryKeeper({
      pool,
      now: () => deps.clock.now(),
      wallNow,
      // A kept answer shows its order as it was then.
      keptDays: Math.max(deps.historyKeptDays, deps.answersKeptDays),
      warn: (data, message) => watch.warn(data, message),
      gauge: (name, value) => watch.gauge(name, value),
    }),
    ...reportChores({ pool, now: () => deps.clock.now(), isBusy: burstOf(deps) }),
    watchChore(deps),
  ]
}

/** What a process with these roles does beside answering: one without `jobs` only keeps its own clock and memory up to date. */
export function choresOf(roles: ReadonlySet<'api' | 'jobs'>, deps: ChoreDeps, tick: () => Promise<number>): Chore[] {
  return [...followChores(deps), ...(roles.has('jobs') ? jobChores(deps, tick) : [])]
}

/** The chores of every process: the clock's row, the log of others, and memory that follows it. */
function followChores({ pool, clock, follower, watch, refreshMemory, wallNow }: ChoreDeps): Chore[] {
  const lagWatch = new LagWatch()
  const reminder = new Reminder(wallNow, (data, message) => watch.warn(data, message))
  return [
    { name: 'clock', everyMs: 1000, runOnce: async () => clock.set(await readClock(pool)) },
    {
      name: 'follow',
      everyMs: 1000,
      runOnce: async () => {
        const written = (await readHeads(pool)).reduce((sum, head) => sum + Number(head.position), 0)
        const followed = follower.positions.reduce((sum, position) => sum + position, 0)
        const lag = written - followed
        watch.gauge('logLag', lag)
        if (lag > 0) follower.wake()
        reminder.tell(behind(lagWatch.look(wallNow(), written, followed), lag))
        await refreshMemory()
      },
    },
  ]
}

function behind(seconds: number | undefined, lag: number): Trouble[] {
  if (seconds === undefined) return []
  const message = `this process is ${seconds} s and ${lag} events behind the log, so its memory and streams are old: look at the database and at other processes' load, or start it anew`
  return [{ what: 'lag', size: 1, data: { seconds, lag }, message }]
}

/** Handles the orders whose clocks are due, a bounded number at a time; how many there were. */
export function ticker(deps: ChoreDeps): () => Promise<number> {
  const backoff = new Map<OrderId, number>()
  return () => tickDue(deps, backoff)
}

/** A tick is a command like any other; an order whose tick fails waits ever longer and lets the others pass. */
async function tickDue({ engine, pool, clock, watch }: ChoreDeps, backoff: Map<OrderId, number>): Promise<number> {
  const now = clock.now()
  const due = await readDueOrders(pool, new Date(now), TICKS + backoff.size)
  const orders = due.map((row) => idFromInt8('ord', row.order_id)).filter((orderId) => (backoff.get(orderId) ?? 0) <= now)
  watch.gauge('dueOrders', orders.length)
  const results = await Promise.allSettled(orders.map((orderId) => tick(engine, orderId)))
  for (const [i, result] of results.entries()) {
    const orderId = orders[i]
    if (orderId === undefined) continue
    if (result.status === 'fulfilled') backoff.delete(orderId)
    else if (backoff.size < BACKOFF_MAX) backoff.set(orderId, (now + 60_000) as Instant)
    if (result.status === 'rejected')
      watch.warn({ orderId, error: String(result.reason) }, 'a clock of an order could not be handled; tried again in a minute')
  }
  return orders.length
}

function tick(engine: Engine, orderId: OrderId) {
  return engine.submit({ kind: 'actOnOrder', orderId, action: { action: 'tick' } } as never, { actor: POLICY, lane: 'clock' })
}
