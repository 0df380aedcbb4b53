import type { Phase } from '../../contract/entities/order.ts'
import type { Scope } from '../domain/access/principal.ts'
import { isUnscoped } from '../domain/access/scope.ts'
import type { Instant } from '../kernel/time.ts'
import { type Queryable, run, statement } from './database.ts'
import { orderInScope, scopeValues } from './scope-params.ts'

const OVER = `('complete', 'cancelled')`
type PhaseRow = { readonly phase: Phase; readonly orders: string; readonly late: string }
const LATE = `count(*) filter (where s.phase <> 'delivered' and (s.doc::json -> 'promise' ->> 'deliverBy')::bigint < $1::bigint)`

const countPhases = statement<PhaseRow>(
  'countPhases',
  `select s.phase, count(*) as orders, ${LATE} as late
   from order_states as s
   where s.phase not in ${OVER}
   group by s.phase`,
)
const countPhasesInScope = statement<PhaseRow>(
  'countPhasesInScope',
  `select s.phase, count(*) as orders, ${LATE} as late
   from order_states as s
     join orders as o on o.shard = s.shard and o.order_id = s.order_id
   where s.phase not in ${OVER}
     and ${orderInScope(2)}
   group by s.phase`,
)

type BacklogRow = { readonly node_id: string; readonly open: string; readonly overdue: string }
const SCOPE = 2
const countWork = statement<BacklogRow>(
  'countWork',
  `select n.node_id, count(*) as open, count(*) filter (where f.ship_by < $1::timestamptz) as overdue
   from fulfillment_orders as f
     join nodes as n on n.node_no = f.node_no
   where f.is_open
     and f.work <> 'readyForPickup'
     and ($${SCOPE + 1}::text[] is null or n.node_id = any ($${SCOPE + 1}::text[]))
     and ($${SCOPE + 2}::text[] is null or f.carrier_id = any ($${SCOPE + 2}::text[]))
     and ($${SCOPE}::text[] is null and $${SCOPE + 3}::text is null and $${SCOPE + 4}::text is null and $${SCOPE + 5}::text is null
       or exists (
         select 1
         from orders as o
         where o.shard = f.shard
           and o.order_id = f.order_id
           and ${orderInScope(SCOPE)}))
   group by n.node_id
   order by overdue desc, open desc, n.node_id`,
)

export type Standing = {
  readonly phases: readonly { readonly phase: Phase; readonly orders: number }[]
  readonly late: number
  /** By node, the most overdue first. */
  readonly work: readonly { readonly nodeId: string; readonly open: number; readonly overdue: number }[]
}

/** Orders by phase and open work by node, as they stand within a scope. */
export async function readStanding(db: Queryable, scope: Scope, now: Instant): Promise<Standing> {
  const values = scopeValues(scope)
  const phases = isUnscoped(scope) ? run(db, countPhases, [now]) : run(db, countPhasesInScope, [now, ...values])
  const work = run(db, countWork, [new Date(now).toISOString(), ...values])
  const [byPhase, byNode] = await Promise.all([phases, work])
  return {
    phases: byPhase.map((row) => ({ phase: row.phase, orders: Number(row.orders) })),
    late: byPhase.reduce((sum, row) => sum + Number(row.late), 0),
    work: byNode.map((row) => ({ nodeId: row.node_id, open: Number(row.open), overdue: Number(row.overdue) })),
  }
}
