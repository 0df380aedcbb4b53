import { isIP } from 'node:net'
import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'

/** What a process does: answer requests (with an engine of its own), run clocks, subscribers and solvers. */
export type Role = 'api' | 'jobs'
export type LogLevel = (typeof LOG_LEVELS)[number]

/** The facts of this deployment, read once. */
export type Config = {
  readonly port: number
  readonly host: string
  /** Absolute. Holds the embedded PostgreSQL, the hub's lock and, without FULCRUM_MASTER_KEY, the master key. */
  readonly dataDir: string
  /** A PostgreSQL elsewhere; undefined starts the embedded one. */
  readonly databaseUrl: string | undefined
  /** As given; store/master-key.ts says what it must be. */
  readonly masterKey: string | undefined
  readonly adminKey: string | undefined
  readonly logLevel: LogLevel
  /** The seeded world: only on the embedded database and in a process with all roles, and there unless `--no-demo`. */
  readonly demo: boolean
  /** The demo's database and clock without its world: whoever starts the hub lives one on it (`npm run simulate`). */
  readonly driven: boolean
  readonly roles: ReadonlySet<Role>
  readonly engine: EngineConfig
  readonly outbound: OutboundConfig
}

export type EngineConfig = {
  readonly batchSizeMax: number
  readonly decideMsMax: number
  /** Commands waiting beyond this are answered 503. */
  readonly queueMax: number
  readonly bidPrices: boolean
  readonly answersKeptDays: number
  /** Events and stock moves stay in their tables at least this long. */
  readonly historyKeptDays: number
  /** Connections of the pool for reads and bookkeeping. */
  readonly poolMax: number
}

export type OutboundConfig = {
  /** Where messages may go: names, `*.example.com`, addresses, or `*`. None: nowhere. */
  readonly hosts: readonly string[]
  /** Of addresses that are not public those that may be reached, `address/bits`. */
  readonly privateRanges: readonly string[]
  /** How long it is known what was sent. */
  readonly deliveriesKeptDays: number
}

type Env = Readonly<Record<string, string | undefined>>

const ROLES: readonly Role[] = ['api', 'jobs']
const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const
const FLAGS = ['--demo', '--no-demo', '--driven'] as const

/** A setting that cannot be used: each problem is one line with what was expected and what was got. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(problems.join('; '))
    this.problems = problems
  }
}

/** Reads the environment and the command line. Throws a {@link ConfigError} that lists all problems at once. */
export function readConfig(env: Env = process.env, args: readonly string[] = process.argv.slice(2)): Config {
  const reader = settingsReader(env)
  const unknown = args.filter((arg) => !FLAGS.some((flag) => flag === arg))
  for (const arg of unknown) reader.problems.push(`command line: expected ${FLAGS.join(' or ')}, got ${JSON.stringify(arg)}`)
  if ((args.includes('--demo') || args.includes('--driven')) && (args.includes('--no-demo') || present(env, 'DATABASE_URL') !== undefined))
    reader.problems.push(
      'command line: --demo and --driven go neither with --no-demo nor with DATABASE_URL: the demo has a database of its own',
    )
  const roles = reader.roles()
  const config: Config = {
    port: reader.integer('PORT', 7070, 0, 65_535),
    host: reader.text('HOST', (value) => /^[\w.:-]+$/.test(value), 'an address or host name') ?? '127.0.0.1',
    dataDir: resolve(present(env, 'FULCRUM_DATA_DIR') ?? 'data'),
    databaseUrl: reader.text('DATABASE_URL', isPostgresUrl, 'postgres://user:password@host:port/database'),
    masterKey: present(env, 'FULCRUM_MASTER_KEY'),
    adminKey: reader.text('FULCRUM_ADMIN_KEY', (value) => /^[\x21-\x7e]{8,200}$/.test(value), 'at least 8 printable characters'),
    logLevel: reader.choice('FULCRUM_LOG_LEVEL', LOG_LEVELS, 'info'),
    demo: !args.includes('--no-demo') && present(env, 'DATABASE_URL') === undefined && roles.size === ROLES.length,
    driven: args.includes('--driven'),
    roles,
    engine: {
      batchSizeMax: reader.integer('FULCRUM_BATCH_SIZE_MAX', 1000, 1, 10_000),
      decideMsMax: reader.integer('FULCRUM_DECIDE_MS_MAX', 20, 1, 1000),
      queueMax: reader.integer('FULCRUM_QUEUE_MAX', 20_000, 1, 1_000_000),
      bidPrices: reader.choice('FULCRUM_BID_PRICES', ['on', 'off'], 'on') === 'on',
      answersKeptDays: reader.integer('FULCRUM_ANSWERS_KEPT_DAYS', 7, 1, 365),
      historyKeptDays: reader.integer('FULCRUM_HISTORY_KEPT_DAYS', 400, 1, 3650),
      poolMax: reader.integer('FULCRUM_POOL_MAX', Math.max(8, 2 * availableParallelism()), 2, 90),
    },
    outbound: {
      hosts: reader.list(
        'FULCRUM_OUTBOUND_HOSTS',
        (host) => /^(?:\*|(?:\*\.)?[\w.-]+|[\da-fA-F:]+)$/.test(host),
        'hosts, *.example.com or *',
      ),
      privateRanges: reader.list('FULCRUM_OUTBOUND_PRIVATE_RANGES', isRange, 'ranges such as 10.0.0.0/8'),
      deliveriesKeptDays: reader.integer('FULCRUM_DELIVERIES_KEPT_DAYS', 7, 1, 365),
    },
  }
  if (reader.problems.length > 0) throw new ConfigError(reader.problems)
  return config
}

