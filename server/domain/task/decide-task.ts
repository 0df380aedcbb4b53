import type { TaskAction } from '../../../contract/entities/task.ts'
import type { NewEvent } from '../../../contract/events.ts'
import { done, type Outcome, refuse } from '../../kernel/outcome.ts'
import type { Instant } from '../../kernel/time.ts'
import { isMovable, isReady } from '../fulfillment/work-machine.ts'
import type { OrderState, TaskState } from '../order/state.ts'
import { isGone, isHeardAgain } from '../parcel/silence.ts'

/** What somebody does to a task of an order. */
export type TaskCommand =
  | { readonly taskId: string; readonly verb: 'assign'; readonly assignee: string }
  | { readonly taskId: string; readonly verb: 'done'; readonly reason: string }

/** What may be done to a task now; every read carries it, every command is refused by it otherwise. */
export const taskActionsOf = (task: TaskState): TaskAction[] => (task.doneAt === undefined ? ['assign', 'done'] : [])

export function decideTask({ tasks = [] }: OrderState, command: TaskCommand, now: Instant): Outcome<NewEvent> {
  const { taskId, verb } = command
  const task = tasks.find((one) => one.taskId === taskId)
  if (task === undefined) return refuse('task_unknown', { en: 'the order has no such task', zh: '订单没有该任务' }, { got: taskId })
  const allowed = taskActionsOf(task)
  if (!allowed.includes(verb))
    return refuse(
      'action_not_allowed',
      { en: `${verb} is not possible now: the task is done`, zh: `当前不可执行 ${verb}：任务已完成` },
      { expected: allowed, got: verb },
    )
  return verb === 'assign'
    ? done({ type: 'task.assigned', occurredAt: now, data: { taskId, assignee: command.assignee } })
    : done({ type: 'task.done', occurredAt: now, data: { taskId, reason: command.reason } })
}

/** Open tasks whose reason is gone; only facts know whether supply is late. */
export function mootTasks(state: OrderState, isSupplyLate: () => boolean): readonly TaskState[] {
  return (state.tasks ?? []).filter((task) => task.doneAt === undefined && isMoot(state, task, isSupplyLate))
}

function isMoot(state: OrderState, task: TaskState, isSupplyLate: () => boolean): boolean {
  const { kind, fulfillmentOrderId } = task
  if (state.state !== 'accepted' && state.state !== 'review') return true
  // Paid, its stock is committed; given up, it holds none.
  if (kind === 'balanceOverdue') return state.reservations.every((one) => one.kind !== 'firm')
  if (kind === 'stockMissing') return state.lines.every((line) => line.backordered === 0)
  if (kind === 'supplyLate') return !isSupplyLate()
  const work = state.fulfillmentOrders.find((one) => one.fulfillmentOrderId === fulfillmentOrderId)
  if (work === undefined) return true
  if (kind === 'pickupOverdue') return !isReady(work.work)
  if (kind === 'parcelSilent') return work.work !== 'handedOver' || isHeardAgain(state, work, task)
  if (kind === 'parcelLost') return !(work.parcels ?? []).some(isGone)
  return !isMovable(work.work) || (kind === 'workLate' && isReady(work.work))
}
