import { Type } from 'typebox'
import { roles } from '../access.ts'
import { defineCapability } from '../capability.ts'
import { closed, InstantText, Ref } from '../entities/basics.ts'
import { pageOf, pageQuery } from '../entities/page.ts'
import { Task, TaskAssignee, TaskIdText, taskKinds } from '../entities/task.ts'

const params = Type.Object({ taskId: TaskIdText }, closed)
const outcomes = ['task_unknown', 'action_not_allowed'] as const

export const taskList = [
  defineCapability({
    name: 'task.list',
    method: 'GET',
    path: '/v1/tasks',
    kind: 'read',
    permission: 'task.read',
    summary: {
      en: 'Open tasks, what is due first stands first; or those that are done, latest first',
      zh: '待办任务按截止时间先后，已完成任务从最近开始',
    },
    query: Type.Object(
      {
        ...pageQuery(200),
        state: Type.Optional(Type.Enum(['open', 'done'])),
        kind: Type.Optional(Type.Enum(taskKinds)),
        owner: Type.Optional(Type.Enum(roles)),
        assignee: Type.Optional(Ref),
        /** true: those alone that nobody has taken on. */
        unassigned: Type.Optional(Type.Boolean()),
        nodeId: Type.Optional(Ref),
        dueBefore: Type.Optional(InstantText),
      },
      closed,
    ),
    output: { 200: pageOf(Task) },
    outcomes: [],
    slaMs: 100,
  }),
  defineCapability({
    name: 'task.assignees',
    method: 'GET',
    path: '/v1/tasks/assignees',
    kind: 'read',
    permission: 'task.work',
    summary: { en: 'People who may be given a task', zh: '可分派任务的人员' },
    description: {
      en: 'Active users whose role works on tasks. Who is bound to nodes finds those who are bound to one of them, or to none.',
      zh: '可处理任务且未停用的用户。限定节点的凭证只看到与其有共同节点或不限节点的用户。',
    },
    query: Type.Object(pageQuery(200), closed),
    output: { 200: pageOf(TaskAssignee) },
    outcomes: [],
    slaMs: 100,
  }),
  defineCapability({
    name: 'task.assign',
    method: 'POST',
    path: '/v1/tasks/{taskId}/assign',
    kind: 'write',
    permission: 'task.work',
    summary: { en: 'Take a task on, or give it to somebody', zh: '认领或分派任务' },
    params,
    /** Left out: who asks. */
    body: Type.Object({ assignee: Type.Optional(Ref) }, closed),
    output: { 200: Task },
    outcomes: [...outcomes, 'assignee_unknown'],
    slaMs: 100,
  }),
  defineCapability({
    name: 'task.done',
    method: 'POST',
    path: '/v1/tasks/{taskId}/done',
    kind: 'write',
    permission: 'task.work',
    summary: { en: 'End a task', zh: '完成任务' },
    params,
    body: Type.Object({ reason: Type.String({ minLength: 1, maxLength: 64 }) }, closed),
    output: { 200: Task },
    outcomes,
    slaMs: 100,
  }),
] as const
