import type { Pool } from '../store/database.ts'
import { countParked, readOldTransactions, readSubscriptionLags } from '../store/hub-settings.ts'
import type { Chore } from './chores.ts'
import { LAG_MS_MAX } from './lag-watch.ts'
import { Reminder, type Trouble } from './reminder.ts'
import type { Watch } from './watch.ts'

const OLD_SECONDS = 60

export type WatchDeps = { readonly pool: Pool; readonly watch: Watch; readonly wallNow: () => number; readonly oldSeconds?: number }

/** An eye on what goes wrong slowly in the database: open transactions, parked commands, subscriptions that stand still or are expired. */
export function watchChore(deps: WatchDeps): Chore {
  const reminder = new Reminder(deps.wallNow, (data, message) => deps.watch.warn(data, message))
  return {
    name: 'watch',
    everyMs: 10_000,
    runOnce: async () => reminder.tell([...(await oldTransactions(deps)), ...(await parkedCommands(deps)), ...(await subscriptions(deps))]),
  }
}

async function oldTransactions({ pool, watch, oldSeconds }: WatchDeps): Promise<Trouble[]> {
  const old = await readOldTransactions(pool, oldSeconds ?? OLD_SECONDS)
  watch.gauge('oldTransactions', old.length)
  return old.map(({ pid, seconds, query }) => ({
    what: `transaction ${pid}`,
    size: 1,
    data: { pid, seconds, query },
    message: `a transaction has been open for ${seconds} s and holds up clean-up: look at pid ${pid}, end it with pg_terminate_backend(${pid})`,
  }))
}

async function parkedCommands({ pool, watch }: WatchDeps): Promise<Trouble[]> {
  const parked = await countParked(pool)
  watch.gauge('parkedCommands', parked)
  if (parked === 0) return []
  const message = `${parked} commands are parked because a rule threw on them: read parked_commands, fix the rule, send them again`
  return [{ what: 'parked', size: parked, data: { parked }, message }]
}

async function subscriptions({ pool, watch, wallNow }: WatchDeps): Promise<Trouble[]> {
  const all = await readSubscriptionLags(pool, new Date(wallNow() - LAG_MS_MAX))
  const expired = all.filter((one) => one.state === 'expired')
  const still = all.filter((one) => one.state === 'live' && one.stands)
  watch.gauge('expiredSubscriptions', expired.length)
  watch.gauge('subscriptionLag', Math.max(0, ...all.filter((one) => one.state === 'live').map((one) => Number(one.behind))))
  return [
    ...expired.map(({ subscription }) => ({
      what: `expired ${subscription}`,
      size: 1,
      data: { subscription },
      message: `subscription ${subscription} stood below what is kept and is expired: read the state anew, then set it to a new cursor`,
    })),
    ...still.map(({ subscription, behind, moved_at }) => ({
      what: `still ${subscription}`,
      size: 1,
      data: { subscription, behind: Number(behind), movedAt: new Date(moved_at).toISOString() },
      message: `subscription ${subscription} stands still ${behind} events behind the log: look at its target and its last deliveries`,
    })),
  ]
}
