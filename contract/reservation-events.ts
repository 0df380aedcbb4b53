import { Type } from 'typebox'
import { InstantText, Ref, Units } from './entities/basics.ts'
import { define } from './event-definition.ts'

/** What a bare reservation holds, or held until the event. */
const held = { sku: Ref, nodeId: Ref, quantity: Units }

/** Stock held for carts: each event is one of its reservation, beside no order. */
export const reservationEvents = {
  'reservation.made': define({
    version: 1,
    subject: 'reservation',
    title: { en: 'Stock reserved for a cart', zh: '购物车预留库存' },
    trigger: {
      en: 'A caller asked for stock under a key of its own, and it was there.',
      zh: '调用方以自己的键请求预留库存并获批。',
    },
    data: Type.Object({ ...held, key: Ref, expiresAt: InstantText }),
  }),
  'reservation.extended': define({
    version: 1,
    subject: 'reservation',
    title: { en: 'Reservation extended', zh: '预留已延长' },
    trigger: {
      en: 'A caller asked to hold the stock longer.',
      zh: '调用方请求延长预留。',
    },
    data: Type.Object({ ...held, expiresAt: InstantText }),
  }),
  'reservation.released': define({
    version: 1,
    subject: 'reservation',
    title: { en: 'Reservation given back', zh: '预留已释放' },
    trigger: {
      en: 'A caller gave the stock back.',
      zh: '调用方释放了库存。',
    },
    data: Type.Object(held),
  }),
  'reservation.expired': define({
    version: 1,
    subject: 'reservation',
    title: { en: 'Reservation ran out', zh: '预留已到期' },
    trigger: {
      en: 'Nobody extended it or took it over in time; the stock is free again.',
      zh: '到期前未被延长或接管；库存已释放。',
    },
    data: Type.Object(held),
  }),
  'reservation.consumed': define({
    version: 1,
    subject: 'reservation',
    title: { en: 'Reservation taken over', zh: '预留已被订单接管' },
    trigger: {
      en: 'An order took the stock over; it is held by the order from then on.',
      zh: '订单接管了库存；此后由订单占用。',
    },
    data: Type.Object({ ...held, orderId: Type.String() }),
  }),
} as const
