import type { CanonicalScan } from '../../domain/parcel/canonical-scan.ts'

/** One scan of a carrier's body; its words stay in the body alone, they may name people. `key` (SHA-256, hex) is the same in any body and under any version of the mapping. */
export type MappedScan = CanonicalScan & { readonly trackingNo: string }

/** What a body told of one parcel; parcels of one body may belong to strangers. */
export type MappedParcel = {
  readonly trackingNo: string
  readonly scans: readonly MappedScan[]
  /** The body with what tells of this parcel alone, readable like the body; none where it tells of no other. */
  readonly source?: string
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
  /** By format. */
  readonly versions: ReadonlyMap<string, number>
  /** Whether bodies of this format tell of other carriers' parcels: an aggregator's. */
  isAggregate(format: string): boolean
  mapScans(carrier: CarrierFacts, bodyText: string): MappedScans
}
