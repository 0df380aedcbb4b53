import { type Client, createClient } from '../../contract/client.ts'
import { troubleKinds } from '../../contract/entities/trouble.ts'
import type { DriveOptions } from './arguments.ts'
import { compareWithHub } from './compare.ts'
import { countingFetch, faultyFetch, Traffic } from './faulty-fetch.ts'
import { forger } from './forger.ts'
import { OwnHub } from './own-hub.ts'
import { report } from './report.ts'
import { TroubleRun } from './trouble-run.ts'
import { HubApi, Tally } from '../run/hub-api.ts'
import { readClock } from '../run/live-history.ts'
import { LiveWorld, STEP, windowsOf } from '../run/live-world.ts'
import { seedWorld } from '../run/seed-world.ts'
import type { Window } from '../shoppers/habits.ts'
import { CHANNELS } from '../world/channels.ts'
import { type World, worldOf } from '../world/world.ts'

const CALLS_MAX = 64
const HOUR = 3_600_000
const KILL_AFTER_MS = 150
/** After the last purchase time goes on in longer steps, at most so long, until every trouble has come to its end or to its owner. */
const AFTER_STEP = 2 * HOUR
const AFTER_MAX = 8 * 24 * HOUR

const say = (line: string): void => console.log(line)

/** Lives a world on a hub of its own and prints what it expected beside what the hub says; whether all of it agrees. */
export async function drive(options: DriveOptions): Promise<boolean> {
  const hub = new OwnHub()
  process.once('SIGINT', () => void hub.end().finally(() => process.exit(130)))
  try {
    const startedAt = performance.now()
    const since = (): string => `${((performance.now() - startedAt) / 1000).toFixed(1)} s`
    await hub.start()
    const steady = createClient({ baseUrl: hub.url, key: hub.key, newKey: () => crypto.randomUUID(), retriesMax: 8 })
    const world = worldOf(options.seed)
    await seedWorld(steady, world, (await readClock(steady)).at)
    say(`${since()}  a hub of its own knows the world (seed ${options.seed})`)
    const run = new Drive(hub, steady, world, options)
    await run.live()
    say(`${since()}  ${run.told.size} orders lived through ${options.hours} h of business time`)
    const after = await run.liveOn()
    if (after > 0)
      say(`${since()}  ${after / HOUR} h later, without new orders, every trouble has come to its end or to its owner, or never will`)
    const findings = await compareWithHub(steady, world, run.tally, run.told)
    const fates = await run.troubles.fates(steady)
    const { isClean, text } = await hub.verify()
    say(`${since()}  read back\n`)
    return report({ tally: run.tally, findings, fates, isClean, verified: text, troubles: run.troubles.expected }, say)
  } finally {
    await hub.end()
  }
}

/** A world at work on a hub whose time it steps. */
class Drive {
  readonly tally = new Tally()
  /** Orders that the hub has acknowledged. */
  readonly told = new Set<string>()
  readonly troubles: TroubleRun
  readonly #hub: OwnHub
  readonly #steady: Client
  readonly #people: LiveWorld
  readonly #options: DriveOptions
  readonly #traffic = new Traffic()
  /** Business time, epoch ms. */
  #at = 0

  constructor(hub: OwnHub, steady: Client, world: World, options: DriveOptions) {
    this.#hub = hub
    this.#steady = steady
    this.#options = options
    const network = countingFetch(this.tally, this.#traffic)
    const api = new HubApi({
      url: hub.url,
      key: hub.key,
      callsMax: CALLS_MAX,
      tally: this.tally,
      onTrouble: (message) => console.error(`unexpected: ${message.split('\n')[0]}`),
      ...(options.rate === undefined ? {} : { perSecond: options.rate }),
      fetch: options.faults ? faultyFetch(options.seed, this.tally, network) : network,
    })
    const perDay = CHANNELS.reduce((sum, channel) => sum + channel.perDay, 0)
    let serial = 0
    const crowd = (options.orders * 24) / (perDay * options.hours)
    this.#people = new LiveWorld(world, api, { crowd, serial: () => ++serial, isLevel: true })
    this.#people.market.listen(({ orderId }) => this.told.add(orderId))
    if (options.faults) this.#people.add(forger({ world, hub: api, agenda: this.#people.agenda }))
    const kinds = Array.from({ length: options.troubles }, () => troubleKinds).flat()
    this.troubles = new TroubleRun(api, this.#people.troubles, kinds)
  }

  /** The hours in which people buy; half-way the hub is killed, where that was asked for. */
  async live(): Promise<void> {
    this.#at = (await readClock(this.#steady)).at
    const start = Math.ceil(this.#at / STEP) * STEP
    const windows = windowsOf({ from: start, to: start + this.#options.hours * HOUR })
    for (const [i, window] of windows.entries()) {
      const isTheHour = this.#options.kill && i === Math.floor(windows.length / 2)
      const step = this.#step(window)
      await Promise.all([step, ...(isTheHour ? [this.#killAndStart(step)] : [])])
      await this.troubles.makeSome(window.to, windows.length - i)
    }
  }

  /** Goes on without new buyers until no trouble is adrift; how long that took, ms of business time. */
  async liveOn(): Promise<number> {
    if (this.troubles.expected === 0) return 0
    this.#people.closeShops()
    let passed = 0
    for (; passed < AFTER_MAX && (await this.troubles.isAdrift(this.#steady)); passed += AFTER_STEP) {
      const from = Math.ceil(this.#at / AFTER_STEP) * AFTER_STEP
      await this.#step({ from, to: from + AFTER_STEP })
      await this.troubles.makeSome(from + AFTER_STEP, 1)
    }
    return passed
  }

  /** Time passes on the hub, then everything happens that happened meanwhile. */
  async #step(window: Window): Promise<void> {
    const advanceSeconds = Math.max(1, Math.ceil((window.to - this.#at) / 1000))
    this.#at = Date.parse((await this.#steady.call('demo.moveClock', { body: { advanceSeconds } })).at)
    await this.#people.live(window)
  }

  /** While calls are under way: the first part of a step is the hub's alone. */
  async #killAndStart(step: Promise<void>): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, KILL_AFTER_MS))
    await Promise.race([this.#traffic.busy(), step])
    await this.#hub.kill()
    await this.#hub.start()
    this.tally.add('fault.killed')
  }
}
