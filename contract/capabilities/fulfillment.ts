import { Type } from 'typebox'
import type { Permission } from '../access.ts'
import { defineCapability, type Bilingual } from '../capability.ts'
import { closed, InstantText, Ref } from '../entities/basics.ts'
import {
  FulfillmentOrderDetail,
  FulfillmentOrderIdText,
  WorkRow,
  type WorkAction,
  workInputs,
  works,
} from '../entities/fulfillment-order.ts'
import { BulkResult, pageOf, pageQuery } from '../entities/page.ts'

const params = Type.Object({ fulfillmentOrderId: FulfillmentOrderIdText }, closed)

/** Refusals of the work itself, beside those of the order it belongs to. */
export const workOutcomes = [
  'action_not_allowed',
  'work_line_unknown',
  'work_units_exceeded',
  'work_left_empty',
  'work_not_mergeable',
  'node_unknown',
  'no_node_fits',
  'carrier_unknown',
  'parcel_unknown',
  'parcel_collected',
  'pickup_code_wrong',
] as const

function workAction<const A extends WorkAction, const R extends Permission>(action: A, permission: R, summary: Bilingual) {
  return defineCapability({
    name: `fulfillment.${action}` as `fulfillment.${A}`,
    method: 'POST',
    path: `/v1/fulfillment-orders/{fulfillmentOrderId}/${action}` as `/v1/fulfillment-orders/{fulfillmentOrderId}/${A}`,
    kind: 'write',
    permission,
    summary,
    params,
    body: workInputs[action],
    versioned: true,
    output: { 200: FulfillmentOrderDetail },
    outcomes: ['fulfillment_order_unknown', 'version_conflict', ...workOutcomes],
    slaMs: 100,
  })
}

export const fulfillmentList = [
  defineCapability({
    name: 'fulfillment.list',
    method: 'GET',
    path: '/v1/fulfillment-orders',
    kind: 'read',
    permission: 'fulfillment.read',
    summary: { en: 'The queue of one node, or of all: what is due first stands first', zh: '节点作业队列，按截止时间先后' },
    query: Type.Object(
      {
        ...pageQuery(200),
        nodeId: Type.Optional(Ref),
        /** Left out: everything that is not over. */
        work: Type.Optional(Type.Enum(works)),
        dueBefore: Type.Optional(InstantText),
      },
      closed,
    ),
    output: { 200: pageOf(FulfillmentOrderDetail) },
    outcomes: [],
    slaMs: 100,
  }),
  defineCapability({
    name: 'fulfillment.get',
    method: 'GET',
    path: '/v1/fulfillment-orders/{fulfillmentOrderId}',
    kind: 'read',
    permission: 'fulfillment.read',
    summary: { en: 'Read a fulfillment order', zh: '读取履约单' },
    params,
    output: { 200: FulfillmentOrderDetail },
    outcomes: ['fulfillment_order_unknown'],
    slaMs: 25,
  }),
  workAction('accept', 'fulfillment.work', { en: 'Take the work on', zh: '接单' }),
  workAction('reject', 'fulfillment.work', { en: 'Refuse the work', zh: '拒单' }),
  workAction('start', 'fulfillment.work', { en: 'Start to pick', zh: '开始拣货' }),
  workAction('pick', 'fulfillment.work', { en: 'Record picked units', zh: '登记拣货' }),
  workAction('pack', 'fulfillment.work', { en: 'Pack picked units into parcels', zh: '打包' }),
  workAction('unpack', 'fulfillment.work', { en: 'Open parcels again that were not handed over', zh: '拆包：重新打开未交运的包裹' }),
  workAction('handOver', 'fulfillment.work', { en: 'Hand the parcels over to the carrier', zh: '交运' }),
  workAction('deliver', 'fulfillment.work', { en: 'Record that the receiver has it', zh: '登记送达' }),
  workAction('setReady', 'fulfillment.work', { en: 'Set aside what the buyer collects', zh: '备好待自提' }),
  workAction('collect', 'fulfillment.work', { en: 'Give the buyer what was set aside', zh: '登记自提取货' }),
  workAction('cancel', 'fulfillment.manage', { en: 'Take the work away from the node', zh: '取消节点履约' }),
  workAction('requestCancel', 'fulfillment.manage', { en: 'Ask a node at work to stop', zh: '请求作业中的节点停止' }),
  workAction('refuseCancel', 'fulfillment.work', { en: 'Refuse to stop', zh: '拒绝停止' }),
  workAction('hold', 'fulfillment.manage', { en: 'Stop the work for now', zh: '挂起履约' }),
  workAction('release', 'fulfillment.manage', { en: 'Let held work go on', zh: '解除履约挂起' }),
  workAction('move', 'fulfillment.manage', { en: 'Move the work to another node', zh: '移至其他节点' }),
  workAction('split', 'fulfillment.manage', { en: 'Make units a fulfillment order of their own', zh: '拆分履约单' }),
  workAction('merge', 'fulfillment.manage', { en: 'Take over other fulfillment orders of the order at the node', zh: '合并同节点履约单' }),
  defineCapability({
    name: 'fulfillment.workMany',
    method: 'POST',
    path: '/v1/fulfillment-orders/bulk',
    kind: 'write',
    permission: 'fulfillment.work',
    summary: { en: 'Do one action on each of many fulfillment orders', zh: '批量操作履约单' },
    description: {
      en: 'A wave: each row names a fulfillment order, an action and its input. Rows stand for themselves; one that is refused does not stop the others. `cancel`, `requestCancel`, `hold`, `release`, `move`, `split` and `merge` need fulfillment.manage.',
      zh: '波次：每行给出履约单、动作及其参数。各行相互独立，单行被拒不影响其他行。`cancel`、`requestCancel`、`hold`、`release`、`move`、`split` 与 `merge` 需要 fulfillment.manage 权限。',
    },
    rows: { item: WorkRow, key: ['fulfillmentOrderId'] },
    output: { 200: BulkResult },
    outcomes: [],
    slaMs: 1000,
  }),
] as const
