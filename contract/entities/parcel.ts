import { Type, type Static } from 'typebox'
import { Grams, InstantText, Name, Ref, Units } from './basics.ts'
import { FactorMode, factorQualities } from './emission-factor.ts'
import { ParcelStateName, Scan } from './scan.ts'

export const Millimetres = Type.Integer({ minimum: 1, maximum: 100_000 })
/** One package as it stands. */
export const Parcel = Type.Object({
  parcelId: Type.String(),
  carrierId: Type.Optional(Ref),
  serviceId: Type.Optional(Ref),
  trackingNo: Type.Optional(Ref),
  weightGrams: Type.Optional(Grams),
  lengthMm: Type.Optional(Millimetres),
  widthMm: Type.Optional(Millimetres),
  heightMm: Type.Optional(Millimetres),
  packedAt: InstantText,
  handedOverAt: Type.Optional(InstantText),
  deliveredAt: Type.Optional(InstantText),
  /** When it was opened again; its label is void since. */
  voidedAt: Type.Optional(InstantText),
  lines: Type.Array(Type.Object({ lineRef: Ref, sku: Ref, quantity: Units })),
})
export type Parcel = Static<typeof Parcel>

/** When a parcel is expected, from what its lane has shown; beside the promise, which it never changes. */
export const Eta = Type.Object({
  /** As likely early as late. */
  at: InstantText,
  /** Four of five arrive between `from` and `to`. */
  from: InstantText,
  to: InstantText,
  /** Deliveries that it stands on. */
  observations: Type.Integer(),
})
export type Eta = Static<typeof Eta>

/** One stretch or hub of the way with the source of its figure. */
export const FootprintLeg = Type.Object({
  mode: FactorMode,
  distanceKm: Type.Optional(Type.Number()),
  massGrams: Grams,
  co2eGrams: Type.Number(),
  factorId: Ref,
  source: Type.String(),
  sourceRow: Type.String(),
  quality: Type.Enum(factorQualities),
})

/** A parcel on its way: where it stands by its scans, when it is expected, what it emits. */
export const OrderParcel = Type.Object({
  ...Parcel.properties,
  fulfillmentOrderId: Type.String(),
  nodeId: Type.Optional(Ref),
  nodeName: Type.Optional(Name),
  state: ParcelStateName,
  since: Type.Optional(InstantText),
  collectedAt: Type.Optional(InstantText),
  outForDeliveryAt: Type.Optional(InstantText),
  lastScanAt: Type.Optional(InstantText),
  isReturning: Type.Boolean(),
  attemptsFailed: Type.Integer(),
  promisedBy: Type.Optional(InstantText),
  eta: Type.Optional(Eta),
  co2eGrams: Type.Optional(Type.Number()),
  legs: Type.Array(FootprintLeg),
  /** Latest first, at most 100. */
  scans: Type.Array(Scan),
})
export type OrderParcel = Static<typeof OrderParcel>

/** The same by itself, with the order that it is of. */
export const ParcelDetail = Type.Object({ orderId: Type.String(), channelId: Ref, externalRef: Ref, ...OrderParcel.properties })
export type ParcelDetail = Static<typeof ParcelDetail>

/** What became of the scans of one parcel in a carrier's body. */
export const ScanResult = Type.Object({
  trackingNo: Type.String(),
  /** applied: the parcel knows more than before; same: nothing new; unmatched: no such parcel yet, the scans are kept and wait for it. */
  result: Type.Enum(['applied', 'same', 'unmatched']),
  scans: Type.Integer(),
  /** Codes that no mapping knows: kept, without effect until one does. */
  unknownCodes: Type.Array(Type.String()),
  parcelId: Type.Optional(Type.String()),
  orderId: Type.Optional(Type.String()),
  state: Type.Optional(ParcelStateName),
})
export type ScanResult = Static<typeof ScanResult>

export const ScanIssue = Type.Object({ code: Type.String(), path: Type.String(), expected: Type.String(), got: Type.String() })
export const ScanAnswer = Type.Object({ results: Type.Array(ScanResult), issues: Type.Array(ScanIssue) })
export type ScanAnswer = Static<typeof ScanAnswer>
