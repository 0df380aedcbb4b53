import type { scanPrecisions, timeBases } from '../../../contract/entities/scan.ts'
import { instant, parseInstant, type Instant } from '../../kernel/time.ts'
import { localInstant } from '../channels/local-time.ts'

export type ScanTime = {
  readonly at: Instant
  readonly precision: (typeof scanPrecisions)[number]
  readonly basis: (typeof timeBases)[number]
}

/** Zones for a time without offset, by preference. */
export type Zones = { readonly carrier?: string | undefined; readonly place?: string | undefined; readonly fallback?: string | undefined }

const SHAPES = {
  compact: /^(\d{4})(\d{2})(\d{2})(?:[ T]?(\d{2}):?(\d{2}):?(\d{2}))?$/,
  german: /^(\d{2})\.(\d{2})\.(\d{4})(?: (\d{2}):(\d{2})(?::(\d{2}))?)?$/,
} as const
const OFFSET = /(?:Z|[+-]\d{2}:?\d{2})$/
const OFFSET_ALONE = /^(?:Z|[+-]\d{2}:?\d{2})$/

/**
 * Reads a scan's time. `text` is the date, with the time of day behind a blank where it stood apart. A time of day of exactly midnight, or none,
 * means "some time that day": carriers fill what they do not know with zeros.
 */
export function readScanTime(
  text: string,
  format: 'iso' | 'compact' | 'german' | 'epochMillis',
  offset: string | undefined,
  zones: Zones,
): ScanTime | undefined {
  if (format === 'epochMillis') return /^\d{12,14}$/.test(text) ? timeOf(instant(Number(text)), 'instant', 'offset') : undefined
  const plain = plainOf(text, format)
  const wall = plain.replace(OFFSET, (end, at: number) => (at > 10 ? '' : end))
  const own = plain.slice(wall.length) || (offset !== undefined && OFFSET_ALONE.test(offset) ? offset : '')
  const full = withTime(wall)
  if (full === undefined) return undefined
  const precision = /T00:00(?::00(?:\.0+)?)?$/.test(full) ? 'day' : 'instant'
  if (own !== '') {
    const at = parseInstant(full + (own === 'Z' || own.includes(':') ? own : `${own.slice(0, 3)}:${own.slice(3)}`))
    return timeOf(at, precision, 'offset')
  }
  const [zone, basis] = zoneFor(zones)
  const at = localInstant(full, zone)
  return timeOf(at, precision, basis)
}

/** Carriers write zeros, or nines, for a time they do not know. */
const EARLIEST = Date.UTC(2000, 0)
const LATEST = Date.UTC(2200, 0)

function timeOf(at: Instant | undefined, precision: ScanTime['precision'], basis: ScanTime['basis']): ScanTime | undefined {
  return at === undefined || at < EARLIEST || at >= LATEST ? undefined : { at, precision, basis }
}

function zoneFor({ carrier, place, fallback }: Zones): [string, ScanTime['basis']] {
  if (carrier !== undefined) return [carrier, 'carrier']
  if (place !== undefined) return [place, 'place']
  return fallback === undefined ? ['UTC', 'assumed'] : [fallback, 'carrier']
}

/** Another writing as ISO without offset. */
function plainOf(text: string, format: 'iso' | 'compact' | 'german'): string {
  if (format === 'iso') return plainIso(text.trim())
  const [, a = '', b = '', c = '', hour, minute, second] = SHAPES[format].exec(text) ?? []
  const date = format === 'german' ? `${c}-${b}-${a}` : `${a}-${b}-${c}`
  return hour === undefined ? date : `${date}T${hour}:${minute ?? '00'}:${second ?? '00'}`
}

/** Slashes in the date, a blank before the time or the offset, GMT or UTC for the offset or before it. */
function plainIso(text: string): string {
  const [, year, month, day, rest = ''] = /^(\d{4})[-/](\d{2})[-/](\d{2})(?:[T ]+(.*))?$/.exec(text) ?? []
  if (year === undefined) return text
  const time = rest.replace(/ ?(?:GMT|UTC)$/, 'Z').replace(/ ?(?:GMT|UTC)?(?=[+-]\d{2}:?\d{2}$)/, '')
  return `${year}-${month}-${day}${time === '' ? '' : `T${time}`}`
}

function withTime(wall: string): string | undefined {
  if (/^\d{4}-\d{2}-\d{2}$/.test(wall)) return `${wall}T00:00:00`
  return /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?$/.test(wall) ? wall : undefined
}
