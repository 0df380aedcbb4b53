import { instant, type Instant } from '../../kernel/time.ts'

const LOCAL = /^((?:19|20|21)\d{2})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,3})\d*)?)?$/
const formats = new Map<string, Intl.DateTimeFormat>()

function formatOf(zone: string): Intl.DateTimeFormat | undefined {
  const known = formats.get(zone)
  if (known) return known
  try {
    const format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' })
    formats.set(zone, format)
    return format
  } catch {
    // An unknown zone is the channel owner's mistake: the caller reports it as an issue.
    return undefined
  }
}

/** Minutes that a zone is ahead of UTC at an instant. */
function offsetMinutes(format: Intl.DateTimeFormat, at: number): number {
  const name = format.formatToParts(at).find((part) => part.type === 'timeZoneName')?.value ?? 'GMT'
  const match = /^GMT([+-])(\d{2}):(\d{2})$/.exec(name)
  if (!match) return 0
  return (match[1] === '-' ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3]))
}

/**
 * A wall time without zone ("2026-11-11 00:03:05") in an IANA zone as an instant; undefined when text or zone is wrong.
 * A wall time that a clock change skips is read with the offset before it, a doubled one is the first of the two.
 */
export function localInstant(text: string, zone: string): Instant | undefined {
  const match = LOCAL.exec(text)
  const format = formatOf(zone)
  if (!match || !format) return undefined
  const [year, month, day, hour, minute, second] = [1, 2, 3, 4, 5, 6].map((i) => Number(match[i] ?? 0))
  if (year === undefined || month === undefined || day === undefined) return undefined
  const ms = Number((match[7] ?? '0').padEnd(3, '0'))
  const wall = Date.UTC(year, month - 1, day, hour, minute, second, ms)
  const back = new Date(wall)
  if (back.getUTCMonth() !== month - 1 || back.getUTCDate() !== day || back.getUTCHours() !== hour || back.getUTCMinutes() !== minute)
    return undefined
  const before = offsetMinutes(format, wall - 86_400_000)
  const guess = wall - before * 60_000
  const there = offsetMinutes(format, guess)
  return instant(there === before ? guess : wall - (offsetMinutes(format, wall - there * 60_000) === there ? there : before) * 60_000)
}
