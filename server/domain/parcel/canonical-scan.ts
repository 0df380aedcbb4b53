import type { ScanFlag, ScanPlace, timeBases } from '../../../contract/entities/scan.ts'
import type { ScanMark } from './scan-mark.ts'

/** A scan as it is taken in: the mark that rules need, and what is kept beside it. */
export type CanonicalScan = ScanMark & {
  readonly code?: string
  readonly timeBasis: (typeof timeBases)[number]
  readonly place?: ScanPlace
  readonly flags: readonly ScanFlag[]
}
