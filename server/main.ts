import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import pino from 'pino'
import { carrierMapper } from './connect/carriers/carrier-mapper.ts'
import { channelMapper } from './connect/channels/channel-mapper.ts'
import { lockDataFolder } from './connect/postgres/data-folder.ts'
import type { EmbeddedPostgres } from './connect/postgres/embedded.ts'
import { keepPostgresRunning } from './connect/postgres/keep-running.ts'
import { type Simulator, startSimulator, type SimulatorNews } from './connect/simulator/simulator-process.ts'
import { createHighsSolver } from './connect/solver/highs-solver.ts'
import { GuardedHttp } from './connect/outbound/guarded-http.ts'
import { TargetRules } from './connect/outbound/target-rules.ts'
import { httpChannelWriter } from './connect/shops/http-channel-writer.ts'
import { httpWebhookSender } from './connect/webhooks/http-webhook-sender.ts'
import { type Config, readConfig } from './config.ts'
import { CarrierIntake } from './engine/carrier-intake.ts'
import { ChannelIntake } from './engine/channel-intake.ts'
import { expectFreePort } from './free-port.ts'
import { type Hub, openHub } from './engine/hub.ts'
import { SEND_MS_MAX, type WebhookSender } from './engine/ports/webhook-sender.ts'
import { accessHandlers } from './http/access/access-handlers.ts'
import { Authenticator } from './http/access/authenticator.ts'
import { TrackLinks } from './http/access/track-links.ts'
import { closeDemoAccess, type DemoAccess, openDemoAccess } from './http/access/demo-access.ts'
import { ensureAdmin, type FirstCredentials, refuseWeakAdminKey } from './http/access/ensure-admin.ts'
import { Passwords } from './http/access/passwords.ts'
import { type App, buildApp, HEALTH } from './http/app.ts'
import type { Handlers } from './http/handler.ts'
import { keepAnswers } from './http/keep-answers.ts'
import { keepRefusals } from './http/keep-refusals.ts'
import { channelDeliveryHandlers } from './http/handlers/channel-deliveries.ts'
import { changeWriteHandlers } from './http/handlers/change-writes.ts'
import { channelHandlers } from './http/handlers/channel.ts'
import { demoHandlers } from './http/handlers/demo.ts'
import { closureHandlers } from './http/handlers/closures.ts'
import { factWriteHandlers } from './http/handlers/fact-writes.ts'
import { liveEvents } from './http/handlers/live-events.ts'
import { orderWriteHandlers } from './http/handlers/order-writes.ts'
import { paymentWriteHandlers } from './http/handlers/payment-writes.ts'
import { carrierScanHandlers } from './http/handlers/carrier-scans.ts'
import { personWriteHandlers } from './http/handlers/person-writes.ts'
import { reservationWriteHandlers } from './http/handlers/reservation-writes.ts'
import { ConsoleFiles } from './http/console-files.ts'
import { readHandlers } from './http/handlers/reads.ts'
import { trackReadHandlers } from './http/handlers/track-reads.ts'
import { taskHandlers } from './http/handlers/tasks.ts'
import { workWriteHandlers } from './http/handlers/work-writes.ts'
import { HubMetrics } from './http/hub-metrics.ts'
import { viewHandlers } from './http/view-handlers.ts'
import { webhookReadHandlers } from './http/webhooks/webhook-reads.ts'
import { webhookWriteHandlers } from './http/webhooks/webhook-writes.ts'
import { failStart } from './start-problem.ts'
import { closePool, type Connection, openPool, type Pool } from './store/database.ts'
import { checkMasterKeys } from './store/master-key-marks.ts'
import { loadMasterKeys, type MasterKeys } from './store/master-key.ts'
import { migrate } from './store/migrate.ts'
import { instant } from './kernel/time.ts'
import { DEMO_SCOPES } from '../simulator/world/demo-scopes.ts'

const MIGRATIONS = fileURLToPath(new URL('../db/migrations', import.meta.url))
const VERSION = '0.1.0'
const CONSOLE = fileURLToPath(new URL('../console/dist', import.meta.url))

/** A database to work on and how to let go of it. */
export type Base = { readonly connection: Connection; readonly masterKeys: MasterKeys; close(): Promise<void> }

