import type { ScanPlace } from '../../../contract/entities/scan.ts'
import zones from './zones.json' with { type: 'json' }

const single: Readonly<Record<string, string>> = zones.single
const byRegion: Readonly<Record<string, Readonly<Record<string, string>>>> = zones.byRegion

/** IANA zone of a scan's place where its country has one, or its region is known to; of a country or state with two, that of most of it. */
export function zoneOfScanPlace({ countryCode, region }: ScanPlace): string | undefined {
  if (countryCode === undefined) return undefined
  return single[countryCode] ?? (region === undefined ? undefined : byRegion[countryCode]?.[region.toUpperCase()])
}
