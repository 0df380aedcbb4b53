import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { test } from 'node:test'
import { blankOut, findIn, readSources, show } from './sources.ts'

const sources = readSources()
const LINES_MAX = 400

test('no file is longer than one idea', () => {
  assert.ok(sources.length > 20, `saw only ${sources.length} files`)
  const long = sources
    .map((source) => ({ path: source.path, lines: source.text.split('\n').length - 1 }))
    .filter((file) => file.lines > LINES_MAX)
  assert.deepEqual(long, [])
})

test('any, enums, namespaces and default exports do not occur', () => {
  assert.deepEqual(
    show(
      sources.flatMap((source) =>
        findIn(
          source,
          /(?<=[:<|&]\s*|\bas )any\b(?=\s*[,;)>\]=|&{\n[])|^\s*(?:export\s+)?(?:const\s+)?enum\s|^\s*(?:export\s+)?namespace\s|^export default\b/gm,
        ),
      ),
    ),
    [],
  )
})

test('nothing is left to do later, nothing is silenced without a reason', () => {
  const tags = new RegExp(
    `\\b(${['TO', 'DO'].join('')}|${['FIX', 'ME'].join('')}|${['HA', 'CK'].join('')})\\b|@ts-(ignore|nocheck|expect-error)|${'oxlint'}-disable(?![^\\n]* -- )`,
    'g',
  )
  const found = sources.flatMap((source) => [...source.text.matchAll(tags)].map((hit) => `${source.path}: ${hit[0]}`))
  assert.deepEqual(found, [])
})

test('file names are kebab-case and name one thing, not a bucket', () => {
  const bad = sources
    .map((source) => source.path)
    .filter((path) => !/^[a-z0-9/-]+(\.[a-z]+)*\.tsx?$/.test(path) || /\/(utils?|helpers?|common|misc|types|index)\.ts$/.test(path))
  assert.deepEqual(bad, [])
})

test('a test is called by one name in one file', () => {
  const titles = new Map<string, string[]>()
  for (const source of sources.filter((one) => one.path.endsWith('.test.ts'))) {
    for (const hit of source.text.matchAll(/^\s*(?:test|it)\(\s*(['`])((?:\\.|(?!\1).)+)\1/gm)) {
      const title = `${source.path}: ${hit[2]}`
      if (hit[2]?.includes('${') !== true) titles.set(title, [...(titles.get(title) ?? []), source.path])
    }
  }
  assert.ok(titles.size > 20, `saw only ${titles.size} tests`)
  assert.deepEqual(
    [...titles].filter(([, where]) => where.length > 1).map(([title]) => title),
    [],
  )
})

test('no test is left out or alone: only and todo do not occur', () => {
  const tests = sources.filter((source) => source.path.endsWith('.test.ts'))
  assert.deepEqual(show(tests.flatMap((source) => findIn(source, /\b(?:test|it|describe)\.(?:only|todo)\b|\b(?:only|todo): true/g))), [])
})

test('each statement names itself once', () => {
  const names = sources
    .filter((source) => source.path.startsWith('server/') && !source.isTest)
    .flatMap((source) => [...source.text.matchAll(/\bstatement(?:<[^(]*>)?\(\s*'([^']+)'/g)].map((hit) => hit[1]))
  assert.ok(names.length > 3)
  assert.deepEqual(
    names.filter((name, index) => names.indexOf(name) !== index),
    [],
  )
})

test('migrations are numbered without gaps', () => {
  const names = readdirSync(new URL('../../db/migrations', import.meta.url)).toSorted()
  assert.ok(names.length > 0)
  names.forEach((name, index) => assert.match(name, new RegExp(`^${String(index + 1).padStart(4, '0')}_[a-z0-9_]+\\.sql$`)))
})

test('what stands in comments and texts is not taken for code', () => {
  assert.equal(blankOut("a // await\n/* await */ 'await' `await ${await x}` b").replaceAll(/\s+/g, ' '), 'a (await x) b')
  assert.equal(blankOut('x = /await/g + y').includes('await'), false)
})
