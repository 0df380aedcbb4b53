import type { Task } from '../../../contract/entities/task.ts'
import { toIso } from '../../kernel/time.ts'
import type { Order, TaskState } from '../order/state.ts'
import type { OrderNames } from '../order/view.ts'
import { taskActionsOf } from './decide-task.ts'

/** A task with the order it belongs to. */
export function viewTask({ intake }: Order, task: TaskState, names: OrderNames): Task {
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
    openedAt: toIso(openedAt),
    dueAt: toIso(dueAt),
    ...(doneAt === undefined ? {} : { doneAt: toIso(doneAt) }),
    ...(reason === undefined ? {} : { reason }),
    allowedActions: taskActionsOf(task),
  }
}
