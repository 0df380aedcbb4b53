import { Type } from 'typebox'
import { Ref } from './entities/basics.ts'
import { Promise_ } from './entities/order.ts'
import { define, effects } from './event-definition.ts'
import { PlannedFulfillment, ReservedUnits } from './planned-fulfillment.ts'

/** What was saved is the hub's own; the buyer learns the promise, which stays as it was. */
const work = ['reason', 'works', 'decisionNo', 'reserved', 'fulfillmentOrders', 'promise'] as const
const hidden = { floor: work, carrier: work, customer: ['promise'] } as const

/** What happens to an order's plan before anybody has begun. */
export const planEvents = {
  'order.replanned': define({
    version: 1,
    subject: 'order',
    title: { en: 'Order planned again', zh: '订单已重新规划' },
    trigger: {
      en: 'Before anybody began, its plan was improved together with those of other orders.',
      zh: '开始作业前，该订单与其他订单一起优化了履约方案。',
    },
    data: Type.Object({
      /** cheaper_together: this order gains; made_room: another gains more than this one loses. */
      reason: Type.Union([Type.Literal('cheaper_together'), Type.Literal('made_room')]),
      /** What nodes have no longer. */
      works: Type.Array(Type.Object({ fulfillmentOrderId: Type.String(), nodeId: Ref })),
      decisionNo: Type.Integer(),
      reserved: Type.Array(ReservedUnits),
      fulfillmentOrders: Type.Array(PlannedFulfillment),
      promise: Promise_,
      /** Minor units of the hub's base currency. */
      costBefore: Type.Integer(),
      costAfter: Type.Integer(),
      ...effects,
    }),
    fields: hidden,
  }),
} as const