/**
 * config → data folder, PostgreSQL, migrations, master key: what the hub and every tool stand on. `beforeDatabase` runs when the folder is
 * ours and nothing is made yet.
 */
export async function openBase(
  config: Config,
  log: (line: string) => void,
  beforeDatabase: () => Promise<void> = () => Promise.resolve(),
): Promise<Base> {
  const folder = config.databaseUrl === undefined ? lockDataFolder(config.dataDir) : undefined
  let postgres: EmbeddedPostgres | undefined
  const close = async (): Promise<void> => {
    await postgres?.stop()
    folder?.release()
  }
  try {
    await beforeDatabase()
    postgres = folder === undefined ? undefined : await keepPostgresRunning({ dataDir: config.dataDir, log })
    const connection: Connection = postgres?.connection ?? { connectionString: config.databaseUrl ?? '' }
    const masterKeys = loadMasterKeys({
      setting: config.masterKey,
      file: folder === undefined ? undefined : `${config.dataDir}/master.key`,
    })
    const pool = openPool(connection, { max: 2 })
    await migrate(pool, MIGRATIONS)
    await checkMasterKeys(pool, masterKeys, instant(Date.now()))
    await closePool(pool)
    return { connection, masterKeys, close }
  } catch (error) {
    await close().catch(() => undefined) // why the start failed says more than why its end did
    throw error
  }
}

type Logger = {
  info(data: object, message: string): void
  warn(data: object, message: string): void
  error(data: object, message: string): void
}

/** The whole hub: everything below http, and http on top. */
async function start(config: Config): Promise<void> {
  const log = pino({ level: config.logLevel, serializers: { error: pino.stdSerializers.err } })
  const logger = {
    info: (data: object, message: string) => log.info(data, message),
    warn: (data: object, message: string) => log.warn(data, message),
    error: (data: object, message: string) => log.error(data, message),
  }
  if (config.adminKey !== undefined) refuseWeakAdminKey(config.adminKey)
  const world = isFirstStart(config) ? startWorld(logger) : undefined
  const isPortFree = () => expectFreePort(config.host, config.port)
  const base = await openBase(config, (line) => log.info({ postgres: true }, line), isPortFree).catch(async (error: unknown) => {
    await world?.stop()
    throw error
  })
  // A start that fails, or is stopped before it is ready, leaves no database running behind it.
  const closing: (() => Promise<void>)[] = [() => base.close(), async () => world?.stop()]
  const closeAll = async (): Promise<void> => {
    for (const close of closing.toReversed()) await close()
  }
  let stopping: Promise<void> | undefined
  const stop = () => (stopping ??= closeAll())
  stopOnSignal(stop, logger)
  try {
    await serve(config, base, logger, { closing, world })
  } catch (error) {
    await stop().catch((failure: unknown) => log.error({ error: failure }, 'what was started could not be stopped'))
    throw error
  }
}

/** How each is closed, the last first, and the demo's world where it was started already. */
type Started = { readonly closing: (() => Promise<void>)[]; readonly world: Simulator | undefined }

