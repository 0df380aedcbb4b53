import { Type, type Static } from 'typebox'
import { closed, Grams, InstantText, Name, Quantity, Ref, Units, Version } from './basics.ts'
import { Barcode } from './item.ts'
import { Order } from './order.ts'
import { Millimetres, Parcel } from './parcel.ts'

/** How far the work at the node has come. */
export const works = ['planned', 'ready', 'inProgress', 'short', 'readyForPickup', 'handedOver', 'done', 'cancelled'] as const
/** What was asked of the node, and what it said. */
export const requests = ['none', 'offered', 'accepted', 'rejected', 'cancelRequested', 'cancelRefused'] as const
export const workActions = [
  'accept',
  'reject',
  'start',
  'pick',
  'pack',
  'unpack',
  'handOver',
  'deliver',
  'setReady',
  'collect',
  'cancel',
  'requestCancel',
  'refuseCancel',
  'hold',
  'release',
  'move',
  'split',
  'merge',
] as const
export type WorkAction = (typeof workActions)[number]
export const WorkActionName = Type.Enum(workActions)

export const FulfillmentOrderIdText = Type.String({ pattern: '^ful_[0-7][0-9a-hjkmnp-tv-z]{12}$' })
const FulfillmentOrderIds = Type.Array(FulfillmentOrderIdText, { minItems: 1, maxItems: 20, uniqueItems: true })
export const ParcelIdText = Type.String({ pattern: '^par_[0-7][0-9a-hjkmnp-tv-z]{12}$' })
const ParcelIds = Type.Array(ParcelIdText, { minItems: 1, maxItems: 100, uniqueItems: true })

/** Units of one item of one line. `sku` may be left out where the line has one item at this node; for a bundle it names the component. */
export const WorkUnits = Type.Object({ lineRef: Ref, sku: Type.Optional(Ref), quantity: Quantity }, closed)
export type WorkUnits = Static<typeof WorkUnits>

/** One package. What is left out is taken from the fulfillment order: its carrier and service; its lines hold everything that is picked and not packed. */
export const ParcelInput = Type.Object(
  {
    carrierId: Type.Optional(Ref),
    serviceId: Type.Optional(Ref),
    /** The carrier's own number; carriers use numbers again after some months. */
    trackingNo: Type.Optional(Ref),
    weightGrams: Type.Optional(Grams),
    lengthMm: Type.Optional(Millimetres),
    widthMm: Type.Optional(Millimetres),
    heightMm: Type.Optional(Millimetres),
    lines: Type.Optional(Type.Array(WorkUnits, { minItems: 1, maxItems: 500 })),
  },
  closed,
)
export type ParcelInput = Static<typeof ParcelInput>

const Why = Type.String({ minLength: 1, maxLength: 64 })
const target = { fulfillmentOrderId: FulfillmentOrderIdText }
const inputs = {
  accept: Type.Object({}, closed),
  reject: Type.Object({ reason: Why }, closed),
  start: Type.Object({}, closed),
  /** Units picked now; left out = everything that is open. `short`: what is still open after this is not there. */
  pick: Type.Object({ lines: Type.Optional(Type.Array(WorkUnits, { maxItems: 500 })), short: Type.Optional(Type.Boolean()) }, closed),
  /** Left out: one parcel with everything that is picked and not packed. */
  pack: Type.Object({ parcels: Type.Optional(Type.Array(ParcelInput, { minItems: 1, maxItems: 100 })) }, closed),
  /** The parcels to open again; left out = all that their carrier does not have yet. */
  unpack: Type.Object({ parcelIds: Type.Optional(ParcelIds) }, closed),
  handOver: Type.Object({ occurredAt: Type.Optional(InstantText) }, closed),
  deliver: Type.Object({ occurredAt: Type.Optional(InstantText) }, closed),
  /** What the buyer collects is picked and set aside. */
  setReady: Type.Object({}, closed),
  /** The buyer has it. `code` is what the buyer shows, where the node asks for one. */
  collect: Type.Object(
    { code: Type.Optional(Type.String({ minLength: 1, maxLength: 16 })), occurredAt: Type.Optional(InstantText) },
    closed,
  ),
  cancel: Type.Object({ reason: Why }, closed),
  requestCancel: Type.Object({ reason: Why }, closed),
  refuseCancel: Type.Object({ reason: Why }, closed),
  hold: Type.Object({ reason: Why }, closed),
  release: Type.Object({}, closed),
  /** Without `toNodeId` the node or nodes that serve the order best. All of it moves, or nothing does. */
  move: Type.Object({ reason: Why, toNodeId: Type.Optional(Ref) }, closed),
  /** The units that become a fulfillment order of their own at the same node. */
  split: Type.Object({ lines: Type.Array(WorkUnits, { minItems: 1, maxItems: 500 }) }, closed),
  /** The fulfillment orders that this one takes over; left out = all of the order at the node that have not been begun. */
  merge: Type.Object({ with: Type.Optional(FulfillmentOrderIds) }, closed),
} as const satisfies Record<WorkAction, ReturnType<typeof Type.Object>>
export { inputs as workInputs }

