import { parseInstant, instant, toIso, type Instant } from '../../kernel/time.ts'
import { countryCode } from './countries.ts'
import { readReferences } from './html-text.ts'
import { localInstant } from './local-time.ts'
import type { BooleanRule, InstantRule, IntegerRule, NumberRule, Source, TextRule } from './mapping.ts'
import { textOf, type Found } from './path.ts'
import { describe, from, issue, report, type Reading } from './reading.ts'

type Hit = { readonly text: string; readonly raw: unknown; readonly path: string; readonly isUtc: boolean }

const refMax = 128
const currencyShape = /^[A-Z]{3}$/

function isEncrypted(reading: Reading, text: string): boolean {
  return reading.mapping.encrypted?.some((pattern) => shapeOf(pattern).test(text)) ?? false
}

const shapes = new Map<string, RegExp>()
function shapeOf(pattern: string): RegExp {
  const known = shapes.get(pattern) ?? new RegExp(pattern)
  shapes.set(pattern, known)
  return known
}

/** The usable texts that a source gives, in order; ciphertext is noted once and left to the raw body. */
function* hitsOf(reading: Reading, scope: Found, source: Source, isPersonal: boolean): Generator<Hit> {
  const rule: Exclude<Source, string> = typeof source === 'string' ? { path: source } : source
  for (const found of from(reading, scope, rule.path)) {
    const text = textOf(found.value)
    if (text === undefined || rule.skip?.some((none) => String(none) === text)) continue
    if (rule.unmasked === true && text.includes('*')) continue
    if (isEncrypted(reading, text)) {
      if (!reading.issues.some((known) => known.code === 'buyer_encrypted'))
        report(reading, issue('buyer_encrypted', 'notice', found.path, 'readable text', 'ciphertext of the platform'))
      continue
    }
    if (rule.severity !== undefined)
      report(
        reading,
        issue('fallback_used', rule.severity, found.path, 'a value in the fields before it', describe(found.value, isPersonal)),
      )
    yield { text: `${rule.prefix ?? ''}${text}`, raw: found.value, path: found.path, isUtc: rule.utc === true }
  }
}

function firstHit(reading: Reading, scope: Found, sources: readonly Source[], isPersonal = false): Hit | undefined {
  for (const source of sources) for (const hit of hitsOf(reading, scope, source, isPersonal)) return hit
  return undefined
}

const pathOf = (source: Source): string => (typeof source === 'string' ? source : source.path)

/** Issue for a field that has no usable value; silent when it is not required. */
function missing(
  reading: Reading,
  scope: Found,
  rule: { readonly from: readonly Source[]; readonly required?: boolean; readonly type: string },
): undefined {
  if (rule.required !== true) return undefined
  const [first] = rule.from
  const path = first === undefined ? '$' : pathOf(first)
  const at = path.startsWith('/') ? path.slice(1) : scope.path === '$' ? path : `${scope.path}.${path}`
  const found = first === undefined ? [] : from(reading, scope, path)
  report(reading, issue('field_missing', 'error', at, `${rule.type} (${rule.from.map(pathOf).join(' or ')})`, describe(found[0]?.value)))
  return undefined
}

const wrong = (reading: Reading, hit: Hit, expected: string, isRequired: boolean | undefined, isPersonal = false): undefined => {
  report(reading, issue('field_wrong', isRequired === true ? 'error' : 'warning', hit.path, expected, describe(hit.raw, isPersonal)))
  return undefined
}

function joined(reading: Reading, scope: Found, sources: readonly Source[], separator: string, isPersonal: boolean): Hit | undefined {
  const hits = sources.flatMap((source) => [...hitsOf(reading, scope, source, isPersonal)])
  const texts = [...new Set(hits.map((hit) => hit.text))]
  return hits[0] && { ...hits[0], text: texts.join(separator) }
}

function textHit(reading: Reading, scope: Found, rule: TextRule, isPersonal: boolean): Hit | undefined {
  if (rule.join !== undefined) return joined(reading, scope, rule.from, rule.join, isPersonal)
  return firstHit(reading, scope, rule.from, isPersonal) ?? (rule.parts && joined(reading, scope, rule.parts, ' ', isPersonal))
}

/** Text, reference, country or currency by its rule; a wrong or missing one is reported and undefined. */
export function readText(reading: Reading, scope: Found, rule: TextRule, isPersonal = false): string | undefined {
  const hit = textHit(reading, scope, rule, isPersonal)
  if (!hit) return rule.default ?? missing(reading, scope, rule)
  const plain = rule.html === true ? readReferences(hit.text) : hit.text
  const text = rule.enum && Object.hasOwn(rule.enum, plain) ? (rule.enum[plain] ?? plain) : plain
  switch (rule.type) {
    case 'ref':
      return text.length <= refMax ? text : wrong(reading, hit, `at most ${refMax} characters`, rule.required, isPersonal)
    case 'country':
      return countryCode(text) ?? wrong(reading, hit, 'a country (ISO 3166-1 alpha-2, or its name)', rule.required)
    case 'currency':
      return currencyShape.test(text) ? text : wrong(reading, hit, 'a currency (ISO 4217)', rule.required)
    case 'text':
      return shortened(reading, hit, text, rule.max ?? 200)
  }
}

