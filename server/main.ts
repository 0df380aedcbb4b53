import { fileURLToPath } from 'node:url'
import pino from 'pino'
import { channelMapper } from './connect/channels/channel-mapper.ts'
import { lockDataFolder } from './connect/postgres/data-folder.ts'
import { startEmbeddedPostgres } from './connect/postgres/embedded.ts'
import { createHighsSolver } from './connect/solver/highs-solver.ts'
import { type Config, readConfig } from './config.ts'
import { ChannelIntake } from './engine/channel-intake.ts'
import { type Hub, openHub } from './engine/hub.ts'
import { accessHandlers } from './http/access/access-handlers.ts'
import { Authenticator } from './http/access/authenticator.ts'
import { ensureAdmin, type FirstCredentials } from './http/access/ensure-admin.ts'
import { Passwords } from './http/access/passwords.ts'
import { type App, buildApp } from './http/app.ts'
import type { Handlers } from './http/handler.ts'
import { channelHandlers } from './http/handlers/channel.ts'
import { factWriteHandlers } from './http/handlers/fact-writes.ts'
import { liveEvents } from './http/handlers/live-events.ts'
import { orderWriteHandlers } from './http/handlers/order-writes.ts'
import { personWriteHandlers } from './http/handlers/person-writes.ts'
import { readHandlers } from './http/handlers/reads.ts'
import { HubMetrics } from './http/hub-metrics.ts'
import { failStart } from './start-problem.ts'
import { type Connection, openPool } from './store/database.ts'
import { checkMasterKeys } from './store/master-key-marks.ts'
import { loadMasterKeys, type MasterKeys } from './store/master-key.ts'
import { migrate } from './store/migrate.ts'
import { instant } from './kernel/time.ts'

const MIGRATIONS = fileURLToPath(new URL('../db/migrations', import.meta.url))
const VERSION = '0.1.0'

/** A database to work on and how to let go of it. */
export type Base = { readonly connection: Connection; readonly masterKeys: MasterKeys; close(): Promise<void> }

/** config → data folder, PostgreSQL, migrations, master key: what the hub and every tool stand on. */
export async function openBase(config: Config, log: (line: string) => void): Promise<Base> {
  const folder = config.databaseUrl === undefined ? lockDataFolder(config.dataDir) : undefined
  try {
    const postgres = folder === undefined ? undefined : await startEmbeddedPostgres({ dataDir: config.dataDir, log })
    const connection: Connection = postgres?.connection ?? { connectionString: config.databaseUrl ?? '' }
    const masterKeys = loadMasterKeys({
      setting: config.masterKey,
      file: folder === undefined ? undefined : `${config.dataDir}/master.key`,
    })
    const pool = openPool(connection, { max: 2 })
    await migrate(pool, MIGRATIONS)
    await checkMasterKeys(pool, masterKeys, instant(Date.now()))
    await pool.end()
    const close = async (): Promise<void> => {
      await postgres?.stop()
      folder?.release()
    }
    return { connection, masterKeys, close }
  } catch (error) {
    folder?.release()
    throw error
  }
}

/** The whole hub: everything below http, and http on top. */
async function start(config: Config): Promise<void> {
  const log = pino({ level: config.logLevel, serializers: { error: pino.stdSerializers.err } })
  const logger = {
    info: (data: object, message: string) => log.info(data, message),
    warn: (data: object, message: string) => log.warn(data, message),
    error: (data: object, message: string) => log.error(data, message),
  }
  const base = await openBase(config, (line) => log.debug({ postgres: true }, line))
  const metrics = new HubMetrics()
  const hub = await openHub({
    connection: base.connection,
    masterKeys: base.masterKeys,
    log: logger,
    solver: createHighsSolver(),
    roles: config.roles,
    engine: { batchSizeMax: config.engine.batchSizeMax, decideMsMax: config.engine.decideMsMax, queueMax: config.engine.queueMax },
    poolMax: config.engine.poolMax,
    answersKeptDays: config.engine.answersKeptDays,
    bidPrices: config.engine.bidPrices,
    observe: (what, value) => metrics.observe(what, value),
    gauge: (name, value) => metrics.gauge(name, value),
  })
  metrics.watch(hub)
  const { app, first } = await openApp(config, hub, metrics, logger)
  const port = await app.listen(config.host, config.port)
  say(config, port, first)
  stopOnSignal(async () => {
    await app.close()
    await hub.stop()
    await base.close()
  }, logger)
}

async function openApp(
  config: Config,
  hub: Hub,
  metrics: HubMetrics,
  log: { info(d: object, m: string): void; warn(d: object, m: string): void; error(d: object, m: string): void },
): Promise<{ readonly app: App; readonly first: FirstCredentials }> {
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
  const handlers: Handlers = {
    ...readHandlers(deps),
    ...orderWriteHandlers(deps),
    ...factWriteHandlers(deps),
    ...personWriteHandlers(deps),
    ...channelHandlers({ intake, memory: hub.memory, pool: hub.pool }),
    ...accessHandlers({ pool: hub.pool, ids: hub.ids, wallMs, passwords, authenticator }),
  }
  const app = buildApp({
    handlers,
    authenticate: (request) => authenticator.authenticate(request),
    subscribe: liveEvents({ pool: hub.pool, follower: hub.follower }),
    notReady: () => undefined,
    log,
    version: VERSION,
    metricsText: () => metrics.text(),
  })
  const first = await ensureAdmin({ pool: hub.pool, ids: hub.ids, wallMs, passwords }, config.adminKey)
  return { app, first }
}

/** What a person at the terminal does next. Credentials are shown once, here, and never logged. */
function say(config: Config, port: number, first: FirstCredentials): void {
  const url = `http://${config.host === '127.0.0.1' || config.host === '0.0.0.0' || config.host === '::' ? 'localhost' : config.host}:${port}`
  const lines = [`Fulcrum is ready on ${url}`, `  API reference   ${url}/docs`, `  OpenAPI 3.1     ${url}/openapi.json`]
  if (first.apiKey !== undefined) lines.push(`  admin API key   ${first.apiKey}   (shown once: keep it)`)
  if (first.console !== undefined) lines.push(`  console log-in  ${first.console.login} / ${first.console.password}   (shown once)`)
  lines.push(`  first order     see README.md; stop with Ctrl-C`)
  console.log(lines.join('\n'))
}

/** Stops gracefully once; a second signal ends at once. What was acknowledged is durable either way. */
function stopOnSignal(stop: () => Promise<void>, log: { info(d: object, m: string): void; error(d: object, m: string): void }): void {
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

if (import.meta.main) Promise.resolve().then(() => start(readConfig())).catch(failStart)
