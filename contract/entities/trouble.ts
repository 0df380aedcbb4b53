import { Type, type Static } from 'typebox'
import { closed, InstantText, Ref, Text } from './basics.ts'

/** What can be made to go wrong in the demo's world. */
export const troubleKinds = [
  'oversellRace',
  'lostParcel',
  'failedNode',
  'badAddress',
  'duplicateOrder',
  'partRefund',
  'overduePromise',
  'refusedWork',
  'shortPick',
  'missedWebhook',
  'carrierGap',
  'priceMismatch',
] as const
export const TroubleKind = Type.Enum(troubleKinds)
export type TroubleKind = (typeof troubleKinds)[number]

/** asked: the world has not seen it yet; made: it has happened; impossible: there was nothing that it could happen to. */
export const troubleStates = ['asked', 'made', 'impossible'] as const

/** What was done, in the words of either reader. */
export const TroubleNote = Type.Object({ en: Text, zh: Text }, closed)
export type TroubleNote = Static<typeof TroubleNote>

/** What the world tells of a trouble that it was asked for. */
export const TroubleReport = Type.Object(
  {
    state: Type.Union([Type.Literal('made'), Type.Literal('impossible')]),
    note: Type.Optional(TroubleNote),
    orderIds: Type.Optional(Type.Array(Type.String({ maxLength: 20 }), { maxItems: 100 })),
    nodeId: Type.Optional(Ref),
    sku: Type.Optional(Ref),
  },
  closed,
)
export type TroubleReport = Static<typeof TroubleReport>

/** A trouble of the demo: what was asked for, what was done, and the orders, node and item in which it can be seen. */
export const Trouble = Type.Object({
  troubleId: Type.String(),
  kind: TroubleKind,
  state: Type.Enum(troubleStates),
  askedAt: InstantText,
  madeAt: Type.Optional(InstantText),
  note: Type.Optional(TroubleNote),
  orderIds: Type.Array(Type.String()),
  nodeId: Type.Optional(Ref),
  sku: Type.Optional(Ref),
})
export type Trouble = Static<typeof Trouble>
