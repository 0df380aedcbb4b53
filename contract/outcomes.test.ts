import assert from 'node:assert/strict'
import { readFileSync, readdirSync } from 'node:fs'
import { test } from 'node:test'
import { ERRORS_PAGE, renderErrors } from '../bin/errors-doc.ts'
import { passReasons, textOfReason } from './check-reasons.ts'
import { faults } from './faults.ts'
import { firstByPrecedence, outcomeList, precedenceOf } from './outcomes.ts'
import { capabilityList } from './registry.ts'
import { problemBook } from '../server/http/problems.ts'
import { outcomeProblems } from '../server/http/outcome-problems.ts'
import { surfaceProblems } from './surface-problems.ts'

const page = readFileSync(ERRORS_PAGE, 'utf8')
const answered = new Set(problemBook(outcomeProblems).definitions.keys())
const catalogued = new Set([...answered, ...Object.keys(faults)])
const onPage = [...page.matchAll(/^\|(?: \d+ \|)? (?:<a id="problem-\w+"><\/a>)?`([a-z_]+)` \|/gm)].map((match) => match[1] ?? '')

test('the page of errors is what the catalogues give', () => {
  assert.equal(page, renderErrors(), 'run: node bin/errors-doc.ts')
})

test('every code of the catalogues is on the page, and every code on the page is in a catalogue', () => {
  assert.ok(onPage.length > 60, `saw ${onPage.length} codes`)
  assert.deepEqual(
    [...catalogued].filter((code) => !onPage.includes(code)),
    [],
  )
  assert.deepEqual(
    onPage.filter((code) => !catalogued.has(code)),
    [],
  )
})

/** Sources of the hub without tests. */
function sources(): { readonly path: string; readonly text: string }[] {
  const root = new URL('../server/', import.meta.url)
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts'))
    .map((path) => ({ path, text: readFileSync(new URL(path, root), 'utf8') }))
}
function uncatalogued(call: RegExp, known: ReadonlySet<string>, atLeast: number): string[] {
  const found = sources().flatMap(({ path, text }) => [...text.matchAll(call)].map((match) => ({ path, code: match[1] ?? '' })))
  assert.ok(found.length >= atLeast, `saw only ${found.length} calls`)
  return found.filter(({ code }) => !known.has(code)).map(({ path, code }) => `${path}: ${code}`)
}

test('every refusal in the hub has a code of the catalogue', () => {
  assert.deepEqual(uncatalogued(/\brefuse\(\s*'([a-z_]+)'/g, answered, 5), [])
})

test('every fault in the hub has a code of the catalogue', () => {
  assert.deepEqual(uncatalogued(/\bnew Fault\(\s*'([a-z_]+)'/g, new Set(Object.keys(faults)), 5), [])
})

test('every outcome that a capability names is in a catalogue', () => {
  const named = capabilityList.flatMap((capability) => capability.outcomes.map((code) => `${capability.name} ${code}`))
  assert.ok(named.length > 20)
  assert.deepEqual(
    named.filter((one) => !answered.has(one.split(' ')[1] ?? '')),
    [],
  )
})

test('a code means the same wherever it is defined', () => {
  const surface: Readonly<Record<string, unknown>> = surfaceProblems
  const twice = outcomeList.filter((one) => surface[one.code] !== undefined)
  for (const { code, class: problemClass, title } of twice) assert.deepEqual({ class: problemClass, title }, surface[code])
})

test('where several rules are broken the answer names the first of the catalogue, whatever the order in which they were found', () => {
  const codes = ['compliance', 'stock_short', 'credit_limit_exceeded', 'item_unknown'].map((code) => ({ code }))
  assert.equal(firstByPrecedence(codes)?.code, 'item_unknown')
  assert.equal(firstByPrecedence(codes.toReversed())?.code, 'item_unknown')
  assert.equal(firstByPrecedence([]), undefined)
})

for (const [first, second] of [
  ['signature_invalid', 'idempotency_key_reused'],
  ['idempotency_key_reused', 'order_unknown'],
  ['order_unknown', 'version_conflict'],
  ['version_conflict', 'action_not_allowed'],
  ['external_ref_conflict', 'channel_unknown'],
  ['channel_unknown', 'item_unknown'],
  ['discount_exceeds_value', 'stock_short'],
  ['restricted_destination', 'tax_rule_missing'],
  ['tax_rule_missing', 'credit_limit_exceeded'],
  ['credit_limit_exceeded', 'stock_short'],
] as const)
  test(`${first} goes before ${second}`, () => assert.ok(precedenceOf(first) < precedenceOf(second)))

test('every text exists in both languages and says something else than its neighbour', () => {
  const titles = outcomeList.map((one) => one.title)
  const texts = [
    ...titles,
    ...outcomeList.map((one) => one.rule),
    ...Object.values(passReasons),
    ...Object.values(faults).map((one) => one.remedy),
  ]
  for (const { en, zh } of texts) assert.ok(en.length > 5 && /\p{Script=Han}/u.test(zh), `${en} / ${zh}`)
  assert.equal(textOfReason('stock_short')?.zh, '库存不足')
  assert.equal(textOfReason('no such reason'), undefined)
})