/** Opens hub and HTTP on the base, tells where it listens, and notes how each is closed. */
async function serve(config: Config, base: Base, logger: Logger, { closing, world }: Started): Promise<void> {
  const metrics = new HubMetrics()
  const rules = new TargetRules(config.outbound)
  const outside = new GuardedHttp(rules, SEND_MS_MAX)
  closing.push(async () => outside.close())
  const sender = httpWebhookSender(rules, outside, Date.now)
  const hub = await openHub({
    connection: base.connection,
    masterKeys: base.masterKeys,
    log: logger,
    solver: createHighsSolver(),
    carrierMapper: carrierMapper(),
    roles: config.roles,
    engine: { batchSizeMax: config.engine.batchSizeMax, decideMsMax: config.engine.decideMsMax, queueMax: config.engine.queueMax },
    poolMax: config.engine.poolMax,
    answersKeptDays: config.engine.answersKeptDays,
    historyKeptDays: config.engine.historyKeptDays,
    bidPrices: config.engine.bidPrices,
    demo: config.demo,
    webhookSender: sender,
    channelWriter: httpChannelWriter(rules, outside, () => performance.now()),
    deliveriesKeptDays: config.outbound.deliveriesKeptDays,
    observe: (what, value) => metrics.observe(what, value),
    gauge: (name, value) => metrics.gauge(name, value),
  })
  closing.push(() => hub.stop())
  metrics.watch(hub)
  const keys = openPool(base.connection, { max: KEYS_MAX, onLost: (error) => logger.warn({ error: error.message }, 'a connection broke') })
  closing.push(() => closePool(keys))
  const { app, admit, demo } = openApp(config, base, { hub, keys, metrics, sender }, logger)
  closing.push(() => app.close())
  const port = await app.listen(config.host, config.port)
  // After listening: a first key made by a start that then fails would never be shown to anybody.
  const first = await admit()
  const access = await demo()
  say(config, port, first, access, hub)
  if (access === undefined) return world?.stop()
  const simulator = world ?? startWorld(logger)
  closing.push(() => simulator.stop())
  const host = config.host === '::1' ? '[::1]' : '127.0.0.1'
  simulator.admit({ url: `http://${host}:${port}`, key: access.simulatorKey })
}

/** Connections on which the keys of writes are held that are being answered outside of the engine. */
const KEYS_MAX = 4
const LOOPBACK = ['127.0.0.1', '::1', 'localhost']

/** A hub that is about to make its database will have the demo: its world makes itself ready meanwhile. */
const isFirstStart = ({ demo, driven, databaseUrl, dataDir, host }: Config): boolean =>
  demo && !driven && databaseUrl === undefined && LOOPBACK.includes(host) && !existsSync(`${dataDir}/postgres`)

/** The world around the hub, in a process of its own. */
function startWorld(log: Logger): Simulator {
  const tell = (news: SimulatorNews): void => {
    if (news.kind === 'trouble') return log.warn({ simulator: news.message }, 'the simulated world met what it did not expect')
    log.info({ met: news.met }, 'the simulated world has caught up with the present')
    if (news.orders === 0) return
    const [days, took, since] = [news.days, news.seconds, process.uptime()].map((value) => value.toFixed(1))
    console.log(
      `  demo            ${news.orders} orders lived through ${days} days in ${took} s, ${since} s after the start; more arrive now`,
    )
  }
  return startSimulator({
    onNews: tell,
    onEnd: (reason) => log.warn({ reason }, 'the simulator ended; it is started again a few times'),
  })
}

