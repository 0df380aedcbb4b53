import { Type, type Static } from 'typebox'
import { roles } from '../access.ts'
import { closed, InstantText, Name, Ref, Text } from './basics.ts'

export const holdScopes = ['order', 'line', 'fulfillmentOrder', 'money'] as const
export const HoldScope = Type.Enum(holdScopes)
export type HoldScope = (typeof holdScopes)[number]
const target = {
  /** With scope line. */
  lineRef: Type.Optional(Ref),
  /** With scope fulfillmentOrder. */
  fulfillmentOrderId: Type.Optional(Ref),
  /** Roles that may release it, beside admin; left out = whoever may hold. */
  releasableBy: Type.Optional(Type.Array(Type.Enum(roles), { minItems: 1, maxItems: 8 })),
}

export const HoldInput = Type.Object(
  {
    reason: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
    scope: Type.Optional(Type.Enum(holdScopes, { default: 'order' })),
    ...target,
    note: Type.Optional(Text),
  },
  closed,
)
export const Hold = Type.Object({
  holdId: Type.String(),
  reason: Type.String(),
  scope: Type.String(),
  ...target,
  state: Type.Union([Type.Literal('open'), Type.Literal('released')]),
  placedAt: InstantText,
  releasedAt: Type.Optional(InstantText),
  note: Type.Optional(Text),
})
export type Hold = Static<typeof Hold>

/** A row of the list of holds, with the order that it stops. */
export const HeldOrder = Type.Interface([Hold], {
  orderId: Type.String(),
  channelId: Ref,
  channelName: Type.Optional(Name),
  externalRef: Ref,
  canRelease: Type.Boolean(),
})
export type HeldOrder = Static<typeof HeldOrder>
