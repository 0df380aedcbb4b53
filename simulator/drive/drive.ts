import { createClient } from '../../contract/client.ts'
import { type TroubleKind, troubleKinds } from '../../contract/entities/trouble.ts'
import type { DriveOptions } from './arguments.ts'
import { compareWithHub, type Findings } from './compare.ts'
import { faultyFetch } from './faulty-fetch.ts'
import { forger } from './forger.ts'
import { OwnHub } from './own-hub.ts'
import { HubApi, Tally } from '../run/hub-api.ts'
import { readClock } from '../run/live-history.ts'
import { LiveWorld, STEP, windowsOf } from '../run/live-world.ts'
import { seedWorld } from '../run/seed-world.ts'
import { CHANNELS } from '../world/channels.ts'
import { worldOf } from '../world/world.ts'

const CALLS_MAX = 64
const HOUR = 3_600_000
const KILL_AFTER_MS = 150

const say = (line: string): void => console.log(line)

/** Lives a world on a hub of its own and prints what it expected beside what the hub says; whether all of it agrees. */
export async function drive(options: DriveOptions): Promise<boolean> {
  const hub = new OwnHub()
  process.once('SIGINT', () => void hub.end().finally(() => process.exit(130)))
  try {
    const startedAt = performance.now()
    const since = (): string => `${((performance.now() - startedAt) / 1000).toFixed(1)} s`
    await hub.start()
    const client = createClient({ baseUrl: hub.url, key: hub.key, newKey: () => crypto.randomUUID(), retriesMax: 8 })
    const world = worldOf(options.seed)
    await seedWorld(client, world, (await readClock(client)).at)
    say(`${since()}  a hub of its own knows the world (seed ${options.seed})`)
    const tally = new Tally()
    const told = new Set<string>()
    await live(hub, options, tally, told)
    say(`${since()}  ${told.size} orders lived through ${options.hours} h of business time`)
    const findings = await compareWithHub(client, world, tally, told)
    const { isClean, text } = await hub.verify()
    say(`${since()}  read back\n`)
    return report(tally, findings, isClean, text)
  } finally {
    await hub.end()
  }
}

/** Steps the hub's time and lives through each step. */
async function live(hub: OwnHub, options: DriveOptions, tally: Tally, told: Set<string>): Promise<void> {
  const steady = createClient({ baseUrl: hub.url, key: hub.key, newKey: () => crypto.randomUUID(), retriesMax: 8 })
  const world = worldOf(options.seed)
  const api = new HubApi({
    url: hub.url,
    key: hub.key,
    callsMax: CALLS_MAX,
    tally,
    onTrouble: (message) => console.error(`unexpected: ${message.split('\n')[0]}`),
    ...(options.rate === undefined ? {} : { perSecond: options.rate }),
    ...(options.faults ? { fetch: faultyFetch(options.seed, tally) } : {}),
  })
  const perDay = CHANNELS.reduce((sum, channel) => sum + channel.perDay, 0)
  let serial = 0
  const people = new LiveWorld(world, api, {
    crowd: (options.orders * 24) / (perDay * options.hours),
    serial: () => ++serial,
    isLevel: true,
  })
  people.market.listen(({ orderId }) => told.add(orderId))
  if (options.faults) people.add(forger({ world, hub: api, agenda: people.agenda }))
  let { at } = await readClock(steady)
  const start = Math.ceil(at / STEP) * STEP
  const windows = windowsOf({ from: start, to: start + options.hours * HOUR })
  let troubles = Array.from({ length: options.troubles }, () => troubleKinds).flat()
  for (const [i, window] of windows.entries()) {
    at = Date.parse((await steady.call('demo.moveClock', { body: { advanceSeconds: Math.max(1, Math.ceil((window.to - at) / 1000)) } })).at)
    const isTheHour = options.kill && i === Math.floor(windows.length / 2)
    await Promise.all([people.live(window), ...(isTheHour ? [killAndStart(hub, tally)] : [])])
    troubles = await makeSome(people, api, troubles, window.to, windows.length - i)
  }
}

/** Makes a share of the troubles such that all are made in what time is left; those that had nothing to happen to are tried again. */
async function makeSome(
  people: LiveWorld,
  api: HubApi,
  troubles: readonly TroubleKind[],
  now: number,
  windowsLeft: number,
): Promise<TroubleKind[]> {
  const share = Math.ceil(troubles.length / windowsLeft)
  const missed: TroubleKind[] = []
  for (const kind of troubles.slice(0, share))
    await api.attempt(async () => {
      if ((await people.troubles.make(kind, now)).state === 'impossible') missed.push(kind)
    })
  return [...troubles.slice(share), ...missed]
}

async function killAndStart(hub: OwnHub, tally: Tally): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, KILL_AFTER_MS))
  await hub.kill()
  await hub.start()
  tally.add('fault.killed')
}

/** Prints what was expected beside what was found; whether all of it agrees. */
function report(tally: Tally, { comparisons, phases }: Findings, isClean: boolean, verified: string): boolean {
  say('orders by phase')
  for (const [phase, count] of Object.entries(phases)) say(`  ${phase.padEnd(18)}${String(count).padStart(9)}`)
  say('what the world did and met')
  for (const [what, count] of Object.entries(tally.all)) say(`  ${what.padEnd(34)}${String(count).padStart(9)}`)
  say(`${''.padEnd(54)}${'expected'.padStart(10)}${'hub says'.padStart(10)}`)
  for (const { what, expected, found } of comparisons)
    say(`${expected === found ? 'ok    ' : 'DIFFER'} ${what.padEnd(47)}${String(expected).padStart(10)}${String(found).padStart(10)}`)
  const isWhole = tally.of('failed') === 0
  if (!isWhole) say(`DIFFER ${tally.of('failed')} calls failed for good`)
  say(isClean ? 'ok     every invariant holds (npm run verify)' : `DIFFER npm run verify found violations\n${verified}`)
  return isClean && isWhole && comparisons.every(({ expected, found }) => expected === found)
}
