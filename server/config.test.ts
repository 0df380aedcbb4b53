import assert from 'node:assert/strict'
import { resolve } from 'node:path'
import { test } from 'node:test'
import { ConfigError, readConfig } from './config.ts'

const problemsOf = (env: Record<string, string>, args: readonly string[] = []): readonly string[] => {
  try {
    readConfig(env, args)
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
  return []
}

test('an empty environment gives a hub on 127.0.0.1:7070 with its own database', () => {
  const { engine, ...config } = readConfig({}, [])
  assert.deepEqual(
    { ...config, roles: [...config.roles] },
    {
      port: 7070,
      host: '127.0.0.1',
      dataDir: resolve('data'),
      databaseUrl: undefined,
      masterKey: undefined,
      adminKey: undefined,
      logLevel: 'info',
      demo: true,
      driven: false,
      roles: ['api', 'jobs'],
      outbound: { hosts: [], privateRanges: [], deliveriesKeptDays: 7 },
    },
  )
  assert.deepEqual([engine.batchSizeMax, engine.decideMsMax, engine.bidPrices, engine.answersKeptDays], [1000, 20, true, 7])
})

test('an empty variable is as good as none', () => {
  assert.equal(readConfig({ PORT: '', DATABASE_URL: ' ' }, []).port, 7070)
})

test('each bad value is named with what was expected and what was got, all at once', () => {
  const problems = problemsOf({ PORT: 'http', FULCRUM_LOG_LEVEL: 'loud', FULCRUM_ROLES: 'api,web', FULCRUM_BATCH_SIZE_MAX: '0' }, [
    '--fast',
  ])
  assert.deepEqual(problems.toSorted(), [
    'FULCRUM_BATCH_SIZE_MAX: expected a whole number from 1 to 10000, got "0"',
    'FULCRUM_LOG_LEVEL: expected one of trace, debug, info, warn, error, fatal, silent, got "loud"',
    'FULCRUM_ROLES: expected api, jobs or api,jobs, got "api,web"',
    'PORT: expected a whole number from 0 to 65535, got "http"',
    'command line: expected --demo or --no-demo or --driven, got "--fast"',
  ])
})

test('hosts and ranges are lists; one that is none is named', () => {
  const { outbound } = readConfig(
    { FULCRUM_OUTBOUND_HOSTS: 'a.example, *.b.example', FULCRUM_OUTBOUND_PRIVATE_RANGES: '10.0.0.0/8,::1/128' },
    [],
  )
  assert.deepEqual(
    [outbound.hosts, outbound.privateRanges],
    [
      ['a.example', '*.b.example'],
      ['10.0.0.0/8', '::1/128'],
    ],
  )
  assert.deepEqual(problemsOf({ FULCRUM_OUTBOUND_HOSTS: 'https://a.example', FULCRUM_OUTBOUND_PRIVATE_RANGES: '10.0.0.0/40' }), [
    'FULCRUM_OUTBOUND_HOSTS: expected hosts, *.example.com or *, separated by commas, got "https://a.example"',
    'FULCRUM_OUTBOUND_PRIVATE_RANGES: expected ranges such as 10.0.0.0/8, separated by commas, got "10.0.0.0/40"',
  ])
})

test('a secret never appears in a complaint', () => {
  const secret = 'postgrs://me:hunter2@db/x'
  const problems = problemsOf({ DATABASE_URL: secret, FULCRUM_ADMIN_KEY: 'hunter2' })
  assert.equal(problems.length, 2)
  assert.ok(!problems.join().includes('hunter2'))
})

test('--no-demo starts empty, and so does a database elsewhere, which no demo may be asked for', () => {
  const DATABASE_URL = 'postgres://fulcrum@127.0.0.1/fulcrum'
  assert.equal(readConfig({}, ['--no-demo']).demo, false)
  assert.equal(readConfig({ DATABASE_URL }, []).demo, false)
  assert.deepEqual([readConfig({}, ['--driven']).demo, readConfig({}, ['--driven']).driven], [true, true])
  for (const args of [['--demo'], ['--driven']]) assert.throws(() => readConfig({ DATABASE_URL }, args), /DATABASE_URL/)
  assert.throws(() => readConfig({}, ['--demo', '--no-demo']), /--no-demo/)
})

test('the demo needs a process that does everything', () => {
  assert.deepEqual(
    ['api,jobs', 'api', 'jobs'].map((roles) => readConfig({ FULCRUM_ROLES: roles }, []).demo),
    [true, false, false],
  )
})
