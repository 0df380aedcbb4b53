import { divideRounded, minor, parseDecimal } from '../../kernel/money.ts'
import type { MoneyRule, Term } from './mapping.ts'
import { isBlank, textOf, type Found } from './path.ts'
import { describe, from, holdsAll, issue, report, type Reading } from './reading.ts'

const AMOUNT_MAX = 9_000_000_000_000
const DECIMAL = /^(-?)(\d{1,15})(?:\.(\d{1,30}))?$/

/** Text in the mapping's unit to minor units of the order's currency; digits beyond its scale are rounded and noted. */
export function minorOf(reading: Reading, found: Found): number | undefined {
  const text = textOf(found.value)
  if (text === undefined) return undefined
  const digits = reading.mapping.moneyUnit === 'minor' ? 0 : reading.digits
  const exact = parseDecimal(text, digits)
  if (exact !== undefined && Math.abs(exact) <= AMOUNT_MAX) return exact
  const match = DECIMAL.exec(text)
  const expected = reading.mapping.moneyUnit === 'minor' ? 'a whole number of minor units' : `a decimal with at most ${digits} places`
  if (!match || reading.mapping.moneyUnit === 'minor' || exact !== undefined) return wrongMoney(reading, found, expected)
  const fraction = match[3] ?? ''
  const rounded = divideRounded(BigInt(`${match[2]}${fraction}`), 10n ** BigInt(Math.max(fraction.length - digits, 0)))
  if (rounded > BigInt(AMOUNT_MAX)) return wrongMoney(reading, found, expected)
  report(reading, issue('money_rounded', 'notice', found.path, expected, describe(found.value)))
  return match[1] === '-' ? -Number(rounded) : Number(rounded)
}

function wrongMoney(reading: Reading, found: Found, expected: string): undefined {
  report(reading, issue('money_wrong', 'error', found.path, expected, describe(found.value)))
  return undefined
}

type Parsed = { readonly sign: 1 | -1; readonly path: string; readonly factor: string | undefined; readonly isOptional: boolean }
const parsed = new Map<string, Parsed>()
function parseTerm(text: string): Parsed {
  const known = parsed.get(text)
  if (known) return known
  const match = /^(-?)([^*?]+)(?:\*([^*?]+))?(\??)$/.exec(text)
  const term: Parsed = {
    sign: match?.[1] === '-' ? -1 : 1,
    path: match?.[2] ?? text,
    factor: match?.[3],
    isOptional: match?.[4] === '?',
  }
  parsed.set(text, term)
  return term
}

/** Paths that a term reads; the list of unmapped fields is made from them. */
export function termPaths(term: Term): readonly string[] {
  if (typeof term !== 'string') {
    const conditions = (term.unless ?? []).map((condition) => condition.path)
    return [...conditions, ...term.anyOf.flat().flatMap(termPaths)].map((path) => `${term.each}.${path}`)
  }
  const { path, factor } = parseTerm(term)
  return path.startsWith('lines:') ? [] : [path, ...(factor === undefined ? [] : [factor])]
}

const NOT_THERE = Symbol('a term that is not there')
type Amount = number | typeof NOT_THERE

function factorOf(reading: Reading, scope: Found, path: string): Amount {
  const text = textOf(from(reading, scope, path)[0]?.value)
  return text !== undefined && /^-?\d{1,9}(?:\.0+)?$/.test(text) ? Number(text) : NOT_THERE
}

function termAmount(reading: Reading, scope: Found, term: Term): Amount {
  if (typeof term !== 'string') return eachAmount(reading, scope, term)
  const { sign, path, factor, isOptional } = parseTerm(term)
  if (path === 'lines:discount') return sign * reading.linesDiscount
  const found = from(reading, scope, path).filter((one) => !isBlank(one.value))
  if (found.length === 0) return isOptional ? 0 : NOT_THERE
  const times = factor === undefined ? 1 : factorOf(reading, scope, factor)
  if (times === NOT_THERE) return isOptional ? 0 : NOT_THERE
  let sum = 0
  for (const one of found) {
    const amount = minorOf(reading, one)
    if (amount === undefined) return NOT_THERE
    sum += amount * times
  }
  return sign * sum
}

function eachAmount(reading: Reading, scope: Found, term: Exclude<Term, string>): Amount {
  const counted = from(reading, scope, term.each).filter((one) => !term.unless || !holdsAll(reading, one, term.unless))
  if (counted.length === 0) return term.optional === true ? 0 : NOT_THERE
  let sum = 0
  for (const one of counted) {
    const amount = firstSum(reading, one, term.anyOf)
    if (amount !== NOT_THERE) sum += amount
  }
  return term.minus === true ? -sum : sum
}

function sumOf(reading: Reading, scope: Found, terms: readonly Term[]): Amount {
  let sum = 0
  for (const term of terms) {
    const amount = termAmount(reading, scope, term)
    if (amount === NOT_THERE) return NOT_THERE
    sum += amount
  }
  return Number.isSafeInteger(sum) && Math.abs(sum) <= AMOUNT_MAX ? minor(sum === 0 ? 0 : sum) : NOT_THERE
}

function firstSum(reading: Reading, scope: Found, sums: readonly (readonly Term[])[]): Amount {
  for (const terms of sums) {
    const amount = sumOf(reading, scope, terms)
    if (amount !== NOT_THERE) return amount
  }
  return NOT_THERE
}

function kept(rule: MoneyRule, amount: number): number {
  if (rule.keep === 'magnitude') return Math.abs(amount)
  if (rule.keep === 'negative') return Math.max(-amount, 0)
  return rule.keep === 'positive' || rule.floor === true ? Math.max(amount, 0) : amount
}

/** Minor units by the first sum that can be made; undefined, and reported when required, if none can. */
export function readMoney(reading: Reading, scope: Found, rule: MoneyRule | undefined): number | undefined {
  if (!rule) return undefined
  for (const one of rule.anyOf) {
    const terms = Array.isArray(one) ? one : one.sum
    if (!Array.isArray(one) && !holdsAll(reading, scope, one.when)) continue
    const amount = sumOf(reading, scope, terms)
    if (amount !== NOT_THERE) return kept(rule, amount)
  }
  if (rule.required === true) missingMoney(reading, scope, rule)
  return undefined
}

function missingMoney(reading: Reading, scope: Found, rule: MoneyRule): void {
  const paths = [...new Set(rule.anyOf.flatMap((one) => (Array.isArray(one) ? one : one.sum)).flatMap(termPaths))]
  const first = paths[0] ?? '$'
  const path = scope.path === '$' || first.startsWith('/') ? first.replace(/^\//, '') : `${scope.path}.${first}`
  report(reading, issue('field_missing', 'error', path, `money (${paths.join(', ')})`, describe(from(reading, scope, first)[0]?.value)))
}
