import type { NewEvent } from '../../../contract/events.ts'
import { taskEvents } from '../../../contract/task-events.ts'
import type { FulfillmentOrderId, TaskId } from '../../kernel/ids.ts'
import { type Instant, parseInstant } from '../../kernel/time.ts'
import type { OrderState, TaskState } from '../order/state.ts'

export type TaskEvent = NewEvent<keyof typeof taskEvents>
export const isTaskEvent = (event: NewEvent): event is TaskEvent => event.type in taskEvents

/** The order's tasks after something happened to one of them. */
export function evolveTasks(state: OrderState, event: TaskEvent, at: Instant): OrderState {
  const tasks = state.tasks ?? []
  switch (event.type) {
    case 'task.opened': {
      const { taskId, dueAt, fulfillmentOrderId, ...rest } = event.data
      const work = fulfillmentOrderId === undefined ? {} : { fulfillmentOrderId: fulfillmentOrderId as FulfillmentOrderId }
      const opened: TaskState = { ...rest, ...work, taskId: taskId as TaskId, openedAt: at, dueAt: parseInstant(dueAt) ?? at }
      return { ...state, tasks: [...tasks, opened] }
    }
    case 'task.assigned': {
      const { taskId, assignee } = event.data
      return { ...state, tasks: tasks.map((one) => (one.taskId === taskId ? { ...one, assignee } : one)) }
    }
    case 'task.done': {
      const { taskId, reason } = event.data
      return { ...state, tasks: tasks.map((one) => (one.taskId === taskId ? { ...one, doneAt: at, reason } : one)) }
    }
  }
}
