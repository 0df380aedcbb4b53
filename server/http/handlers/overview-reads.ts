import { done } from '../../kernel/outcome.ts'
import { toIso } from '../../kernel/time.ts'
import { readStanding } from '../../store/overview-reads.ts'
import type { Handlers } from '../handler.ts'
import type { ReadDeps } from './read-deps.ts'

const NODES_SHOWN = 20

/** Where everything stands, within the scope of who asks. */
export function overviewReadHandlers(deps: ReadDeps): Pick<Handlers, 'overview.get'> {
  return {
    'overview.get': async ({ principal }) => {
      const now = deps.now()
      const { phases, late, work } = await readStanding(deps.pool, principal.scope, now)
      return done({
        asOf: toIso(now),
        phases: [...phases],
        late,
        backlog: work.slice(0, NODES_SHOWN).map((one) => {
          const nodeName = deps.memory.nodes.get(one.nodeId)?.doc.name
          return { ...one, ...(nodeName === undefined ? {} : { nodeName }) }
        }),
        openWork: work.reduce((sum, one) => sum + one.open, 0),
        overdueWork: work.reduce((sum, one) => sum + one.overdue, 0),
      })
    },
  }
}
