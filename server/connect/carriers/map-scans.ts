import { createHash } from 'node:crypto'
import type { ScanFlag, ScanMeaning, ScanPlace } from '../../../contract/entities/scan.ts'
import { zoneOfArea } from '../../domain/place/zone.ts'
import type { CarrierFacts, MappedParcel, MappedScan, MappedScans, ScanIssue } from '../../engine/ports/carrier-mapper.ts'
import { isRecord, readJson } from '../../kernel/lossless-json.ts'
import { findAll, textOf, type Found } from '../channels/path.ts'
import { describe, holds } from '../channels/reading.ts'
import type { CarrierMapping, Shape } from './mapping.ts'
import { firstText, firstTextOf, from, type Chain } from './chain.ts'
import { readPlace } from './scan-place.ts'
import { readScanTime, type ScanTime } from './scan-time.ts'
import { readXml } from './xml.ts'

const SCANS_MAX = 5000
const ISSUES_MAX = 100
const CODE_MAX = 120
const CHARS_MAX = 4_000_000

type Reading = { readonly mapping: CarrierMapping; readonly carrier: CarrierFacts; readonly issues: ScanIssue[] }

/**
 * Reads a carrier's body: every scan of every parcel in it. Never throws for what a body holds; what cannot be read is named, what has no
 * known meaning is a scan without one.
 */
export function mapScans(mapping: CarrierMapping, carrier: CarrierFacts, bodyText: string): MappedScans {
  const reading: Reading = { mapping, carrier, issues: [] }
  const body = bodyOf(reading, bodyText)
  const parcels = body ? parcelsOf(reading, body) : []
  if (body && parcels.length === 0 && reading.issues.length === 0) noScans(reading, body)
  return { parcels, issues: reading.issues, version: mapping.version }
}

const report = ({ issues }: Reading, issue: ScanIssue): undefined => {
  if (issues.length < ISSUES_MAX) issues.push(issue)
}

function bodyOf(reading: Reading, text: string): Found | undefined {
  const { form } = reading.mapping
  const field = form !== undefined && text.startsWith(`${form}=`) ? new URLSearchParams(text).get(form) : null
  const inner = (field ?? text).trim()
  if (inner.startsWith('<')) {
    const read = inner.length > CHARS_MAX ? { status: 'unreadable' as const, got: `${inner.length} characters` } : readXml(inner)
    if (read.status === 'read') return { value: read.value, path: '$' }
    return report(reading, { code: 'not_xml', path: '$', expected: 'an XML document', got: read.got })
  }
  const read = readJson(inner)
  if (read.status === 'read') return { value: read.value, path: '$' }
  return report(reading, { code: read.code, path: '$', expected: read.expected, got: read.got })
}

function parcelsOf(reading: Reading, body: Found): readonly MappedParcel[] {
  const scans = new Map<string, MappedScan[]>()
  const chains = new Map<string, Chain[]>()
  let count = 0
  for (const shape of reading.mapping.shapes)
    for (const chain of chainsOf(body, shape.levels)) {
      if ((count += 1) > SCANS_MAX) {
        report(reading, { code: 'scans_too_many', path: '$', expected: `at most ${SCANS_MAX} scans`, got: 'more' })
        return joined(body, scans, chains)
      }
      // A fallback that has no time or number tells nothing, and is nothing to report.
      const scan = scanOf(shape.isFallback === true ? { ...reading, issues: [] } : reading, shape, chain)
      if (!scan) continue
      const { trackingNo } = scan
      if (shape.isFallback === true && scans.has(trackingNo)) continue
      scans.set(trackingNo, [...(scans.get(trackingNo) ?? []), scan])
      chains.set(trackingNo, [...(chains.get(trackingNo) ?? []), chain])
    }
  return joined(body, scans, chains)
}

function joined(
  body: Found,
  scans: ReadonlyMap<string, readonly MappedScan[]>,
  chains: ReadonlyMap<string, readonly Chain[]>,
): MappedParcel[] {
  const isAlone = scans.size === 1
  const all = isAlone ? new Set<unknown>() : valuesOf([...chains.values()].flat())
  return [...scans].map(([trackingNo, own]) => ({
    trackingNo,
    scans: onceByKey(own),
    ...(isAlone ? {} : { source: JSON.stringify(without(body.value, all, valuesOf(chains.get(trackingNo) ?? []))) }),
  }))
}

const valuesOf = (chains: readonly Chain[]): ReadonlySet<unknown> => new Set(chains.flatMap((chain) => chain.map((found) => found.value)))

/** The body without what tells of other parcels: parcels of one body may belong to strangers, and are kept apart. */
function without(value: unknown, all: ReadonlySet<unknown>, own: ReadonlySet<unknown>): unknown {
  if (Array.isArray(value)) return value.filter((one) => !all.has(one) || own.has(one)).map((one: unknown) => without(one, all, own))
  if (!isRecord(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, without(one, all, own)]))
}

const onceByKey = (scans: readonly MappedScan[]): MappedScan[] => [...new Map(scans.map((scan) => [scan.key, scan])).values()]

/** Every way down the levels, the innermost first. */
function chainsOf(body: Found, levels: readonly string[]): readonly Chain[] {
  let chains: readonly Chain[] = [[body]]
  for (const level of levels) chains = chains.flatMap((chain) => findAll(chain[0] ?? body, level).map((found): Chain => [found, ...chain]))
  return chains
}