function shortened(reading: Reading, hit: Hit, text: string, max: number): string {
  if (text.length <= max) return text
  report(reading, issue('text_cut', 'notice', hit.path, `at most ${max} characters`, `${text.length} characters`))
  // Never cut a surrogate pair in half.
  return text
    .slice(0, max)
    .toWellFormed()
    .replace(/\ufffd$/, '')
    .trim()
}

export function readInteger(reading: Reading, scope: Found, rule: IntegerRule): number | undefined {
  const hit = firstHit(reading, scope, rule.from)
  if (!hit) return rule.default ?? missing(reading, scope, rule)
  const value = /^-?\d{1,15}(?:\.0+)?$/.test(hit.text) ? Number(hit.text) : Number.NaN
  return Number.isSafeInteger(value) ? value : wrong(reading, hit, 'a whole number', rule.required)
}

export function readNumber(reading: Reading, scope: Found, rule: NumberRule): number | undefined {
  const hit = firstHit(reading, scope, rule.from)
  if (!hit) return missing(reading, scope, rule)
  const value = /^-?\d{1,12}(?:\.\d+)?$/.test(hit.text) ? Number(hit.text) : Number.NaN
  if (Number.isNaN(value)) return wrong(reading, hit, `a number of ${rule.unit ?? 'units'}`, rule.required)
  if (rule.unit === 'kilograms') return Math.round(value * 1000)
  return value
}

export function readBoolean(reading: Reading, scope: Found, rule: BooleanRule): boolean | undefined {
  const hit = firstHit(reading, scope, rule.from)
  if (!hit) return rule.default ?? missing(reading, scope, rule)
  if (hit.text === 'true' || hit.text === '1') return true
  if (hit.text === 'false' || hit.text === '0') return false
  return wrong(reading, hit, 'true or false', rule.required)
}

const plausible = (at: number): Instant | undefined => (at > 0 && at < Date.UTC(2200, 0) ? instant(at) : undefined)

function instantOf(reading: Reading, rule: InstantRule, hit: Hit): Instant | undefined {
  const { text } = hit
  switch (rule.format) {
    case 'iso':
      return plausible(parseInstant(text) ?? wallInstant(reading, rule, hit) ?? -1)
    case 'local':
      return plausible(wallInstant(reading, rule, hit) ?? parseInstant(text) ?? -1)
    case 'epochSeconds':
      return /^\d{9,11}$/.test(text) ? plausible(Number(text) * 1000) : undefined
    case 'epochMillis':
      return /^\d{12,14}$/.test(text) ? plausible(Number(text)) : undefined
  }
}

/** A wall time in the zone that the source, the channel or the mapping names; where none does it is read as UTC, which a person is told. */
function wallInstant(reading: Reading, rule: InstantRule, { text, isUtc, path }: Hit): Instant | undefined {
  const zone = isUtc ? 'UTC' : (reading.zone ?? rule.zone)
  const at = localInstant(text, zone ?? 'UTC')
  if (at !== undefined && zone === undefined && !reading.issues.some((known) => known.code === 'zone_assumed'))
    report(reading, issue('zone_assumed', 'warning', path, 'a time with its zone, or a zone of the channel', describe(text)))
  return at
}

const instantWords = {
  iso: 'a time with its offset (ISO 8601)',
  local: 'a wall time YYYY-MM-DD hh:mm:ss',
  epochSeconds: 'epoch seconds',
  epochMillis: 'epoch milliseconds',
} as const

/** An instant by its rule; the values in `never` mean that it has not happened. */
export function readInstant(reading: Reading, scope: Found, rule: InstantRule): Instant | undefined {
  const never = new Set((rule.never ?? []).map(String))
  for (const source of rule.from) {
    const hit = firstHit(reading, scope, [source])
    if (!hit || never.has(hit.text)) continue
    return instantOf(reading, rule, hit) ?? wrong(reading, hit, instantWords[rule.format], rule.required)
  }
  return missing(reading, scope, rule)
}

export function readIso(reading: Reading, scope: Found, rule: InstantRule | undefined): string | undefined {
  const at = rule && readInstant(reading, scope, rule)
  return at === undefined ? undefined : toIso(at)
}

/** The object without its undefined members: what exact optional fields need. */
export function defined<T extends Readonly<Record<string, unknown>>>(members: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const entries = Object.entries(members).filter(([, value]) => value !== undefined)
  return Object.fromEntries(entries) as { [K in keyof T]?: Exclude<T[K], undefined> }
}
