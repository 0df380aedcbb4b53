import { randomInt } from 'node:crypto'
import { type IdSource, idSource, idToInt8 } from '../kernel/ids.ts'
import type { OrderId } from '../kernel/ids.ts'
import { instant, type Instant } from '../kernel/time.ts'
import { BlindIndex } from '../store/blind-index.ts'
import { closePool, type Client, type Connection, openClient, openPool, type Pool, transaction } from '../store/database.ts'
import { claimDemo } from '../store/demo.ts'
import { ensureSettings, parkCommand, readClock, type HubSettings } from '../store/hub-settings.ts'
import type { MasterKeys } from '../store/master-key.ts'
import { Vault } from '../store/vault.ts'
import { LOG_CHANNEL } from '../store/wake.ts'
import { createBidPriceKeeper } from './bid-price-keeper.ts'
import { BusinessClock } from './business-clock.ts'
import { type Chore, Chores } from './chores.ts'
import type { Attempt } from './command.ts'
import { DemandOutlook } from './demand-outlook.ts'
import { DemoClock, demoStart } from './demo-clock.ts'
import { DemoTroubles } from './demo-troubles.ts'
import { Engine, type EngineOptions } from './engine.ts'
import { FactsView } from './facts-view.ts'
import { BodyFamily } from './families/body-family.ts'
import { FactFamily } from './families/fact-family.ts'
import { OrderFamily } from './families/order-family.ts'
import { PersonFamily } from './families/person-family.ts'
import { ReserveFamily } from './families/reserve-family.ts'
import { StockFamily } from './families/stock-family.ts'
import { choresOf, ticker } from './hub-chores.ts'
import type { Watch } from './watch.ts'
import { LogFollower } from './log-follower.ts'
import { Memory } from './memory.ts'
import { loadMemory, MemoryKeeper } from './memory-loader.ts'
import { channelTargets } from './outbound/channel-targets.ts'
import { Deliverer } from './outbound/deliverer.ts'
import { webhookTargets } from './outbound/webhook-targets.ts'
import { CarrierIntake } from './carrier-intake.ts'
import type { CarrierMapper } from './ports/carrier-mapper.ts'
import type { Solver } from './ports/solver.ts'
import type { ChannelWriter } from './ports/channel-writer.ts'
import type { WebhookSender } from './ports/webhook-sender.ts'

export type HubLog = {
  info(data: object, message: string): void
  warn(data: object, message: string): void
  error(data: object, message: string): void
}

export type HubOptions = {
  readonly connection: Connection
  readonly masterKeys: MasterKeys
  readonly log: HubLog
  readonly wallNow?: () => number
  readonly solver?: Solver
  /** Reads carriers' bodies; with it what waits for a parcel or a mapping is tried again. */
  readonly carrierMapper?: CarrierMapper
  readonly roles?: ReadonlySet<'api' | 'jobs'>
  /** Used when the database is new; later what it was made with. */
  readonly settings?: Partial<HubSettings>
  readonly engine?: Partial<Omit<EngineOptions, 'logShards'>>
  readonly poolMax?: number
  readonly answersKeptDays?: number
  readonly historyKeptDays?: number
  readonly bidPrices?: boolean
  /** Claims an empty database for the demo, and goes on with one that was. */
  readonly demo?: boolean
  /** Sends webhooks where the process has the role jobs; left out: nobody does. */
  readonly webhookSender?: WebhookSender
  /** Writes state back to platforms, in the same process; left out: nobody does. */
  readonly channelWriter?: ChannelWriter
  readonly deliveriesKeptDays?: number
  readonly observe?: (what: 'batch' | 'decide' | 'commit' | 'delivery', value: number) => void
  readonly gauge?: Watch['gauge']
  /** Wraps the engine's writing client: fault injection in tests. */
  readonly wrapClient?: (client: Client) => Client
}

export type Hub = {
  readonly engine: Engine
  readonly memory: Memory
  readonly facts: FactsView
  readonly pool: Pool
  readonly ids: IdSource
  readonly vault: Vault
  readonly blindIndex: BlindIndex
  readonly clock: BusinessClock
  /** Moves business time; there where the demo runs alone. */
  readonly demoClock: DemoClock | undefined
  readonly demoTroubles: DemoTroubles | undefined
  readonly follower: LogFollower
  readonly settings: HubSettings
  readonly wallNow: () => number
  /** There where this process sends the log on. */
  readonly deliverer: Deliverer | undefined
  /** Finishes what was acknowledged or is being decided, then lets go of the database. */
  stop(): Promise<void>
}

/** How often bid prices are solved anew. */
const BID_PRICES_MS = 60_000
const DEFAULTS: Omit<EngineOptions, 'logShards'> = { batchSizeMax: 1000, decideMsMax: 20, queueMax: 20_000 }

