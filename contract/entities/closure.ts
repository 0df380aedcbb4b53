import { Type, type Static } from 'typebox'
import { closed, Currency, InstantText, Ref } from './basics.ts'

const Count = Type.Integer({ minimum: 0 })
export const closureStates = ['closing', 'closed', 'open'] as const
/** What becomes of work that the node has begun: it finishes it, or what is not packed goes as well (the node cannot work any more). */
export const begunChoices = ['finish', 'move'] as const
export type Begun = (typeof begunChoices)[number]

export const ClosureInput = Type.Object(
  {
    reason: Type.String({ minLength: 1, maxLength: 64 }),
    begun: Type.Optional(Type.Enum(begunChoices)),
  },
  closed,
)

/** How far a node that closes has come. */
export const Closure = Type.Object({
  nodeId: Ref,
  state: Type.Enum(closureStates),
  reason: Type.Optional(Type.String()),
  begun: Type.Optional(Type.Enum(begunChoices)),
  requestedAt: Type.Optional(InstantText),
  finishedAt: Type.Optional(InstantText),
  /** Fulfillment orders that were open when it was asked for. */
  total: Count,
  /** Went to other nodes whole. */
  moved: Count,
  /** Went in part; the rest waits for stock and is a task. */
  torn: Count,
  /** Packed there: a task each. */
  leftBehind: Count,
  /** Not begun, and begun but not handed over, as of now. */
  unbegun: Count,
  atWork: Count,
})
export type Closure = Static<typeof Closure>

/** What a closure would lead to, planned over the most urgent work. Costs in minor units of the hub's base currency. */
export const ClosurePreview = Type.Object({
  nodeId: Ref,
  /** Fulfillment orders that would have to go, and how many of them were planned for this answer. */
  open: Count,
  planned: Count,
  moved: Count,
  torn: Count,
  /** Where they would go: fulfillment orders by node, most first. */
  toNodes: Type.Array(Type.Object({ nodeId: Ref, count: Count })),
  /** Parcels beyond one for each that moves. */
  splits: Count,
  currency: Currency,
  costBefore: Type.Integer(),
  costAfter: Type.Integer(),
  /** Orders that would be delivered after their promise, and by how many minutes at most. */
  later: Count,
  laterMinutesMax: Count,
})
export type ClosurePreview = Static<typeof ClosurePreview>
