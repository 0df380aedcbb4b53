import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readSources, roomOf, type Source } from './sources.ts'

/** Who may import whom (ARCHITECTURE.md). A room may always import itself. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  contract: [],
  'server/kernel': [],
  'server/domain': ['contract', 'server/kernel'],
  'server/store': ['contract', 'server/kernel', 'server/domain'],
  'server/engine': ['contract', 'server/kernel', 'server/domain', 'server/store'],
  'server/connect': ['contract', 'server/kernel', 'server/domain', 'server/engine'],
  'server/http': ['contract', 'server/kernel', 'server/domain', 'server/store', 'server/engine'],
  simulator: ['contract', 'server/kernel'],
  console: ['contract'],
}
/** Rooms of tools: they may stand where main stands. */
const FREE = ['test', 'bench', 'bin', 'server']

const sources = readSources()
const product = sources.filter((source) => !source.isTest)
const isOurs = (name: string): boolean => /^(contract|server|simulator|console|test|bench|bin)\//.test(name)

function offences(source: Source): string[] {
  const room = roomOf(source.path)
  const allowed = ALLOWED[room]
  if (allowed === undefined) return FREE.includes(room) ? [] : [`${source.path}: the room ${room} is not on the map`]
  return source.imports
    .filter((name) => isOurs(name) && roomOf(name) !== room && !allowed.includes(roomOf(name)))
    .map((name) => `${source.path} imports ${name}`)
}

test('imports run one way: kernel ← domain ← store ← engine ← http', () => {
  const seen = product.flatMap((source) => source.imports.filter(isOurs))
  assert.ok(product.length > 20 && seen.length > 50, `saw ${product.length} files and ${seen.length} imports`)
  assert.deepEqual(product.flatMap(offences), [])
})

test('in the console imports run one way: features know ui, api and words, never the other way round', () => {
  const shared = product.filter((source) => /^console\/(ui|api|i18n)\//.test(source.path))
  assert.ok(shared.length > 8, `saw ${shared.length} files`)
  const offending = shared.flatMap((source) =>
    source.imports.filter((name) => name.startsWith('console/features/')).map((name) => `${source.path} imports ${name}`),
  )
  assert.deepEqual(offending, [])
})

test('only the composition root imports connect', () => {
  const importers = product.filter(
    (source) => roomOf(source.path).startsWith('server') && source.imports.some((name) => name.startsWith('server/connect/')),
  )
  assert.ok(importers.length > 0, 'nothing imports connect: the check is blind')
  assert.deepEqual(
    importers.map((source) => source.path).filter((path) => path !== 'server/main.ts' && !path.startsWith('server/connect/')),
    [],
  )
})

test('the published language needs typebox alone', () => {
  const files = product.filter((source) => source.path.startsWith('contract/'))
  assert.ok(files.length > 5)
  const packages = files.flatMap((source) => source.imports.filter((name) => !isOurs(name)).map((name) => `${source.path} imports ${name}`))
  assert.deepEqual(
    packages.filter((line) => !/ imports typebox(\/|$)/.test(line)),
    [],
  )
})

test('kernel and domain do not reach for the system', () => {
  const pure = product.filter((source) => /^server\/(kernel|domain)\//.test(source.path))
  assert.ok(pure.length > 10)
  const reached = pure.flatMap((source) =>
    source.imports
      .filter((name) => /^(node:(?!crypto|buffer|util)|pg$|fastify|pino)/.test(name))
      .map((name) => `${source.path} imports ${name}`),
  )
  assert.deepEqual(reached, [])
})

test('no file imports itself through others (types too)', () => {
  const byPath = new Map(sources.map((source) => [source.path, source]))
  const done = new Set<string>()
  const cycles: string[] = []
  const visit = (path: string, trail: readonly string[]): void => {
    if (trail.includes(path)) return void cycles.push([...trail.slice(trail.indexOf(path)), path].join(' → '))
    if (done.has(path)) return
    for (const name of byPath.get(path)?.imports ?? []) if (byPath.has(name)) visit(name, [...trail, path])
    done.add(path)
  }
  for (const path of byPath.keys()) visit(path, [])
  assert.ok(done.size === byPath.size && done.size > 20)
  assert.ok(
    sources.some((source) => source.imports.some(isOurs)),
    'saw no import that stays at run time',
  )
  assert.deepEqual(cycles, [])
})

test('every relative import names a file that is there', () => {
  const paths = new Set(sources.map((source) => source.path))
  const missing = sources.flatMap((source) =>
    source.imports
      .filter((name) => isOurs(name) && name.endsWith('.ts') && !paths.has(name))
      .map((name) => `${source.path} imports ${name}`),
  )
  assert.deepEqual(missing, [])
})
