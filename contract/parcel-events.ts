import { Type } from 'typebox'
import { InstantText, Ref } from './entities/basics.ts'
import { ParcelStateName, ScanFlag, ScanMeaning, ScanPlace, scanPrecisions, timeBases } from './entities/scan.ts'
import { define } from './event-definition.ts'

const at = { fulfillmentOrderId: Type.String(), nodeId: Ref, parcelId: Type.String(), carrierId: Ref }

/** A scan as the log keeps it: what rules work with, no words of the carrier's, which may name people. */
export const LoggedScan = Type.Object({
  key: Type.String(),
  code: Type.Optional(Type.String()),
  meaning: Type.Optional(ScanMeaning),
  occurredAt: InstantText,
  precision: Type.Enum(scanPrecisions),
  timeBasis: Type.Enum(timeBases),
  place: Type.Optional(ScanPlace),
  flags: Type.Array(ScanFlag),
})

/** Nobody outside learns which node it came from. */
const outside = { customer: ['parcelId', 'carrierId', 'scans', 'state', 'from', 'to', 'occurredAt'] } as const

/** What carriers tell of a parcel; both are events of its order. */
export const parcelEvents = {
  'parcel.scanned': define({
    version: 1,
    subject: 'order',
    title: { en: 'Parcel scanned', zh: '包裹扫描' },
    trigger: {
      en: 'A carrier told of scans that were not known, or a mapping now knows the codes of some that were.',
      zh: '承运商上报了新的扫描记录，或映射新识别了已有扫描的代码。',
    },
    data: Type.Object({ ...at, scans: Type.Array(LoggedScan), state: ParcelStateName }),
    fields: outside,
  }),
  'parcel.moved': define({
    version: 1,
    subject: 'order',
    title: { en: 'Parcel moved on', zh: '包裹状态变化' },
    trigger: {
      en: 'Its scans say that a parcel stands elsewhere than before: collected, in transit, out for delivery, delivered …',
      zh: '扫描记录表明包裹状态已变化：已揽收、运输中、派送中、已签收……',
    },
    data: Type.Object({ ...at, from: ParcelStateName, to: ParcelStateName, occurredAt: InstantText }),
    fields: outside,
  }),
} as const

/** What carriers tell of nothing that the hub knows. */
export const scanEvents = {
  'scans.kept': define({
    version: 1,
    subject: 'body',
    title: { en: 'Scans kept', zh: '扫描报文已留存' },
    trigger: {
      en: 'A carrier told of a parcel that is not known (unmatched), or sent what holds no scan (unread); the body is kept.',
      zh: '承运商上报了未知包裹的扫描，或报文中没有扫描；报文已留存。',
    },
    data: Type.Object({
      carrierId: Ref,
      trackingNo: Type.Optional(Type.String()),
      state: Type.Enum(['unmatched', 'unread']),
      scans: Type.Integer(),
      reasons: Type.Array(Type.String()),
    }),
    fields: { customer: [], floor: [] },
  }),
} as const