/** Starts everything below http on a migrated database: settings, memory, engine, followers, chores. */
export async function openHub(options: HubOptions): Promise<Hub> {
  const { connection, log } = options
  const wallNow = options.wallNow ?? Date.now
  const roles = options.roles ?? new Set(['api', 'jobs'] as const)
  const lost = (error: Error) => log.warn({ error: error.message }, 'a connection to the database broke; a new one is made')
  const pool = openPool(connection, { max: options.poolMax ?? 8, onLost: lost })
  const wanted = { baseCurrency: options.settings?.baseCurrency ?? 'CNY', logShards: options.settings?.logShards ?? 1 }
  const settings = await transaction(pool, (client) => ensureSettings(client, wanted, new Date(wallNow())))
  const isDemo = options.demo === true && (await transaction(pool, (client) => claimDemo(client, demoStart(wallNow()), instant(wallNow()))))
  const clock = new BusinessClock(wallNow, await readClock(pool))
  const now = () => clock.now()
  const memory = new Memory()
  const follower = await LogFollower.open(pool, (error) =>
    log.warn({ error: String(error) }, 'the log could not be read; tried again shortly'),
  )
  await loadMemory(memory, pool, now())
  const keeper = new MemoryKeeper(memory, pool, now)
  let slot = 0
  const ids = idSource(wallNow, () => slot)
  const engine = new Engine(
    {
      connect: async (onLost) => {
        const client = await openClient(connection, { applicationName: 'fulcrum-engine', onLost, isByKey: true })
        return options.wrapClient?.(client) ?? client
      },
      pool,
      wallNow,
      wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
      onCommitted: (committed) => follower.offer(committed),
      onParked: (attempt, error) => park(pool, attempt, error, wallNow, log),
      onSlot: (taken) => (slot = taken),
      observe: options.observe ?? (() => undefined),
    },
    { ...DEFAULTS, ...options.engine, logShards: settings.logShards },
  )
  const facts = new FactsView(memory, settings.baseCurrency, now, ids)
  const orders = new OrderFamily(memory, facts, ids, now, pool)
  engine.add(orders)
  engine.add(new FactFamily(memory, pool, now))
  engine.add(new StockFamily(memory, pool, now))
  engine.add(new ReserveFamily(memory, ids, now, pool))
  engine.add(new PersonFamily(now))
  engine.add(new BodyFamily(now))
  await engine.open()
  engine.start()
  follower.listen((rows) => {
    orders.heard(rows)
    keeper.note(rows)
    void keeper.refresh().catch(lost)
  }, 'read')
  const wake = new WakeListener(connection, follower, () => engine.backendPid, lost)
  await wake.runOnce()
  const watch: Watch = { warn: (data, message) => log.warn(data, message), gauge: options.gauge ?? (() => undefined) }
  const deps = {
    engine,
    pool,
    clock,
    follower,
    watch,
    wallNow,
    memory,
    facts,
    answersKeptDays: options.answersKeptDays ?? 7,
    historyKeptDays: options.historyKeptDays ?? 400,
    refreshMemory: () => keeper.refresh(),
  }
  const scans = scanIntakeOf(options, { engine, pool, memory, ids, now })
  const tick = ticker(deps)
  const demo = isDemo
    ? {
        demoClock: new DemoClock({
          pool,
          clock,
          wallNow,
          handleDue: tick,
          keepers: { dueAt: () => chores.dueAt(), settle: (turns) => chores.settle(turns) },
        }),
        demoTroubles: new DemoTroubles(now),
      }
    : { demoClock: undefined, demoTroubles: undefined }
  const bidPrices = options.bidPrices ?? true
  const outlook = new DemandOutlook(memory, facts, now)
  const solver = bidPrices ? options.solver : undefined
  if (solver !== undefined) follower.listen((rows) => outlook.hear(rows))
  const prices =
    solver === undefined
      ? undefined
      : createBidPriceKeeper(solver, () => outlook.load(), { isOn: bidPrices, intervalMs: BID_PRICES_MS, timeLimitMs: 10_000 })
  const priceChore: Chore = {
    name: 'bidPrices',
    everyMs: BID_PRICES_MS,
    runOnce: async () => {
      if (await prices?.runOnce()) facts.prices = prices?.current() ?? facts.prices
    },
  }
  const vault = new Vault(options.masterKeys)
  const deliverer = roles.has('jobs') ? delivererOf(options, { pool, follower, ids, vault, wallNow, memory, facts, watch }) : undefined
  const chores = new Chores(
    [
      wake,
      ...choresOf(roles, deps, async () => (demo.demoClock?.isUntold === true ? 0 : tick())),
      ...(scans !== undefined && roles.has('jobs') ? [scanChore(scans)] : []),
      ...(prices === undefined ? [] : [priceChore]),
      ...(deliverer === undefined ? [] : [deliverer]),
    ],
    (name, error) => log.warn({ chore: name, error: String(error) }, 'a chore failed; tried again at its next turn'),
  )
  chores.start()
  const stop = async (): Promise<void> => {
    await chores.stop()
    await deliverer?.stop()
    await engine.stop()
    await wake.end()
    await follower.stop()
    await keeper.refresh().catch(() => undefined)
    await closePool(pool)
    await options.solver?.close()
  }
  return {
    engine,
    memory,
    facts,
    pool,
    ids,
    vault,
    blindIndex: new BlindIndex(options.masterKeys),
    clock,
    ...demo,
    follower,
    settings,
    wallNow,
    deliverer,
    stop,
  }
}

