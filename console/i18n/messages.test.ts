import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { phaseTitles } from '../../contract/entities/timeline.ts'
import { en } from './en.ts'
import { zh } from './zh.ts'

const blanksOf = (text: string): string[] => [...text.matchAll(/\{\w+\}/g)].map(([blank]) => blank).toSorted()

test('both languages have every message, none empty, with the same blanks to fill', () => {
  const chinese: Readonly<Record<string, string>> = zh
  assert.deepEqual(Object.keys(chinese).toSorted(), Object.keys(en).toSorted())
  assert.ok(Object.keys(en).length > 300)
  for (const [key, text] of Object.entries(en)) {
    assert.ok(text.trim() !== '' && chinese[key]?.trim() !== '', key)
    assert.deepEqual(blanksOf(chinese[key] ?? ''), blanksOf(text), key)
  }
})

test('a key has its words in one place: nowhere else, where they would be read and not be said', () => {
  for (const language of ['en', 'zh']) {
    const files = globSync(`${language}{,-*}.ts`, { cwd: import.meta.dirname })
    assert.ok(files.length > 8)
    const keys = files.flatMap((file) =>
      [...readFileSync(`${import.meta.dirname}/${file}`, 'utf8').matchAll(/^ {2}'([\w.]+)':/gm)].map(([, key]) => key ?? ''),
    )
    assert.ok(keys.length > 300)
    assert.deepEqual(
      keys.filter((key, i) => keys.indexOf(key) !== i),
      [],
    )
  }
})

test('an attribute that the mapping of a platform reads has words', () => {
  const folder = new URL('../../server/connect/channels/mappings', import.meta.url).pathname
  const names = new Set<string>()
  const look = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return
    for (const [key, value] of Object.entries(node))
      if (key === 'attributes') for (const name of Object.keys(value as object)) names.add(name)
      else look(value)
  }
  for (const file of globSync('*.json', { cwd: folder })) look(JSON.parse(readFileSync(`${folder}/${file}`, 'utf8')))
  assert.ok(names.size > 10)
  const keys = new Set(Object.keys(en))
  assert.deepEqual(
    [...names].filter((name) => !keys.has(`attribute.${name}`)),
    [],
  )
})

test('a phase is called the same in the console as in timelines', () => {
  const [english, chinese]: Readonly<Record<string, string>>[] = [en, zh]
  for (const [phase, title] of Object.entries(phaseTitles))
    assert.deepEqual([english?.[`phase.${phase}`], chinese?.[`phase.${phase}`]], [title.en, title.zh], phase)
})

test('a word that the console makes of a code has words to choose from', () => {
  const folder = new URL('..', import.meta.url).pathname
  const prefixes = new Set(
    globSync('{features,ui}/**/*.{ts,tsx}', { cwd: folder }).flatMap((path) =>
      [...readFileSync(`${folder}/${path}`, 'utf8').matchAll(/\bword\('([\w.]+)'/g)].map(([, prefix]) => prefix ?? ''),
    ),
  )
  assert.ok(prefixes.size > 20)
  const keys = Object.keys(en)
  assert.deepEqual(
    [...prefixes].filter((prefix) => !keys.some((key) => key.startsWith(`${prefix}.`))),
    [],
  )
})
