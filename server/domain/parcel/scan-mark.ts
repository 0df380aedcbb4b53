import type { scanPrecisions, ScanMeaning } from '../../../contract/entities/scan.ts'
import type { Instant } from '../../kernel/time.ts'

/** As much of a scan as decides where its parcel stands. */
export type ScanMark = {
  /** The same for the same scan, however often and in whatever body it comes. */
  readonly key: string
  /** None while no mapping knows the carrier's code. */
  readonly meaning?: ScanMeaning
  /** Of a `day` scan the day's first moment at its place. */
  readonly occurredAt: Instant
  readonly precision: (typeof scanPrecisions)[number]
}
