import type { TroubleReport } from '../contract/entities/trouble.ts'
import { HubApi } from './run/hub-api.ts'
import { liveHistory, readClock } from './run/live-history.ts'
import { LiveWorld, STEP, windowsOf } from './run/live-world.ts'
import { isSeeded, seedWorld } from './run/seed-world.ts'
import { worldOf } from './world/world.ts'

/**
 * The demo's world, started by its hub as a child process: tells an empty hub its facts, lives through the days that business time lies
 * back, then goes on as fast as the visitor lets time run. Ends with its hub.
 */
const SEED = 1
const CALLS_MAX = 32
const BEAT_MS = 1000
const DAY = 86_400_000
/** Orders a wall second that a visitor sees at least, whatever the hour. */
const LEAST_PER_SECOND = 0.2
/** Business time that is made up for after a long step; what lies before is not lived. */
const BACKLOG = 2 * DAY
const TROUBLES_MAX = 20

/** Made before there is a hub to tell it to. */
const world = worldOf(SEED)
let isOver = false
let troubles = 0
const tell = (news: object): void => void process.send?.(news)
const end = (): void => {
  isOver = true
  process.exit(0)
}

process.on('disconnect', end)
process.on('SIGTERM', end)
process.on('SIGINT', () => undefined) // a Ctrl-C reaches everybody at once: the hub ends its world itself
process.once('message', (given: { readonly url: string; readonly key: string }) => {
  run(given.url, given.key).catch((error: unknown) => {
    tell({ kind: 'trouble', message: error instanceof Error ? (error.stack ?? error.message) : String(error) })
    process.exit(1)
  })
})

async function run(url: string, key: string): Promise<void> {
  const startedAt = performance.now()
  const onTrouble = (message: string): void => {
    if (troubles++ < TROUBLES_MAX) tell({ kind: 'trouble', message })
  }
  const hub = new HubApi({ url, key, callsMax: CALLS_MAX, onTrouble })
  const clock = await readClock(hub.client)
  if (!(await isSeeded(hub.client))) await seedWorld(hub.client, world, clock.at)
  const people = new LiveWorld(world, hub)
  // A clock that stands still was stopped by a visitor: it is left where it is.
  const lived = clock.rate > 0 && clock.at < Date.now() - STEP ? await liveHistory(hub.client, people, Date.now(), () => isOver) : clock.at
  const seconds = (performance.now() - startedAt) / 1000
  tell({ kind: 'lived', orders: hub.tally.of('placed'), days: (lived - clock.at) / DAY, seconds, met: hub.tally.all })
  await goOn(hub, people, lived)
}

/** Follows the hub's clock, a beat at a time. */
async function goOn(hub: HubApi, people: LiveWorld, from: number): Promise<void> {
  let lived = from
  let beatAt = performance.now()
  while (!isOver) {
    await new Promise((resolve) => setTimeout(resolve, BEAT_MS))
    await hub.attempt(async () => {
      const { at } = await readClock(hub.client)
      await makeTroubles(hub, people, at)
      const wallSeconds = Math.min(10, (performance.now() - beatAt) / 1000)
      beatAt = performance.now()
      if (at - lived < 1000) return
      const windows = windowsOf({ from: Math.max(lived, at - BACKLOG), to: at })
      lived = at
      // After a step ahead there is much to catch up with.
      people.market.isCatchingUp = windows.length > 1
      for (const window of windows) await people.live(window, (LEAST_PER_SECOND * wallSeconds) / windows.length)
    })
  }
}

/** Makes what the visitor asked for, one after the other, and tells what became of it. */
async function makeTroubles(hub: HubApi, people: LiveWorld, now: number): Promise<void> {
  const { items } = await hub.client.call('demo.troubles', {})
  for (const { troubleId, kind, state } of items.toReversed()) {
    if (state !== 'asked') continue
    let report: TroubleReport = {
      state: 'impossible',
      note: { en: 'the hub did not let it happen: see the log', zh: '系统未允许其发生，见日志' },
    }
    await hub.attempt(async () => {
      report = await people.troubles.make(kind, now)
    })
    await hub.client.call('demo.reportTrouble', { params: { troubleId }, body: report })
  }
}
