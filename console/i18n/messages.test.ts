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
