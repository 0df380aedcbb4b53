import { Type, type Static } from 'typebox'
import { CountryCode, InstantText, Name, Ref } from './basics.ts'

/** Where a parcel stands; derived from its scans alone, unless it was opened again before its carrier had it. */
export const parcelStates = [
  'created',
  'labelled',
  'collected',
  'inTransit',
  'outForDelivery',
  'delivered',
  'failed',
  'returned',
  'lost',
  'voided',
] as const
export const ParcelStateName = Type.Enum(parcelStates)
export type ParcelStateName = (typeof parcelStates)[number]

/** What a scan says, whatever its carrier calls it. Their order is that of a parcel's way: it breaks ties between scans of one moment. */
export const scanMeanings = [
  /** Information only: it moves nothing. */
  'noted',
  'announced',
  'collected',
  'departed',
  'moving',
  'arrived',
  'customsEntered',
  'customsHeld',
  'customsCleared',
  'delayed',
  'readyForPickup',
  'outForDelivery',
  'attemptFailed',
  'undeliverable',
  'damaged',
  'lost',
  'delivered',
  'returning',
  'returned',
] as const
export const ScanMeaning = Type.Enum(scanMeanings)
export type ScanMeaning = (typeof scanMeanings)[number]

/**
 * How the time was read: with its own offset or in UTC; in the zone of the scan's place; in the zone that the carrier writes in; or in
 * one that had to be assumed.
 */
export const timeBases = ['offset', 'place', 'carrier', 'assumed'] as const
export const scanPrecisions = ['instant', 'day'] as const

export const ScanPlace = Type.Object({
  name: Type.Optional(Name),
  city: Type.Optional(Name),
  region: Type.Optional(Name),
  postalCode: Type.Optional(Type.String({ maxLength: 20 })),
  countryCode: Type.Optional(CountryCode),
})
export type ScanPlace = Static<typeof ScanPlace>

/** What is odd about a scan; it is kept all the same. */
export const scanFlags = [
  /** No meaning is known for the carrier's code: it moves nothing until a mapping knows it. */
  'codeUnknown',
  /** Only the day is known (a midnight that means "some time that day"). */
  'dayOnly',
  'zoneAssumed',
  /** It says that it happens later than it was told. */
  'inFuture',
  /** It cannot be true beside the others: a parcel that was delivered moves on. */
  'contradictory',
  /** It is of a parcel that was opened again: its label is void. It moves nothing. */
  'parcelVoided',
] as const
export const ScanFlag = Type.Enum(scanFlags)
export type ScanFlag = (typeof scanFlags)[number]

/** One scan as the hub reads it. */
export const Scan = Type.Object({
  /** The carrier's own code. */
  code: Type.Optional(Type.String({ maxLength: 200 })),
  meaning: Type.Optional(ScanMeaning),
  occurredAt: InstantText,
  precision: Type.Enum(scanPrecisions),
  timeBasis: Type.Enum(timeBases),
  place: Type.Optional(ScanPlace),
  carrierId: Ref,
  receivedAt: InstantText,
  flags: Type.Array(ScanFlag),
})
export type Scan = Static<typeof Scan>
