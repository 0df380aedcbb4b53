import { Type } from 'typebox'
import { InstantText, Ref, Units } from './entities/basics.ts'
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
  'order.preOrdered': define({
    version: 1,
    subject: 'order',
    title: { en: 'Sold before it is there', zh: '预售成立' },
    trigger: {
      en: 'What is short comes with dated supply: the order is firm with its deposit, the rest is asked for when the goods are there.',
      zh: '缺货部分由有到货日期的供应满足：付定金后订单生效，到货后收取尾款。',
    },
    data: Type.Object({ deposit: Type.Integer() }),
    fields: { floor: [], carrier: [] },
  }),
  'payment.due': define({
    version: 1,
    subject: 'order',
    title: { en: 'Balance due', zh: '应付尾款' },
    trigger: {
      en: 'All of a pre-order is there and kept for it: work begins once the balance is paid.',
      zh: '预售商品已到齐并为订单保留：付清尾款后开始履约。',
    },
    data: Type.Object({ amount: Type.Integer(), dueBy: InstantText }),
    fields: { floor: [], carrier: [] },
  }),
} as const
