import { Type, type Static } from 'typebox'
import { closed, InstantText, Name, Ref, Text, Units, Version } from './basics.ts'

const Signed = Type.Integer({ minimum: -1_000_000_000, maximum: 1_000_000_000 })
export const stockReasons = ['count', 'receipt', 'loss', 'damage', 'correction', 'return', 'transfer'] as const
export const StockReason = Type.Enum(stockReasons)

/** An absolute count of one item at one node. Moves after `countedAt` (default now) are re-applied on top of it. */
export const StockCountInput = Type.Object(
  {
    sku: Ref,
    nodeId: Ref,
    onHand: Units,
    reason: Type.Optional(StockReason),
    countedAt: Type.Optional(InstantText),
    /** Units never promised to anybody; kept as it was when left out (0 at first). */
    safety: Type.Optional(Units),
    /** Units that may be promised beyond what is there; kept as it was when left out (0 at first). */
    backorderLimit: Type.Optional(Units),
  },
  closed,
)
export type StockCountInput = Static<typeof StockCountInput>

/** A relative change. `ref` names the paper behind it. */
export const StockAdjustmentInput = Type.Object(
  {
    sku: Ref,
    nodeId: Ref,
    delta: Signed,
    reason: StockReason,
    occurredAt: Type.Optional(InstantText),
    ref: Type.Optional(Ref),
    note: Type.Optional(Text),
  },
  closed,
)
export type StockAdjustmentInput = Static<typeof StockAdjustmentInput>

/** One item at one node. available = onHand − soft − firm − committed − safety + backorderLimit; it may be negative after a count that found less. */
export const Stock = Type.Object({
  sku: Ref,
  /** What people call the item. */
  name: Type.Optional(Name),
  nodeId: Ref,
  onHand: Type.Integer(),
  soft: Units,
  firm: Units,
  committed: Units,
  safety: Units,
  backorderLimit: Units,
  available: Type.Integer(),
  version: Version,
})
export type Stock = Static<typeof Stock>

/** Dated supply: a purchase order or a shipment in transit that will add units at a node. */
export const SupplyInput = Type.Object(
  {
    supplyId: Ref,
    sku: Ref,
    nodeId: Ref,
    kind: Type.Union([Type.Literal('purchaseOrder'), Type.Literal('inTransit')]),
    quantity: Units,
    /** When the units can be promised. */
    availableAt: InstantText,
    /** Units already received into stock. */
    received: Type.Optional(Units),
  },
  closed,
)
export type SupplyInput = Static<typeof SupplyInput>
export const Supply = Type.Interface([SupplyInput], { reserved: Units, version: Version })
export type Supply = Static<typeof Supply>
