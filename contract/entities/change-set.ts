import { Type, type Static } from 'typebox'
import { Amount, AmountNotNegative, closed, InstantText, Place, Quantity, Ref, Text, Units } from './basics.ts'
import { AddressInput, AddedLine } from './order-input.ts'

/** What is to become of a line; what is left out stays. */
export const LineEdit = Type.Object(
  {
    lineRef: Ref,
    /** Units the buyer wants in the end, of those that are not cancelled; 0 removes the line. */
    quantity: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000 })),
    /** Minor units, a price adjustment. */
    unitPrice: Type.Optional(AmountNotNegative),
    /** Discount on the whole line, minor units. */
    discount: Type.Optional(AmountNotNegative),
  },
  closed,
)
export type LineEdit = Static<typeof LineEdit>
export const ServiceWanted = Type.Object({ carrierId: Ref, serviceId: Ref }, closed)

/** A proposed edit of an order. */
export const ChangeInput = Type.Object(
  {
    lines: Type.Optional(Type.Array(LineEdit, { maxItems: 500 })),
    add: Type.Optional(Type.Array(AddedLine, { maxItems: 500 })),
    /** The whole new address. */
    address: Type.Optional(AddressInput),
    service: Type.Optional(ServiceWanted),
    reason: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
    note: Type.Optional(Text),
    /** How long it may be confirmed; left out = 60. */
    expiresInMinutes: Type.Optional(Type.Integer({ minimum: 1, maximum: 20_160 })),
  },
  closed,
)
export type ChangeInput = Static<typeof ChangeInput>

/** An edit as it is kept: `sealed` is the address under the key of its person. */
export const ChangeEdits = Type.Object({
  lines: Type.Optional(Type.Array(LineEdit)),
  add: Type.Optional(Type.Array(AddedLine)),
  shipTo: Type.Optional(Place),
  sealed: Type.Optional(Type.String()),
  service: Type.Optional(ServiceWanted),
})
export type ChangeEdits = Static<typeof ChangeEdits>

const Delta = Type.Object({ before: Amount, after: Amount })
/** What the order would be after the change; amounts in minor units. */
export const ChangePreview = Type.Object({
  total: Delta,
  due: Delta,
  /** Must be authorised or captured before the change is confirmed. */
  payFirst: Amount,
  /** Due back to the buyer after the change. */
  dueBack: Amount,
  /** Units more (or fewer) held at each node. */
  stock: Type.Array(Type.Object({ sku: Ref, nodeId: Ref, units: Type.Integer() })),
  /** Units that would wait for stock. */
  backordered: Units,
  deliverBy: Type.Object({ before: Type.Optional(InstantText), after: Type.Optional(InstantText) }),
})
export type ChangePreview = Static<typeof ChangePreview>

export const changeStates = ['proposed', 'confirmed', 'declined', 'expired'] as const
export const ChangeSet = Type.Object({
  changeId: Type.String(),
  state: Type.Enum(changeStates),
  proposedAt: InstantText,
  expiresAt: InstantText,
  reason: Type.Optional(Type.String()),
  note: Type.Optional(Text),
  edits: Type.Omit(ChangeEdits, ['sealed']),
  preview: ChangePreview,
})
export type ChangeSet = Static<typeof ChangeSet>

/** What a cancellation would free and give back; amounts in minor units, left out where the role may not see them. */
export const CancelPreview = Type.Object({
  /** Nothing would be left: the order ends. */
  isWhole: Type.Boolean(),
  /** Units of lines that would be cancelled. */
  units: Units,
  total: Type.Optional(Delta),
  due: Type.Optional(Delta),
  dueBack: Type.Optional(Amount),
  /** Units fewer held at each node, below zero. */
  stock: Type.Array(Type.Object({ sku: Ref, nodeId: Ref, units: Type.Integer() })),
  /** Fulfillment orders that would end. */
  worksEnded: Units,
})
export type CancelPreview = Static<typeof CancelPreview>

/** Units of lines, as a part cancellation names them. */
export const LineUnits = Type.Object({ lineRef: Ref, quantity: Quantity }, closed)
export type LineUnits = Static<typeof LineUnits>
