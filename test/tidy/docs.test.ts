import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { EVENTS_PAGE, renderEvents } from '../../bin/events-doc.ts'
import { MACHINES_PAGE, renderMachines } from '../../bin/machines-doc.ts'
import { renderRoutes, ROUTES_PAGE } from '../../bin/routes-doc.ts'
import { events } from '../../contract/events.ts'
import { capabilityList } from '../../contract/registry.ts'
import { readConfig } from '../../server/config.ts'
import { invariants } from '../../server/store/verify/report.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8')
const pages = [...globSync('*.md', { cwd: ROOT }), ...globSync('docs/**/*.md', { cwd: ROOT })].toSorted()
/** What the first column of a page's tables holds as code. */
const firstCells = (path: string): string[] => [...read(path).matchAll(/^\| `([^`]+)` \|/gm)].map((match) => match[1] ?? '')

test('the page of events is what the catalogue gives, and names every event', () => {
  assert.equal(readFileSync(EVENTS_PAGE, 'utf8'), renderEvents(), 'run: node bin/events-doc.ts')
  const onPage = new Set(firstCells('docs/reference/events.md'))
  assert.ok(onPage.size > 10)
  assert.deepEqual([...onPage].toSorted(), Object.keys(events).toSorted())
})

test('the page of routes is what the capabilities give, and names every capability', () => {
  assert.equal(readFileSync(ROUTES_PAGE, 'utf8'), renderRoutes(), 'run: node bin/routes-doc.ts')
  const onPage = firstCells('docs/reference/routes.md')
  assert.deepEqual(
    capabilityList.map(({ name }) => name).filter((name) => !onPage.includes(name)),
    [],
  )
})

test('the page of state machines is what the tables give', () => {
  assert.equal(readFileSync(MACHINES_PAGE, 'utf8'), renderMachines(), 'run: node bin/machines-doc.ts')
})

test('the table of settings names what the hub reads, and nothing else', () => {
  const asked = new Set<string>()
  const watched = new Proxy<Record<string, string>>({}, { get: (_, name) => void asked.add(String(name)) })
  readConfig(watched, [])
  assert.ok(asked.size > 10, `the hub asked for ${asked.size} settings`)
  assert.deepEqual(firstCells('docs/operating/settings.md').toSorted(), [...asked].toSorted())
})

test('the defaults in the table of settings are those of the hub', () => {
  const rows = [...read('docs/operating/settings.md').matchAll(/^\| `(\w+)` \| `([^`]+)` \|/gm)]
  assert.ok(rows.length > 8, `saw ${rows.length} defaults`)
  for (const [, name = '', value = ''] of rows) assert.deepEqual(readConfig({ [name]: value }, []), readConfig({}, []), name)
})

test('the page of metrics names every metric, and nothing else', () => {
  const sources = globSync('server/http/*metrics.ts', { cwd: ROOT }).map(read).join('\n')
  const known = new Set([...sources.matchAll(/\bfulcrum_[a-z_]+?(?=_bucket|_sum|_count|\b)/g)].map((match) => match[0]))
  assert.ok(known.size > 5)
  const onPage = firstCells('docs/operating/start.md').filter((name) => name.startsWith('fulcrum_'))
  assert.deepEqual(onPage.toSorted(), [...known].toSorted())
})

test('every warning and error of the log is on the page of starting', () => {
  const page = read('docs/operating/start.md').replaceAll(/\s+/g, ' ')
  const messages = globSync('server/**/*.ts', { cwd: ROOT, exclude: (path) => path.endsWith('.test.ts') })
    .map(read)
    .flatMap((text) => [...text.matchAll(/\b(?:log|watch)\.(?:warn|error)\((?:(?!\n\}|;)[^])*?['`]([a-z$][^'`]{11,})['`],?\s*\)/g)])
    .map((match) => (match[1] ?? '').replaceAll(/\$\{[^}]+\}/g, '…').split(/[:,] /)[0] ?? '')
  assert.ok(messages.length > 5, `saw ${messages.length} messages`)
  const start = (message: string): string => message.split(' and holds up')[0]?.trim() ?? ''
  assert.deepEqual(
    messages.filter((message) => !page.includes(start(message))),
    [],
  )
})

test('the page of verify names every invariant as the check states it', () => {
  const rows = new Map([...read('docs/operating/verify.md').matchAll(/^\| `([\w.]+)` \| (.+) \|$/gm)].map((match) => [match[1], match[2]]))
  assert.deepEqual(Object.fromEntries(rows), invariants)
})

test('every link of a page leads to a file', () => {
  const links = pages.flatMap((page) =>
    [...read(page).matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)]
      .map((match) => match[1] ?? '')
      .filter((target) => !/^[a-z]+:/.test(target))
      .map((target) => ({ page, target })),
  )
  assert.ok(pages.length > 20 && links.length > 40, `saw ${pages.length} pages and ${links.length} links`)
  assert.deepEqual(
    links.filter(({ page, target }) => !existsSync(join(ROOT, dirname(page), target))),
    [],
  )
})

test('both READMEs lead to every page but the decisions, which their folder lists', () => {
  const wanted = pages.filter((page) => page.startsWith('docs/') && !page.startsWith('docs/decisions/'))
  assert.ok(wanted.length > 20)
  for (const readme of ['README.md', 'README.zh-CN.md'])
    assert.deepEqual(
      wanted.filter((page) => !read(readme).includes(`](${page})`)),
      [],
      readme,
    )
})

test('every command of a page is there', () => {
  const named = pages.flatMap((page) =>
    [...read(page).matchAll(/\bnpm (?:run ([\w:]+)|(start|test))\b/g)].map((match) => `${match[1] ?? match[2]}`),
  )
  const entrance = read('bin/fulcrum.mjs')
  const missing = [...new Set(named)].filter((name) => {
    const script = new RegExp(`^\\s*'?${name}'?: '([^']+\\.ts)'`, 'm').exec(entrance)?.[1]
    return script === undefined || !existsSync(join(ROOT, script))
  })
  assert.ok(named.length > 10)
  assert.deepEqual(missing, [])
})

test('a page about why is at most 60 lines long, a decision at most 30', () => {
  const tooLong = (folder: string, most: number): string[] => {
    const found = pages.filter((page) => page.startsWith(folder))
    assert.ok(found.length > 3)
    return found.filter((page) => read(page).trimEnd().split('\n').length > most)
  }
  assert.deepEqual([...tooLong('docs/concepts/', 60), ...tooLong('docs/decisions/', 30)], [])
})