function scanOf(reading: Reading, shape: Shape, chain: Chain): MappedScan | undefined {
  const { carrier, mapping } = reading
  const path = chain[0]?.path ?? '$'
  const trackingNo = firstText(chain, shape.trackingNo)?.slice(0, 128)
  if (trackingNo === undefined)
    return report(reading, { code: 'field_missing', path, expected: 'a tracking number', got: describe(chain[0]?.value) })
  const place = shape.place && readPlace(mapping, shape.place, chain)
  const read = timeOf(reading, shape, chain, place)
  if (!read)
    return report(reading, { code: 'time_unreadable', path, expected: 'the time of a scan', got: writtenTime(shape, chain) ?? 'nothing' })
  const { time, written } = read
  const code = codeOf(shape, chain)
  const meaning = meaningOf(mapping, shape, chain, code)
  const flags: ScanFlag[] = [
    ...(meaning === undefined ? (['codeUnknown'] as const) : []),
    ...(time.precision === 'day' ? (['dayOnly'] as const) : []),
    ...(time.basis === 'assumed' ? (['zoneAssumed'] as const) : []),
  ]
  return {
    trackingNo,
    // In the carrier's own words, so that a later version of the mapping gives the same key.
    key: createHash('sha256')
      .update(JSON.stringify([carrier.carrierId, trackingNo, code ?? '', written, firstTextOf(chain, shape.texts) ?? '']))
      .digest('hex'),
    ...(code === undefined ? {} : { code }),
    ...(meaning === undefined ? {} : { meaning }),
    occurredAt: time.at,
    precision: time.precision,
    timeBasis: time.basis,
    ...(place === undefined ? {} : { place }),
    flags,
  }
}

function timeOf(
  { mapping, carrier }: Reading,
  shape: Shape,
  chain: Chain,
  place: ScanPlace | undefined,
): { readonly time: ScanTime; readonly written: string } | undefined {
  const zones = {
    carrier: mapping.local === 'place' ? undefined : mapping.local.zone,
    place: place && zoneOfArea(place),
    fallback: shape.zone ?? carrier.zone,
  }
  for (const rule of shape.at) {
    const date = firstText(chain, [rule.path])
    if (date === undefined) continue
    const clock = rule.time === undefined ? undefined : firstText(chain, [rule.time])
    const offset = rule.utc === true ? 'Z' : rule.offset === undefined ? undefined : firstText(chain, [rule.offset])
    const written = clock === undefined ? date : `${date} ${clock}`
    const time = readScanTime(written, rule.format, offset, zones)
    if (time) return { time, written }
  }
  return undefined
}

const writtenTime = (shape: Shape, chain: Chain): string | undefined => {
  const text = firstText(
    chain,
    shape.at.map((rule) => rule.path),
  )
  return text === undefined ? undefined : describe(text)
}

function codeOf(shape: Shape, chain: Chain): string | undefined {
  for (const parts of shape.code) {
    const texts = parts.map((part) => firstText(chain, [part])).filter((text) => text !== undefined)
    if (texts.length > 0) return texts.join('/').slice(0, CODE_MAX)
  }
  return undefined
}

const shapes = new Map<string, RegExp>()
function shapeOf(pattern: string): RegExp {
  const known = shapes.get(pattern) ?? new RegExp(pattern, 'iu')
  shapes.set(pattern, known)
  return known
}

/** Says that it goes on, or does not, and nothing about how. */
const coarse: ReadonlySet<ScanMeaning> = new Set(['moving', 'delayed'])

function meaningOf(mapping: CarrierMapping, shape: Shape, chain: Chain, code: string | undefined): ScanMeaning | undefined {
  const own = (key: string): ScanMeaning | undefined => (Object.hasOwn(mapping.codes, key) ? mapping.codes[key] : undefined)
  if (code === undefined) return byWords(mapping, shape, chain)
  const byCode = own(code) ?? own(code.split(/[/.]/)[0] ?? '')
  if (byCode === undefined) return shape.words === 'asCodes' ? byWords(mapping, shape, chain) : undefined
  return shape.words === 'refine' && coarse.has(byCode) ? (byWords(mapping, shape, chain) ?? byCode) : byCode
}

function byWords(mapping: CarrierMapping, shape: Shape, chain: Chain): ScanMeaning | undefined {
  const words = (shape.texts ?? []).flatMap((path) => from(chain, path).map((found) => textOf(found.value) ?? ''))
  return mapping.texts?.find(({ match }) => words.some((text) => shapeOf(match).test(text)))?.meaning
}

/** No scan at all: what the carrier said instead, or that the body is none of its own. */
function noScans(reading: Reading, body: Found): void {
  for (const { when, says } of reading.mapping.failures) {
    if (!when.every((condition) => holds(condition, findAll(body, condition.path)))) continue
    const said = says.flatMap((path) => findAll(body, path).map((found) => textOf(found.value) ?? '')).find((text) => text !== '')
    return report(reading, { code: 'carrier_error', path: '$', expected: 'scans', got: describe(said) })
  }
  report(reading, { code: 'no_scans', path: '$', expected: `scans of ${reading.mapping.format}`, got: describe(body.value) })
}
