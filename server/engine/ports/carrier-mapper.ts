import type { scanPrecisions, timeBases, ScanFlag, ScanMeaning, ScanPlace } from '../../../contract/entities/scan.ts'
import type { Instant } from '../../kernel/time.ts'

/** One scan of a carrier's body. Free text of the carrier is in `source` alone: it may name people. */
export type MappedScan = {
  readonly trackingNo: string
  /** The same for the same scan in any body and under any version of the mapping (SHA-256, hex). */
  readonly key: string
  readonly code?: string
  /** None where no mapping knows the code. */
  readonly meaning?: ScanMeaning
  readonly occurredAt: Instant
  readonly precision: (typeof scanPrecisions)[number]
  readonly timeBasis: (typeof timeBases)[number]
  readonly place?: ScanPlace
  readonly flags: readonly ScanFlag[]
}

/** What a body told of one parcel; parcels of one body may belong to strangers. */
export type MappedParcel = {
  readonly trackingNo: string
  readonly scans: readonly MappedScan[]
  /** The part of the body that tells of it, to be kept sealed. */
  readonly source: unknown
}

/** What could not be read; `got` never shows personal data. */
export type ScanIssue = { readonly code: string; readonly path: string; readonly expected: string; readonly got: string }

export type MappedScans = {
  readonly parcels: readonly MappedParcel[]
  readonly issues: readonly ScanIssue[]
  /** Version of the mapping that read it. */
  readonly version: number
}

/** `zone` is the carrier's own, for times that name none and places that tell none. */
export type CarrierFacts = { readonly carrierId: string; readonly format: string; readonly zone?: string }

/** Translates carriers' own bodies; implemented by server/connect/carriers, given to the engine by main. */
export type CarrierMapper = {
  readonly formats: readonly string[]
  /** 0 for a format that has no mapping. */
  versionOf(format: string): number
  mapScans(carrier: CarrierFacts, bodyText: string): MappedScans
}
