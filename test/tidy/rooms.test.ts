import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findIn, readSources, roomOf, show, type Source } from './sources.ts'

const sources = readSources()
const product = sources.filter((source) => !source.isTest && /^(server|contract)\//.test(source.path))
const inRooms = (...rooms: string[]): Source[] => product.filter((source) => rooms.includes(roomOf(source.path)))
const outside = (paths: RegExp): Source[] => product.filter((source) => !paths.test(source.path))

/** Asserts that the pattern does not occur in the files, and that there were files to look at. */
function absent(files: readonly Source[], pattern: RegExp): void {
  assert.ok(files.length > 3, `saw only ${files.length} files`)
  assert.deepEqual(show(files.flatMap((source) => findIn(source, pattern))), [])
}

test('a rule of the trade never waits: no await, async or Promise in kernel and domain', () => {
  absent(inRooms('server/kernel', 'server/domain'), /\b(await|async)\b|\bnew Promise\b/g)
})

test('a rule of the trade never asks for the time or rolls dice: both are arguments', () => {
  absent(
    inRooms('server/kernel', 'server/domain', 'contract'),
    /\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\brandomUUID\(|\bperformance\.now\(/g,
  )
})

test('no randomness by Math.random and no wall clock by new Date() anywhere in the hub', () => {
  absent(outside(/^server\/main\.ts$/), /\bMath\.random\(|\bnew Date\(\)/g)
})

test('the environment is read in config alone', () => {
  absent(outside(/^server\/config\.ts$/), /\bprocess\.env\b/g)
})

test('SQL is written in store and migrations alone', () => {
  const files = product.filter((source) => !/^server\/(store|connect\/postgres)\//.test(source.path))
  assert.ok(files.length > 10)
  const sql =
    /[`']\s*(?:\/\*[^*]*\*\/\s*)?(?:select\s[\s\S]{1,400}?\sfrom\s|insert into\s|update\s+\w+\s+set\s|delete from\s|create (?:table|index|database)\s)/gi
  const found = files.flatMap((source) => [...source.text.matchAll(sql)].map((hit) => `${source.path}: ${hit[0].slice(0, 60)}`))
  assert.deepEqual(found, [])
})

test('the check for SQL sees the SQL of store', () => {
  const store = inRooms('server/store')
  assert.ok(store.some((source) => /[`']\s*select\s[\s\S]{1,400}?\sfrom\s/.test(source.text)))
})

test('HTTP speaks in http alone: no status codes, requests or replies elsewhere', () => {
  absent(
    outside(/^(server\/http\/|server\/connect\/|server\/main\.ts$|contract\/)/),
    /\bstatusCode\b|\breply\.|\.code\((4|5)\d\d\)|\bhttpStatus\b/g,
  )
})
