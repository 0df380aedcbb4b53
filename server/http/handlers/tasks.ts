import { permissionsOfRole, roles } from '../../../contract/access.ts'
import type { Task } from '../../../contract/entities/task.ts'
import { isInForce } from '../../domain/access/grant.ts'
import type { Principal } from '../../domain/access/principal.ts'
import { canSeeNode } from '../../domain/access/scope.ts'
import type { Order, TaskState } from '../../domain/order/state.ts'
import type { TaskCommand } from '../../domain/task/decide-task.ts'
import { viewTask } from '../../domain/task/view-task.ts'
import type { ActOnOrder } from '../../engine/families/order-command.ts'
import { Defect } from '../../kernel/assert.ts'
import { encodePageKey } from '../../kernel/cursor.ts'
import { idToInt8, parseId } from '../../kernel/ids.ts'
import { done, refuse } from '../../kernel/outcome.ts'
import { instant } from '../../kernel/time.ts'
import { orderKeyOf, readOrders } from '../../store/order-reads.ts'
import { findTask, type FoundTask, listTasks } from '../../store/task-reads.ts'
import { readKey } from '../../store/credentials.ts'
import { listAssignees, readUser } from '../../store/users.ts'
import type { RequestContext } from '../context.ts'
import type { Handlers } from '../handler.ts'
import { cursorInvalid, idAfter, instantIn, namesOf, pageKeyOf, pageOfRows, type ReadDeps } from './read-deps.ts'
import { isOrderInScope } from './show-order.ts'
import { commandContext, type WriteDeps } from './write-deps.ts'

const workers = roles.filter((role) => permissionsOfRole[role].includes('task.work'))

type Located = { readonly order: Order; readonly task: TaskState }

/** `wallNow`: keys end by the clock on the wall, whatever the business time is. */
type TaskDeps = WriteDeps & { readonly wallNow: () => number }

/** Work for people: the queue of a role or a person, and what they do with it. */
export function taskHandlers(deps: TaskDeps): Pick<Handlers, 'task.list' | 'task.assignees' | 'task.assign' | 'task.done'> {
  return {
    'task.list': async ({ principal }, { query }) => {
      const limit = query.limit ?? 50
      const key = pageKeyOf('tasks', ['number', 'string'], query.cursor, [0, ''])
      if (key.status === 'refused') return key
      const [dueAt, text] = key.value
      const id = text === '' ? undefined : parseId('tsk', text)
      if (text !== '' && id === undefined) return cursorInvalid(query.cursor ?? '')
      const { state = 'open', kind, owner, assignee, unassigned, nodeId } = query
      const dueBefore = query.dueBefore === undefined ? undefined : instantIn('dueBefore', query.dueBefore)
      const after = id === undefined ? undefined : { dueAt, id: idToInt8(id) }
      const page = { after, limit: limit + 1 }
      const found = await listTasks(deps.pool, principal.scope, { state, kind, owner, assignee, unassigned, nodeId, dueBefore }, page)
      const { rows, last } = pageOfRows(found, limit)
      const items = (await locate(deps, principal, rows)).map((one) => show(deps, one))
      return done({ items, ...(last === undefined ? {} : { next: encodePageKey('tasks', [last.dueAt, last.taskId]) }) })
    },
    'task.assignees': async ({ principal }, { query }) => {
      const limit = query.limit ?? 50
      const after = idAfter('assignees', 'usr', query.cursor)
      if (after.status === 'refused') return after
      const found = await listAssignees(deps.pool, { roles: workers, nodes: principal.scope.nodes }, after.value, limit + 1)
      const { rows, last } = pageOfRows(found, limit)
      const items = rows.map(({ userId, name, role }) => ({ assignee: userId, name, role }))
      return done({ items, ...(last === undefined ? {} : { next: encodePageKey('assignees', [last.userId]) }) })
    },
    'task.assign': (context, { params: { taskId }, body }) =>
      act(deps, context, { taskId, verb: 'assign', assignee: body.assignee ?? context.principal.credentialId }),
    'task.done': (context, { params: { taskId }, body }) => act(deps, context, { taskId, verb: 'done', reason: body.reason }),
  }
}

async function act(deps: TaskDeps, context: RequestContext<Principal>, command: TaskCommand) {
  const id = parseId('tsk', command.taskId)
  const found = id === undefined ? undefined : await findTask(deps.pool, idToInt8(id))
  const [located] = found === undefined ? [] : await locate(deps, context.principal, [found])
  if (located === undefined)
    return refuse('task_unknown', { en: 'there is no such task within your scope', zh: '您的范围内没有该任务' }, { got: command.taskId })
  if (command.verb === 'assign' && !(await mayTake(deps, context.principal, command.assignee)))
    return refuse(
      'assignee_unknown',
      { en: 'a task is given to somebody who works on tasks', zh: '任务只能分派给可处理任务的人员' },
      { got: command.assignee, pointer: '/assignee' },
    )
  const { orderId } = located.order.intake
  const action: ActOnOrder = { kind: 'actOnOrder', orderId, action: { action: 'task', ...command } }
  const outcome = await deps.engine.submit(action, commandContext(context))
  if (outcome.status === 'refused') return outcome
  const order = outcome.value.change?.after ?? (await readOrders(deps.pool, [orderKeyOf(orderId)]))[0]
  const task = order?.state.tasks?.find((one) => one.taskId === command.taskId)
  if (order === undefined || task === undefined) throw new Defect(`${command.taskId} was answered but is not there`)
  return done(show(deps, { order, task }))
}

/** Who asks, or a user or key in force that works on tasks: a task of nobody would be in nobody's list. */
async function mayTake({ pool, wallNow }: TaskDeps, { credentialId }: Principal, assignee: string): Promise<boolean> {
  if (assignee === credentialId) return true
  const userId = parseId('usr', assignee)
  if (userId !== undefined) {
    const user = await readUser(pool, userId)
    return user !== undefined && user.disabledAt === undefined && workers.includes(user.role)
  }
  const keyId = parseId('key', assignee)
  const key = keyId === undefined ? undefined : await readKey(pool, keyId)
  return key !== undefined && isInForce(key, instant(wallNow())) && key.permissions.includes('task.work')
}

/** The tasks behind what was found, in its order, as far as the scope reaches: a scope with nodes sees tasks of its nodes alone. */
async function locate(deps: Pick<ReadDeps, 'pool'>, { scope }: Principal, found: readonly FoundTask[]): Promise<Located[]> {
  const keys = [...new Set(found.map((one) => one.orderId))].map(orderKeyOf)
  const orders = new Map((keys.length === 0 ? [] : await readOrders(deps.pool, keys)).map((order) => [order.intake.orderId, order]))
  return found.flatMap(({ orderId, taskId }) => {
    const order = orders.get(orderId)
    const task = order?.state.tasks?.find((one) => one.taskId === taskId)
    if (order === undefined || task === undefined || !isOrderInScope(scope, order)) return []
    const isOwn = scope.nodes === undefined || (task.nodeId !== undefined && canSeeNode(scope, task.nodeId))
    return isOwn ? [{ order, task }] : []
  })
}

const show = (deps: ReadDeps, { order, task }: Located): Task => viewTask(order, task, namesOf(deps.memory, order.intake.channelId))
