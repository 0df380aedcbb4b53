import { Type } from 'typebox'
import { roles } from './access.ts'
import { InstantText, Ref } from './entities/basics.ts'
import { taskKinds } from './entities/task.ts'
import { define } from './event-definition.ts'

const inside = { carrier: [], customer: [] } as const

/** Work for people that an order leads to; all are events of the order. */
export const taskEvents = {
  'task.opened': define({
    version: 1,
    subject: 'order',
    title: { en: 'Task opened', zh: '已开任务' },
    trigger: { en: 'Something about the order needs a person.', zh: '订单的某件事需要人工处理。' },
    data: Type.Object({
      taskId: Type.String(),
      kind: Type.Enum(taskKinds),
      owner: Type.Enum(roles),
      dueAt: InstantText,
      fulfillmentOrderId: Type.Optional(Type.String()),
      nodeId: Type.Optional(Ref),
    }),
    fields: inside,
  }),
  'task.assigned': define({
    version: 1,
    subject: 'order',
    title: { en: 'Task assigned', zh: '任务已分派' },
    trigger: { en: 'Somebody took the task on, or was given it.', zh: '有人认领或被分派了任务。' },
    data: Type.Object({ taskId: Type.String(), assignee: Ref }),
    fields: inside,
  }),
  'task.done': define({
    version: 1,
    subject: 'order',
    title: { en: 'Task done', zh: '任务已完成' },
    trigger: { en: 'A person ended the task, or its reason is gone.', zh: '有人完成任务，或其原因已消失。' },
    data: Type.Object({ taskId: Type.String(), reason: Type.String() }),
    fields: inside,
  }),
} as const