/** An empty variable is as good as none: that is how compose files and CI leave one out. */
function present(env: Env, name: string): string | undefined {
  const value = env[name]?.trim()
  return value === '' ? undefined : value
}

function settingsReader(env: Env) {
  const problems: string[] = []
  /** Keys never appear in a message: it may end in a log. */
  const complain = (name: string, expected: string, got: string) =>
    problems.push(`${name}: expected ${expected}, got ${/KEY|DATABASE_URL/.test(name) ? 'something else' : JSON.stringify(got)}`)

  function text(name: string, isValid: (value: string) => boolean, expected: string): string | undefined {
    const value = present(env, name)
    if (value === undefined || isValid(value)) return value
    complain(name, expected, value)
    return undefined
  }

  function integer(name: string, fallback: number, min: number, max: number): number {
    const value = present(env, name)
    if (value === undefined) return fallback
    if (/^\d{1,9}$/.test(value) && Number(value) >= min && Number(value) <= max) return Number(value)
    complain(name, `a whole number from ${min} to ${max}`, value)
    return fallback
  }

  function choice<T extends string>(name: string, choices: readonly T[], fallback: T): T {
    const value = present(env, name)
    if (value === undefined) return fallback
    const found = choices.find((one) => one === value)
    if (found === undefined) complain(name, `one of ${choices.join(', ')}`, value)
    return found ?? fallback
  }

  function roles(): ReadonlySet<Role> {
    const value = present(env, 'FULCRUM_ROLES') ?? 'api,jobs'
    const named = value.split(',').map((name) => name.trim())
    const found = ROLES.filter((role) => named.includes(role))
    if (found.length !== named.length) complain('FULCRUM_ROLES', 'api, jobs or api,jobs', value)
    return new Set(found)
  }

  function list(name: string, isValid: (value: string) => boolean, expected: string): readonly string[] {
    const values = (present(env, name) ?? '').split(',').flatMap((value) => value.trim() || [])
    const bad = values.find((value) => !isValid(value))
    if (bad !== undefined) complain(name, `${expected}, separated by commas`, bad)
    return values
  }

  return { problems, text, integer, choice, roles, list }
}

function isRange(value: string): boolean {
  const [address = '', bits = ''] = value.split('/')
  return isIP(address) !== 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= (isIP(address) === 4 ? 32 : 128)
}

const isPostgresUrl = (value: string): boolean => URL.canParse(value) && ['postgres:', 'postgresql:'].includes(new URL(value).protocol)
