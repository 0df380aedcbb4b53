import type { Client } from '../../contract/client.ts'
import { type LiveWorld, STEP, windowsOf } from './live-world.ts'

const SECOND = 1000
/** Of history nobody sees the single half hour; the longer a step, the more the hub decides together. */
const HISTORY_STEP = 4 * STEP

/** Business time of the hub, epoch ms, and how fast it runs. */
export async function readClock(client: Client): Promise<{ readonly at: number; readonly rate: number }> {
  const { at, rate } = await client.call('demo.clock', {})
  return { at: Date.parse(at), rate }
}

/**
 * Steps business time forward until it has caught up with `until`, and lives through every window on the way; where it came to. A visitor
 * who says how fast time is to run ends it there.
 */
export async function liveHistory(client: Client, world: LiveWorld, until: number, isOver: () => boolean): Promise<number> {
  let { at } = await readClock(client)
  let lived = at
  const historyUntil = new Date(until).toISOString()
  world.market.isCatchingUp = true
  for (const window of windowsOf({ from: Math.floor(at / STEP) * STEP, to: until }, HISTORY_STEP)) {
    if (isOver()) break
    const advanceSeconds = Math.ceil((window.to - at) / SECOND)
    if (advanceSeconds > 0) at = Date.parse((await client.call('demo.moveClock', { body: { advanceSeconds, historyUntil } })).at)
    if (at < window.to) break
    await world.live(window)
    lived = window.to
  }
  world.market.isCatchingUp = false
  // Everything is told: what is due by now can be judged.
  if (!isOver()) await client.call('demo.moveClock', { body: { historyUntil } })
  return lived
}
