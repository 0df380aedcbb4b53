import type { Task } from '../../../contract/entities/task.ts'
import { toIso } from '../../kernel/time.ts'
import type { Order, TaskState } from '../order/state.ts'
import type { OrderNames } from '../order/view.ts'
import { taskActionsOf } from './decide-task.ts'

/** A task with the order it belongs to. */
export function viewTask(order: Order, task: TaskState, names: OrderNames): Task {
  const { intake } = order
  const { taskId, kind, owner, assignee, fulfillmentOrderId, nodeId, openedAt, dueAt, doneAt, reason } = task
  const nodeName = nodeId === undefined ? undefined : names.nodeName?.(nodeId)
  return {
    taskId,
    kind,
    state: doneAt === undefined ? 'open' : 'done',
    owner,
    ...(assignee === undefined ? {} : { assignee }),
    orderId: intake.orderId,
    channelId: intake.channelId,
    ...(names.channelName === undefined ? {} : { channelName: names.channelName }),
    externalRef: intake.externalRef,
    ...(fulfillmentOrderId === undefined ? {} : { fulfillmentOrderId }),
    ...(nodeId === undefined ? {} : { nodeId }),
    ...(nodeName === undefined ? {} : { nodeName }),
    items: itemsOf(order, task, names),
    openedAt: toIso(openedAt),
    dueAt: toIso(dueAt),
    ...(doneAt === undefined ? {} : { doneAt: toIso(doneAt) }),
    ...(reason === undefined ? {} : { reason }),
    allowedActions: taskActionsOf(task),
  }
}

const ITEMS_MAX = 20

/** The units that the task is about: those that no node has, or those of the work that it names. */
function itemsOf(order: Order, task: TaskState, names: OrderNames): Task['items'] {
  const { lines } = order.intake
  return unitsOf(order, task)
    .filter(({ quantity }) => quantity > 0)
    .slice(0, ITEMS_MAX)
    .map(({ lineNo, sku, quantity }) => {
      const line = lines[lineNo]
      const name = (sku === line?.sku ? line.name : undefined) ?? names.itemName?.(sku)
      return { sku, ...(name === undefined ? {} : { name }), quantity }
    })
}

type Units = { readonly lineNo: number; readonly sku: string; readonly quantity: number }
function unitsOf({ intake, state }: Order, { kind, fulfillmentOrderId }: TaskState): readonly Units[] {
  if (kind === 'stockMissing' || kind === 'supplyLate')
    return intake.lines.map(({ sku }, lineNo) => ({ lineNo, sku, quantity: state.lines[lineNo]?.backordered ?? 0 }))
  const work = state.fulfillmentOrders.find((one) => one.fulfillmentOrderId === fulfillmentOrderId)
  return (work?.lines ?? []).map(({ lineNo, sku, quantity }) => ({ lineNo, sku, quantity }))
}
