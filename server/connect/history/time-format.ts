import type { Instant } from '../../kernel/time.ts'
import { localInstant } from '../channels/local-time.ts'

const PARTS: Readonly<Record<string, string>> = {
  YYYY: '(?<year>\\d{4})',
  MM: '(?<month>\\d{2})',
  M: '(?<month>\\d{1,2})',
  DD: '(?<day>\\d{2})',
  D: '(?<day>\\d{1,2})',
  HH: '(?<hour>\\d{2})',
  H: '(?<hour>\\d{1,2})',
  mm: '(?<minute>\\d{2})',
  ss: '(?<second>\\d{2})',
}

/** A reader of wall times in a zone that are written in one of these formats; undefined for any other text. */
export function timeReader(formats: readonly string[], zone: string): (text: string) => Instant | undefined {
  const patterns = formats.map((format) => {
    const body = format.replaceAll(/YYYY|MM?|DD?|HH?|mm|ss|[./]/g, (part) => PARTS[part] ?? `\\${part}`)
    return new RegExp(`^${body}$`)
  })
  return (text) => {
    for (const pattern of patterns) {
      const groups = pattern.exec(text)?.groups
      if (groups === undefined) continue
      const two = (name: string): string => (groups[name] ?? '00').padStart(2, '0')
      return localInstant(`${groups['year']}-${two('month')}-${two('day')} ${two('hour')}:${two('minute')}:${two('second')}`, zone)
    }
    return undefined
  }
}
