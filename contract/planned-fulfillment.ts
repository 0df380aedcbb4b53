import { Type } from 'typebox'
import { InstantText, Ref, Units } from './entities/basics.ts'

/** A fulfillment order as an event plans it, and the units that a plan reserves. */
export const PlannedFulfillment = Type.Object({
  fulfillmentOrderId: Type.String(),
  nodeId: Ref,
  carrierId: Type.Optional(Ref),
  serviceId: Type.Optional(Ref),
  shipBy: Type.Optional(InstantText),
  deliverBy: Type.Optional(InstantText),
  /** Until when the node may answer; left out where it need not. */
  acceptBy: Type.Optional(InstantText),
  /** Day whose capacity it takes at the node. */
  capacityDay: Type.Optional(Type.String()),
  lines: Type.Array(Type.Object({ lineRef: Ref, sku: Ref, quantity: Units })),
})
export const ReservedUnits = Type.Object({ lineRef: Ref, sku: Ref, nodeId: Ref, quantity: Units })
