import type { Role } from '../../contract/access.ts'
import type { TaskKind } from '../../contract/entities/task.ts'
import type { Scope } from '../domain/access/principal.ts'
import { idFromInt8, type OrderId, type TaskId } from '../kernel/ids.ts'
import type { Instant } from '../kernel/time.ts'
import { type Queryable, run, type Statement, statement } from './database.ts'
import { orderInScope, scopeValues } from './scope-params.ts'

/** Where a task is found: the order that carries it. */
export type FoundTask = { readonly orderId: OrderId; readonly taskId: TaskId; readonly dueAt: number }
type FoundRow = { readonly order_id: string; readonly task_id: string; readonly due_at: number }

const foundOf = (row: FoundRow): FoundTask => ({
  orderId: idFromInt8('ord', row.order_id),
  taskId: idFromInt8('tsk', row.task_id),
  dueAt: row.due_at,
})

const findRow = statement<FoundRow>(
  'findTask',
  `select t.order_id, t.task_id, t.due_at
   from tasks as t
   where t.task_id = $1::bigint`,
)

/** The order of a task (decimal number), or undefined. */
export async function findTask(db: Queryable, taskId: string): Promise<FoundTask | undefined> {
  const [row] = await run(db, findRow, [taskId])
  return row === undefined ? undefined : foundOf(row)
}

export type TaskFilters = {
  readonly state: 'open' | 'done'
  readonly kind?: TaskKind | undefined
  readonly owner?: Role | undefined
  readonly assignee?: string | undefined
  readonly unassigned?: boolean | undefined
  readonly nodeId?: string | undefined
  readonly dueBefore?: Instant | undefined
}
export type TaskPage = {
  /** The last row of the page before: due time (epoch ms) and number. */
  readonly after?: { readonly dueAt: number; readonly id: string } | undefined
  readonly limit: number
}

const SCOPE = 10
/** What is open runs by due time, what is done from the latest down; each walks one index. */
const drivers = {
  open: ['t.done_at is null and (t.due_at, t.task_id) > ($1::timestamptz, $2::bigint)', 't.due_at, t.task_id'],
  done: ['t.done_at is not null and $1::timestamptz is not null and t.task_id < $2::bigint', 't.task_id desc'],
} as const

function listBy(state: keyof typeof drivers): Statement<FoundRow> {
  const [where, order] = drivers[state]
  return statement<FoundRow>(
    state === 'open' ? 'listOpenTasks' : 'listDoneTasks',
    `select t.order_id, t.task_id, t.due_at
   from tasks as t
     join orders as o on o.shard = t.shard and o.order_id = t.order_id
     left join nodes as n on n.node_no = t.node_no
   where ${where}
     and ($3::text is null or t.kind = $3::text)
     and ($4::text is null or t.owner = $4::text)
     and ($5::text is null or t.assignee = $5::text)
     and ($6::text is null or n.node_id = $6::text)
     and ($7::timestamptz is null or t.due_at < $7::timestamptz)
     and (not $9::boolean or t.assignee is null)
     and ($${SCOPE + 1}::text[] is null or n.node_id = any ($${SCOPE + 1}::text[]))
     and ${orderInScope(SCOPE)}
   order by ${order}
   limit $8::integer`,
  )
}
const statements = { open: listBy('open'), done: listBy('done') }
const FIRST = '-infinity'
const LATEST = '9223372036854775807'

/** One page of tasks that the scope may see: of a scope with nodes, those of its nodes alone. */
export async function listTasks(db: Queryable, scope: Scope, filters: TaskFilters, { after, limit }: TaskPage): Promise<FoundTask[]> {
  const rows = await run(db, statements[filters.state], [
    after === undefined ? FIRST : new Date(after.dueAt).toISOString(),
    after?.id ?? (filters.state === 'done' ? LATEST : '0'),
    filters.kind ?? null,
    filters.owner ?? null,
    filters.assignee ?? null,
    filters.nodeId ?? null,
    filters.dueBefore === undefined ? null : new Date(filters.dueBefore).toISOString(),
    limit,
    filters.unassigned === true,
    ...scopeValues(scope),
  ])
  return rows.map(foundOf)
}
