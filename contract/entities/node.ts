import { Type, type Static } from 'typebox'
import { AmountNotNegative, closed, LocalTime, Name, Place, Ref, Units, Version, Zone } from './basics.ts'

export const nodeKinds = ['dc', 'frontWarehouse', 'store', 'thirdParty', 'supplier', 'plant'] as const
export const NodeKind = Type.Enum(nodeKinds)

/** Any place that holds or ships stock. */
export const NodeInput = Type.Object(
  {
    nodeId: Ref,
    name: Name,
    kind: NodeKind,
    place: Place,
    /** IANA zone of its calendar and cut-offs; when left out that of its coordinates, else of its country or region, else UTC. */
    zone: Type.Optional(Zone),
    calendarId: Type.Optional(Ref),
    /** Orders released before this local time leave the same working day. */
    cutOff: Type.Optional(LocalTime),
    /** Working minutes between release and hand-over; default 0. */
    handlingMinutes: Type.Optional(Type.Integer({ minimum: 0, maximum: 100_000 })),
    /** Fulfillment orders per calendar day; left out = no limit. */
    capacityPerDay: Type.Optional(Units),
    /** Business minutes within which it takes work on; work that is not accepted by then is done elsewhere. Left out = it need not say. */
    acceptMinutes: Type.Optional(Type.Integer({ minimum: 1, maximum: 100_000 })),
    /** Cost of touching an order and a unit, minor units of the hub's base currency. */
    handlingPerOrder: Type.Optional(AmountNotNegative),
    handlingPerUnit: Type.Optional(AmountNotNegative),
    /** What the node can do: coldChain, hazardous, bulky, … An item attribute of this name set to true needs it. Left out = everything. */
    capabilities: Type.Optional(Type.Array(Type.String({ minLength: 1, maxLength: 64 }), { maxItems: 50 })),
    /** Services it can ship with; left out = all. */
    services: Type.Optional(Type.Array(Type.Object({ carrierId: Ref, serviceId: Ref }, closed), { maxItems: 200 })),
    /** Channels it serves; left out = all. */
    channels: Type.Optional(Type.Array(Ref, { maxItems: 1000 })),
    closed: Type.Optional(Type.Boolean()),
    /** false: it sends nothing out, as a store that only gives out what buyers collect; default true. */
    ships: Type.Optional(Type.Boolean()),
    /** Buyers may collect orders here. Left out = they may not. */
    pickup: Type.Optional(
      Type.Object(
        {
          /** How long what is ready is kept for its buyer; default 168. After that it is a task. */
          holdHours: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000 })),
          /** What is ready gets a code of six digits that the buyer shows; without it nothing is given out. */
          code: Type.Optional(Type.Boolean()),
        },
        closed,
      ),
    ),
  },
  closed,
)
export type NodeInput = Static<typeof NodeInput>
export const Node = Type.Interface([NodeInput], { version: Version })
export type Node = Static<typeof Node>
