import { Type } from 'typebox'
import { Ref, Units } from './entities/basics.ts'
import { define } from './event-definition.ts'

/** What happens to an order beside work at nodes and parcels. */
export const serviceEvents = {
  'order.digitalDelivered': define({
    version: 1,
    subject: 'order',
    title: { en: 'Digital goods delivered', zh: '数字商品已交付' },
    trigger: {
      en: 'The order is firm: digital lines are delivered at once, without node, stock or parcel. Whoever holds keys or links sends them on this event.',
      zh: '订单已生效：数字商品行立即交付，不经节点、库存或包裹。密钥或链接由其持有方据此事件发送。',
    },
    data: Type.Object({ lines: Type.Array(Type.Object({ lineRef: Ref, sku: Ref, quantity: Units })) }),
    fields: { floor: ['lines'], carrier: ['lines'], customer: ['lines'] },
  }),
} as const
