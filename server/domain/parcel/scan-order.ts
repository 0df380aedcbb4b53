import { scanMeanings } from '../../../contract/entities/scan.ts'
import { DAY, type Instant } from '../../kernel/time.ts'
import type { ScanMark } from './scan-mark.ts'

/** A scan and the moment that it counts at. */
export type PlacedScan = { readonly scan: ScanMark; readonly at: Instant }

const rankOf = (scan: ScanMark): number => (scan.meaning === undefined ? -1 : scanMeanings.indexOf(scan.meaning))

/**
 * The scans of a parcel in the one order that their content gives, each once. A scan of which only the day is known stands behind the last scan
 * of that day that comes before it on a parcel's way: "delivered on the 4th" is after the van that left on the 4th at 9, and a
 * collection "on the 4th" before it.
 */
export function inOrder(scans: readonly ScanMark[]): readonly PlacedScan[] {
  const once = [...new Map([...scans].sort(byContent).map((scan) => [scan.key, scan])).values()]
  const exact = once.filter((scan) => scan.precision === 'instant')
  return once.map((scan) => ({ scan, at: scan.precision === 'instant' ? scan.occurredAt : placeInDay(scan, exact) })).sort(byPlace)
}

function placeInDay(scan: ScanMark, exact: readonly ScanMark[]): Instant {
  let at = scan.occurredAt
  for (const other of exact) {
    const isThatDay = other.occurredAt >= scan.occurredAt && other.occurredAt < scan.occurredAt + DAY
    if (isThatDay && rankOf(other) <= rankOf(scan) && other.occurredAt > at) at = other.occurredAt
  }
  return at
}

const byPlace = (a: PlacedScan, b: PlacedScan): number => a.at - b.at || rankOf(a.scan) - rankOf(b.scan) || byContent(a.scan, b.scan)

/** Total over contents, so that two readings of one key (before and after its code was known) have an order too: the known one wins. */
function byContent(a: ScanMark, b: ScanMark): number {
  if (a.key !== b.key) return a.key < b.key ? -1 : 1
  return rankOf(a) - rankOf(b) || a.occurredAt - b.occurredAt || (a.precision < b.precision ? -1 : a.precision > b.precision ? 1 : 0)
}
