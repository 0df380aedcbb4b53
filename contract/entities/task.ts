import { Type, type Static } from 'typebox'
import { roles } from '../access.ts'
import { InstantText, Name, Ref, Units } from './basics.ts'

/** Why a person is needed: units that no node has, dated supply that an order waits for and that did not come, work past its time, work that could not leave a node that closed, goods that nobody collects, a balance that nobody pays, a parcel that nobody hears of, one that is lost or came back. */
export const taskKinds = [
  'stockMissing',
  'supplyLate',
  'workLate',
  'nodeClosed',
  'pickupOverdue',
  'balanceOverdue',
  'parcelSilent',
  'parcelLost',
] as const
export type TaskKind = (typeof taskKinds)[number]
export const taskActions = ['assign', 'done'] as const
export type TaskAction = (typeof taskActions)[number]

export const TaskIdText = Type.String({ pattern: '^tsk_[0-7][0-9a-hjkmnp-tv-z]{12}$' })

/** Work for a person: it has an owner and a due time from the moment it is opened, and ends by itself when its reason is gone. */
export const Task = Type.Object({
  taskId: Type.String(),
  kind: Type.Enum(taskKinds),
  state: Type.Union([Type.Literal('open'), Type.Literal('done')]),
  /** The role that it belongs to. */
  owner: Type.Enum(roles),
  /** Who of them took it on: the id of a user or key. */
  assignee: Type.Optional(Ref),
  orderId: Type.String(),
  channelId: Ref,
  channelName: Type.Optional(Name),
  externalRef: Ref,
  fulfillmentOrderId: Type.Optional(Type.String()),
  nodeId: Type.Optional(Ref),
  nodeName: Type.Optional(Name),
  /** What it is about: units that nobody has, or those of the work; for one that is done, as they stand now. At most 20. */
  items: Type.Array(Type.Object({ sku: Ref, name: Type.Optional(Name), quantity: Units }), { maxItems: 20 }),
  openedAt: InstantText,
  dueAt: InstantText,
  doneAt: Type.Optional(InstantText),
  /** How it ended. */
  reason: Type.Optional(Type.String()),
  allowedActions: Type.Array(Type.Enum(taskActions)),
})
export type Task = Static<typeof Task>

/** Somebody who may be given a task. */
export const TaskAssignee = Type.Object({ assignee: Ref, name: Name, role: Type.Enum(roles) })
export type TaskAssignee = Static<typeof TaskAssignee>