type Outbound = Pick<Hub, 'pool' | 'follower' | 'ids' | 'vault' | 'wallNow' | 'memory' | 'facts'> & { readonly watch: Watch }

function delivererOf(options: HubOptions, { memory, facts, watch, ...deps }: Outbound): Deliverer | undefined {
  const { pool, follower, ids, vault, wallNow } = deps
  const { webhookSender: sender, channelWriter: writer } = options
  if (sender === undefined && writer === undefined) return undefined
  const sources = [
    ...(sender === undefined ? [] : [webhookTargets({ pool, vault, wallNow, sender, gauge: (name, value) => watch.gauge(name, value) })]),
    ...(writer === undefined ? [] : [channelTargets({ pool, memory, facts, vault, wallNow, writer })]),
  ]
  return new Deliverer({
    pool,
    follower,
    ids,
    wallNow,
    dice: () => randomInt(2 ** 32) / 2 ** 32,
    connect: (onLost) => openClient(options.connection, { applicationName: 'fulcrum-seat', onLost }),
    sources,
    keptDays: options.deliveriesKeptDays ?? 7,
    warn: (data, message) => watch.warn(data, message),
    observe: (tookMs) => options.observe?.('delivery', tookMs),
  })
}

type Intake = Pick<Hub, 'engine' | 'pool' | 'memory' | 'ids'> & { now(): Instant }

const scanIntakeOf = ({ carrierMapper: mapper, masterKeys }: HubOptions, deps: Intake): CarrierIntake | undefined =>
  mapper && new CarrierIntake({ ...deps, vault: new Vault(masterKeys), mapper })

const SCANS_AT_ONCE = 200

/** Looks again at scans that waited for their parcel or for a mapping that knows their codes. */
const scanChore = (scans: CarrierIntake): Chore => ({
  name: 'scans',
  everyMs: 5000,
  runOnce: async () => (await scans.retry(SCANS_AT_ONCE)) >= SCANS_AT_ONCE,
})

function park(pool: Pool, attempt: Attempt, error: unknown, wallNow: () => number, log: HubLog): void {
  const command = attempt.command as { kind: string; orderId?: OrderId }
  const trace = error instanceof Error ? (error.stack ?? error.message) : String(error)
  log.error(
    { kind: command.kind, orderId: command.orderId, traceId: attempt.context.traceId, error: trace },
    'a command was parked: a rule threw on it, the rest goes on',
  )
  const row = {
    kind: command.kind,
    orderId: command.orderId === undefined ? null : idToInt8(command.orderId),
    actor: attempt.context.actor,
    error: trace.slice(0, 8000),
    traceId: attempt.context.traceId ?? null,
  }
  parkCommand(pool, row, new Date(wallNow())).catch((failure: unknown) =>
    log.error({ error: String(failure) }, 'the parked command could not be noted'),
  )
}

/** Hears of other processes' commits; a lost connection is made again at the chore's next turn, and until then the follow chore looks every second. */
class WakeListener implements Chore {
  readonly name = 'wake'
  readonly everyMs = 2000
  private readonly connection: Connection
  private readonly follower: LogFollower
  private readonly ownPid: () => number
  private readonly onLost: (error: Error) => void
  private client: Client | undefined

  constructor(connection: Connection, follower: LogFollower, ownPid: () => number, onLost: (error: Error) => void) {
    this.ownPid = ownPid
    this.connection = connection
    this.follower = follower
    this.onLost = onLost
  }

  async runOnce(): Promise<void> {
    if (this.client !== undefined) return
    const client = await openClient(this.connection, {
      applicationName: 'fulcrum-wake',
      onLost: (error) => {
        if (this.client === client) this.client = undefined
        this.onLost(error)
      },
    })
    client.on('notification', ({ processId }) => {
      if (processId !== this.ownPid()) this.follower.wake()
    })
    client.on('end', () => {
      if (this.client === client) this.client = undefined
    })
    await client.query(`listen ${LOG_CHANNEL}`)
    this.client = client
    this.follower.wake()
  }

  async end(): Promise<void> {
    const { client } = this
    this.client = undefined
    await client?.end()
  }
}
