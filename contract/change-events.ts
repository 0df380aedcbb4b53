import { Type } from 'typebox'
import { InstantText, Place, Ref, Units } from './entities/basics.ts'
import { ChangeEdits, ChangePreview, ServiceWanted } from './entities/change-set.ts'
import { define, Delta, effects } from './event-definition.ts'

const Rate = Type.Object({ add: Type.Number(), one: Type.Number() })
/** A line of the sale as it is from now on; discount, tax and total count for the units that are not cancelled. */
export const SoldLine = Type.Object({
  lineRef: Ref,
  sku: Ref,
  name: Type.Optional(Type.String()),
  quantity: Units,
  unitPrice: Type.Integer(),
  discount: Type.Integer(),
  tax: Type.Integer(),
  total: Type.Integer(),
  taxClass: Type.Optional(Type.String()),
  attributes: Type.Optional(Type.Record(Type.String(), Type.Union([Type.Boolean(), Type.Number(), Type.String()]))),
  taxRate: Type.Optional(Rate),
  discountFor: Type.Optional(Type.Object({ amount: Type.Integer(), units: Units })),
  isDigital: Type.Optional(Type.Literal(true)),
})
const Totals = Type.Object({
  lines: Type.Integer(),
  discount: Type.Integer(),
  shipping: Type.Integer(),
  tax: Type.Integer(),
  total: Type.Integer(),
})
/** Nobody but those who sell learns of plans; what the buyer asked for is the buyer's. */
const sellers = {
  floor: [],
  carrier: [],
  customer: ['changeId', 'reason', 'expiresAt', 'preview'],
  executive: ['changeId', 'reason'],
} as const

/** Change sets of an order: proposed, then confirmed in one step, declined, or expired. */
export const changeEvents = {
  'order.changeProposed': define({
    version: 1,
    subject: 'order',
    title: { en: 'Change proposed', zh: '已提议变更' },
    trigger: { en: 'An edit was proposed and previewed; nothing else has changed.', zh: '提议并预览了一项变更；其他内容未变。' },
    data: Type.Object({
      changeId: Type.String(),
      expiresAt: InstantText,
      reason: Type.Optional(Type.String()),
      note: Type.Optional(Type.String()),
      edits: ChangeEdits,
      preview: ChangePreview,
    }),
    fields: sellers,
  }),
  'order.changed': define({
    version: 1,
    subject: 'order',
    title: { en: 'Order changed', zh: '订单已变更' },
    trigger: { en: 'A change set was confirmed, or units of lines were cancelled.', zh: '变更已确认，或部分商品已取消。' },
    data: Type.Object({
      changeId: Type.Optional(Type.String()),
      reason: Type.String(),
      /** Every line of the sale. */
      sold: Type.Array(SoldLine),
      totals: Totals,
      /** Where the lines that it touched stand now, units. */
      lines: Type.Array(Type.Object({ lineRef: Ref, cancelled: Units, reserved: Units, allocated: Units, backordered: Units })),
      /** Units that left fulfillment orders. */
      taken: Type.Array(Type.Object({ fulfillmentOrderId: Type.String(), lineRef: Ref, sku: Ref, quantity: Units })),
      shipTo: Type.Optional(Place),
      shippingRate: Type.Optional(Rate),
      service: Type.Optional(ServiceWanted),
      credit: Type.Optional(Type.Object({ accountId: Ref, exposure: Delta })),
      ...effects,
    }),
    fields: { floor: ['reason', 'lines', 'taken'], carrier: [], customer: ['changeId', 'reason', 'lines', 'totals'] },
  }),
  'order.changeDeclined': define({
    version: 1,
    subject: 'order',
    title: { en: 'Change declined', zh: '变更未执行' },
    trigger: { en: 'A proposed change was declined.', zh: '提议的变更被拒绝。' },
    data: Type.Object({
      changeId: Type.String(),
      /** `expired`: in logs from before `order.changeExpired`. */
      state: Type.Enum(['declined', 'expired'] as const),
      reason: Type.Optional(Type.String()),
    }),
    fields: { floor: [], carrier: [] },
  }),
  'order.changeExpired': define({
    version: 1,
    subject: 'order',
    title: { en: 'Change expired', zh: '变更已过期' },
    trigger: { en: 'The time of a proposed change was over; nothing of it was done.', zh: '提议的变更已过期，未执行任何内容。' },
    data: Type.Object({ changeId: Type.String() }),
    fields: { floor: [], carrier: [] },
  }),
} as const