/** The HTTP app over the hub; `admit` sees to it that somebody can come in. */
function openApp(
  config: Config,
  base: Base,
  { hub, keys, metrics, sender }: { readonly hub: Hub; readonly keys: Pool; readonly metrics: HubMetrics; readonly sender: WebhookSender },
  log: Logger,
): {
  readonly app: App
  readonly admit: () => Promise<FirstCredentials>
  readonly demo: () => Promise<DemoAccess | undefined>
} {
  const passwords = new Passwords()
  const wallMs = hub.wallNow
  const authenticator = new Authenticator({
    pool: hub.pool,
    wallMs,
    monotonicMs: () => performance.now(),
    onFault: (fault) => log.warn({ code: fault.code }, fault.message),
  })
  const now = () => hub.clock.now()
  const deps = { ...hub, logShards: hub.settings.logShards, now }
  const mapper = channelMapper()
  const intake = new ChannelIntake({ ...deps, mapper })
  const webhooks = { pool: hub.pool, ids: hub.ids, vault: hub.vault, sender, wallNow: wallMs, onChanged: () => hub.deliverer?.hurry() }
  const keep = { pool: hub.pool, keys, vault: hub.vault, blindIndex: hub.blindIndex, wallMs }
  const scans = new CarrierIntake({ ...deps, mapper: carrierMapper() })
  const isDemo = hub.demoClock !== undefined
  const bookkeeping = {
    ...webhookWriteHandlers(webhooks),
    ...accessHandlers({ pool: hub.pool, ids: hub.ids, wallMs, passwords, authenticator, vault: hub.vault, isDemo }),
  }
  const handlers: Handlers = {
    ...readHandlers(deps),
    ...trackReadHandlers({ ...deps, trackLinks: new TrackLinks(base.masterKeys.indexKey) }),
    ...webhookReadHandlers(webhooks),
    ...keepRefusals(keep, {
      ...orderWriteHandlers(deps),
      ...paymentWriteHandlers(deps),
      ...changeWriteHandlers(deps),
      ...workWriteHandlers(deps),
      ...taskHandlers(deps),
      ...closureHandlers(deps),
      ...factWriteHandlers(deps),
      ...personWriteHandlers(deps),
      ...reservationWriteHandlers(deps),
      ...bookkeeping,
    }),
    ...keepAnswers(
      keep,
      {
        ...carrierScanHandlers(scans),
        ...channelHandlers({ intake, memory: hub.memory, pool: hub.pool }),
        ...demoHandlers(hub),
        ...viewHandlers(hub),
        ...channelDeliveryHandlers({ ...webhooks, memory: hub.memory }),
        ...bookkeeping,
      },
      ['key.create', 'user.create', 'webhook.create', 'webhook.rotate'],
    ),
  }
  const app = buildApp({
    handlers,
    authenticate: (request) => authenticator.authenticate(request),
    subscribe: liveEvents({ pool: hub.pool, follower: hub.follower }),
    notReady: () => undefined,
    ...(config.roles.has('api') ? { console: ConsoleFiles.of(CONSOLE) } : { only: HEALTH }),
    log,
    version: VERSION,
    metricsText: () => metrics.text(),
  })
  const admit = () => ensureAdmin({ pool: hub.pool, ids: hub.ids, wallMs, passwords }, config.adminKey)
  const demo = async (): Promise<DemoAccess | undefined> => {
    const doors = { pool: hub.pool, ids: hub.ids, wallMs, passwords, masterKeys: base.masterKeys }
    if (hub.demoClock !== undefined && !config.driven && LOOPBACK.includes(config.host)) return openDemoAccess(doors, DEMO_SCOPES)
    await closeDemoAccess(doors)
    return undefined
  }
  return { app, admit, demo }
}

/** What a person at the terminal does next. Credentials are shown once, here, and never logged. */
function say(config: Config, port: number, first: FirstCredentials, demo: DemoAccess | undefined, hub: Hub): void {
  const url = `http://${config.host === '127.0.0.1' || config.host === '0.0.0.0' || config.host === '::' ? 'localhost' : config.host}:${port}`
  const lines = [`Fulcrum is ready on ${url}`]
  if (config.roles.has('api'))
    lines.push(`  console         ${url}/`, `  API reference   ${url}/docs`, `  OpenAPI 3.1     ${url}/openapi.json`)
  else lines.push(`  jobs alone      only ${url}/livez, /readyz and /metrics are served`)
  if (first.apiKey !== undefined) lines.push(`  admin API key   ${first.apiKey}   (shown once: keep it)`)
  if (first.console !== undefined) lines.push(`  console log-in  ${first.console.login} / ${first.console.password}   (shown once)`)
  if (demo !== undefined)
    lines.push(`  demo log-ins    password ${demo.password} for each of`, `                  ${demo.logins.join(', ')}`)
  else if (config.demo && !config.driven)
    lines.push(
      `  no demo         ${hub.demoClock === undefined ? `${config.dataDir} holds orders or facts already: FULCRUM_DATA_DIR=<new folder> gives one` : 'only on a loopback address'}`,
    )
  if (config.roles.has('api')) lines.push(`  first order     see README.md; stop with Ctrl-C`)
  console.log(lines.join('\n'))
}

/** Stops gracefully once; a second signal ends at once. What was acknowledged is durable either way. */
function stopOnSignal(stop: () => Promise<void>, log: Logger): void {
  let isStopping = false
  const onSignal = (signal: string): void => {
    if (isStopping) process.exit(1)
    isStopping = true
    log.info({ signal }, 'stopping: finishing what was taken')
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ error: String(error) }, 'the hub did not stop cleanly')
        process.exit(1)
      },
    )
  }
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
}

if (import.meta.main)
  Promise.resolve()
    .then(() => start(readConfig()))
    .catch(failStart)
