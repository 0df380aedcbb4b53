import { Type } from 'typebox'
import { InstantText, Ref, Units } from './entities/basics.ts'
import { ParcelInput } from './entities/fulfillment-order.ts'
import { Promise_ } from './entities/order.ts'
import { define, effects } from './event-definition.ts'
import { PlannedFulfillment, ReservedUnits } from './planned-fulfillment.ts'

const at = { fulfillmentOrderId: Type.String(), nodeId: Ref }
const Moved = Type.Object({ lineRef: Ref, sku: Ref, quantity: Units })
/** Units that leave fulfillment orders, and units of lines that are open again. */
const takenOff = {
  taken: Type.Array(Type.Object({ fulfillmentOrderId: Type.String(), lineRef: Ref, sku: Ref, quantity: Units })),
  open: Type.Array(Type.Object({ lineRef: Ref, quantity: Units })),
  ...effects,
}
const { lines: _, ...parcel } = ParcelInput.properties

/** Nobody outside learns how a node works; the buyer learns what leaves it. */
const inside = { customer: ['fulfillmentOrderId'] } as const

/** What happens at a node to its part of an order; all are events of the order. */
export const workEvents = {
  'fulfillment.accepted': define({
    version: 1,
    subject: 'order',
    title: { en: 'Work accepted', zh: '节点已接单' },
    trigger: { en: 'The node took the work on.', zh: '节点接受了履约任务。' },
    data: Type.Object(at),
    fields: inside,
  }),
  'fulfillment.rejected': define({
    version: 1,
    subject: 'order',
    title: { en: 'Work rejected', zh: '节点已拒单' },
    trigger: {
      en: 'The node refused the work; its units are sourced anew without it.',
      zh: '节点拒绝履约；相应商品排除该节点后重新寻源。',
    },
    data: Type.Object({ ...at, reason: Type.String(), ...takenOff }),
    fields: inside,
  }),
  'fulfillment.started': define({
    version: 1,
    subject: 'order',
    title: { en: 'Pick started', zh: '开始拣货' },
    trigger: { en: 'Somebody began to pick.', zh: '有人开始拣货。' },
    data: Type.Object(at),
    fields: inside,
  }),
  'fulfillment.picked': define({
    version: 1,
    subject: 'order',
    title: { en: 'Picked', zh: '已拣货' },
    trigger: { en: 'Units were taken from the shelf.', zh: '商品已从货架取出。' },
    data: Type.Object({ ...at, lines: Type.Array(Moved) }),
    fields: inside,
  }),
  'fulfillment.shortPicked': define({
    version: 1,
    subject: 'order',
    title: { en: 'Pick was short', zh: '拣货短缺' },
    trigger: {
      en: 'Units that the books had were not on the shelf: they leave the books and are sourced anew.',
      zh: '账面有而货架无的商品：从账面扣除并重新寻源。',
    },
    data: Type.Object({ ...at, ...takenOff }),
    fields: inside,
  }),
  'fulfillment.packed': define({
    version: 1,
    subject: 'order',
    title: { en: 'Packed', zh: '已打包' },
    trigger: { en: 'Picked units were put into parcels.', zh: '已拣商品装入包裹。' },
    data: Type.Object({
      ...at,
      parcels: Type.Array(Type.Object({ parcelId: Type.String(), ...parcel, lines: Type.Array(Moved) })),
    }),
    fields: inside,
  }),
  'fulfillment.unpacked': define({
    version: 1,
    subject: 'order',
    title: { en: 'Unpacked', zh: '已拆包' },
    trigger: {
      en: 'Parcels that had not been handed over were opened again: their units are picked as before, their labels are void.',
      zh: '未交运的包裹被重新打开：商品恢复为已拣，面单作废。',
    },
    data: Type.Object({ ...at, parcels: Type.Array(Type.Object({ parcelId: Type.String(), lines: Type.Array(Moved) })) }),
    fields: inside,
  }),
  'fulfillment.handedOver': define({
    version: 1,
    subject: 'order',
    title: { en: 'Handed over', zh: '已交运' },
    trigger: { en: 'The parcels left the node with the carrier.', zh: '包裹已由承运商揽收离开节点。' },
    data: Type.Object({ ...at, parcelIds: Type.Array(Type.String()), occurredAt: InstantText, ...effects }),
    fields: { customer: ['fulfillmentOrderId', 'parcelIds', 'occurredAt'] },
  }),
  'fulfillment.delivered': define({
    version: 1,
    subject: 'order',
    title: { en: 'Delivered', zh: '已送达' },
    trigger: { en: 'The receiver has what was handed over.', zh: '收件人已收到交运的商品。' },
    data: Type.Object({ ...at, occurredAt: InstantText }),
    fields: { customer: ['fulfillmentOrderId', 'occurredAt'] },
  }),
  'fulfillment.readyForPickup': define({
    version: 1,
    subject: 'order',
    title: { en: 'Ready for pick-up', zh: '可自提' },
    trigger: { en: 'What the buyer collects is set aside, and kept until then.', zh: '买家自提的商品已备好，保留至所示时间。' },
    data: Type.Object({ ...at, collectBy: InstantText, code: Type.Optional(Type.String()) }),
    fields: {
      customer: ['fulfillmentOrderId', 'nodeId', 'collectBy', 'code'],
      floor: ['fulfillmentOrderId', 'nodeId', 'collectBy'],
      carrier: [],
      finance: ['fulfillmentOrderId', 'nodeId', 'collectBy'],
      executive: ['fulfillmentOrderId', 'nodeId', 'collectBy'],
    },
  }),
  'fulfillment.collected': define({
    version: 1,
    subject: 'order',
    title: { en: 'Collected', zh: '已自提' },
    trigger: { en: 'The buyer has collected it.', zh: '买家已取货。' },
    data: Type.Object({ ...at, occurredAt: InstantText, ...effects }),
    fields: { customer: ['fulfillmentOrderId', 'occurredAt'] },
  }),
  'fulfillment.cancelRequested': define({
    version: 1,
    subject: 'order',
    title: { en: 'Cancellation asked for', zh: '请求取消履约' },
    trigger: { en: 'A node at work was asked to stop.', zh: '请求作业中的节点停止履约。' },
    data: Type.Object({ ...at, reason: Type.String() }),
    fields: inside,
  }),
  'fulfillment.cancelRefused': define({
    version: 1,
    subject: 'order',
    title: { en: 'Cancellation refused', zh: '节点拒绝取消' },
    trigger: { en: 'The node goes on: it is too late to stop.', zh: '节点继续作业：已来不及停止。' },
    data: Type.Object({ ...at, reason: Type.String() }),
    fields: inside,
  }),
  'fulfillment.cancelled': define({
    version: 1,
    subject: 'order',
    title: { en: 'Work cancelled', zh: '履约已取消' },
    trigger: {
      en: 'The node’s work ended before hand-over; what remains is sourced anew without it.',
      zh: '交运前履约终止；剩余商品排除该节点后重新寻源。',
    },
    data: Type.Object({ ...at, reason: Type.String(), ...takenOff }),
    fields: inside,
  }),
  'fulfillment.acceptExpired': define({
    version: 1,
    subject: 'order',
    title: { en: 'Not accepted in time', zh: '超时未接单' },
    trigger: {
      en: 'The node did not answer by its time; its units are sourced anew without it.',
      zh: '节点未在限时内答复；相应商品排除该节点后重新寻源。',
    },
    data: Type.Object({ ...at, acceptBy: InstantText, ...takenOff }),
    fields: inside,
  }),
  'fulfillment.held': define({
    version: 1,
    subject: 'order',
    title: { en: 'Work held', zh: '履约已挂起' },
    trigger: { en: 'Somebody stopped the work for now.', zh: '有人暂停了该履约。' },
    data: Type.Object({ ...at, reason: Type.String() }),
    fields: inside,
  }),
  'fulfillment.released': define({
    version: 1,
    subject: 'order',
    title: { en: 'Work goes on', zh: '履约挂起解除' },
    trigger: { en: 'The hold on the work was lifted.', zh: '履约的挂起被解除。' },
    data: Type.Object(at),
    fields: inside,
  }),
  'fulfillment.moved': define({
    version: 1,
    subject: 'order',
    title: { en: 'Work moved', zh: '履约已转移' },
    trigger: { en: 'All of the work went to other nodes, with its stock.', zh: '该履约连同其库存占用整体转至其他节点。' },
    data: Type.Object({
      ...at,
      reason: Type.String(),
      decisionNo: Type.Integer(),
      /** What the stock is held as, before and after. */
      kind: Type.Union([Type.Literal('soft'), Type.Literal('firm'), Type.Literal('committed')]),
      reserved: Type.Array(ReservedUnits),
      fulfillmentOrders: Type.Array(PlannedFulfillment),
      promise: Promise_,
      ...effects,
    }),
    fields: inside,
  }),
  'fulfillment.split': define({
    version: 1,
    subject: 'order',
    title: { en: 'Work split', zh: '履约已拆分' },
    trigger: { en: 'Units became a fulfillment order of their own at the same node.', zh: '部分商品在同一节点成为独立履约单。' },
    data: Type.Object({ ...at, into: Type.String(), lines: Type.Array(Moved) }),
    fields: inside,
  }),
  'fulfillment.merged': define({
    version: 1,
    subject: 'order',
    title: { en: 'Work merged', zh: '履约已合并' },
    trigger: { en: 'It took over other fulfillment orders of the order at the node.', zh: '该履约单接管了同节点的其他履约单。' },
    data: Type.Object({ ...at, from: Type.Array(Type.String()) }),
    fields: inside,
  }),
} as const