/** One row of a bulk call: the action with its input and the fulfillment order it is done to. */
export const WorkRow = Type.Union([
  Type.Object({ ...target, action: Type.Literal('accept'), ...inputs.accept.properties }, closed),
  Type.Object({ ...target, action: Type.Literal('reject'), ...inputs.reject.properties }, closed),
  Type.Object({ ...target, action: Type.Literal('start'), ...inputs.start.properties }, closed),
  Type.Object({ ...target, action: Type.Literal('pick'), ...inputs.pick.properties }, closed),
  Type.Object({ ...target, action: Type.Literal('pack'), ...inputs.pack.properties }, closed),
  Type.Object({ ...target, action: Type.Literal('unpack'), ...inputs.unpack.properties }, closed),
  Type.Object({ ...target, action: Type.Literal('handOver'), ...inputs.handOver.properties }, closed),
  Type.Object({ ...target, action: Type.Literal('deliver'), ...inputs.deliver.properties }, closed),
  Type.Object({ ...target, action: Type.Literal('setReady'), ...inputs.setReady.properties }, closed),
  Type.Object({ ...target, action: Type.Literal('collect'), ...inputs.collect.properties }, closed),
  Type.Object({ ...target, action: Type.Literal('cancel'), ...inputs.cancel.properties }, closed),
  Type.Object({ ...target, action: Type.Literal('requestCancel'), ...inputs.requestCancel.properties }, closed),
  Type.Object({ ...target, action: Type.Literal('refuseCancel'), ...inputs.refuseCancel.properties }, closed),
  Type.Object({ ...target, action: Type.Literal('hold'), ...inputs.hold.properties }, closed),
  Type.Object({ ...target, action: Type.Literal('release'), ...inputs.release.properties }, closed),
  Type.Object({ ...target, action: Type.Literal('move'), ...inputs.move.properties }, closed),
  Type.Object({ ...target, action: Type.Literal('split'), ...inputs.split.properties }, closed),
  Type.Object({ ...target, action: Type.Literal('merge'), ...inputs.merge.properties }, closed),
])
export type WorkRow = Static<typeof WorkRow>

/** One node's work for one order, as one role sees it: what the floor needs to do it, without the order around it. */
export const FulfillmentOrderDetail = Type.Object({
  fulfillmentOrderId: Type.String(),
  version: Version,
  orderId: Type.String(),
  channelId: Ref,
  channelName: Type.Optional(Name),
  externalRef: Ref,
  placedAt: InstantText,
  nodeId: Ref,
  nodeName: Type.Optional(Name),
  work: Type.Enum(works),
  request: Type.Enum(requests),
  reason: Type.Optional(Type.String()),
  /** Until when the node may answer; work that nobody took on is done elsewhere. */
  acceptBy: Type.Optional(InstantText),
  /** The one that took this over. */
  mergedInto: Type.Optional(Type.String()),
  carrierId: Type.Optional(Ref),
  serviceId: Type.Optional(Ref),
  shipBy: Type.Optional(InstantText),
  deliverBy: Type.Optional(InstantText),
  shipTo: Type.Optional(Order.properties.shipTo),
  /** The buyer collects it: until when it is kept, once it is ready, and whether a code must be shown. */
  pickup: Type.Optional(Type.Object({ collectBy: Type.Optional(InstantText), asksCode: Type.Optional(Type.Literal(true)) })),
  lines: Type.Array(
    Type.Object({
      lineRef: Ref,
      sku: Ref,
      name: Type.Optional(Name),
      /** What a scanner reads on the item. */
      barcodes: Type.Optional(Type.Array(Barcode)),
      quantity: Units,
      picked: Units,
      packed: Units,
      short: Units,
    }),
  ),
  parcels: Type.Array(Parcel),
  isHeld: Type.Boolean(),
  /** Its own hold; `isHeld` is true for one on the order as well. */
  hold: Type.Optional(Type.Object({ reason: Type.String(), placedAt: InstantText })),
  allowedActions: Type.Array(WorkActionName),
})
export type FulfillmentOrderDetail = Static<typeof FulfillmentOrderDetail>
