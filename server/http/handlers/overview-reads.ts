import type { Static } from 'typebox'
import type { Overview } from '../../../contract/capabilities/overview.ts'
import type { Principal, Scope } from '../../domain/access/principal.ts'
import { canSeeLoad } from '../../domain/access/scope.ts'
import { localDay } from '../../domain/calendar/zone.ts'
import { zoneOfNode } from '../../domain/place/zone.ts'
import { done } from '../../kernel/outcome.ts'
import { DAY, type Instant, toIso } from '../../kernel/time.ts'
import { readStanding } from '../../store/overview-reads.ts'
import { type Pulse, readCapacityUsed, readPulse } from '../../store/pulse-reads.ts'
import type { Handlers } from '../handler.ts'
import type { ReadDeps } from './read-deps.ts'
import { SharedAnswers } from './shared-answers.ts'

const NODES_SHOWN = 20
const FLOWS_SHOWN = 60
/** Counting reads every open order: callers of one scope share an answer this long (ms), and so many scopes are kept. */
const SHARED_MS = 2000
/** What moved within a day is read over all of that day's orders, and changes slower. */
const PULSE_MS = 10_000
const SCOPES_MAX = 200

type Standing = Omit<Static<typeof Overview>, keyof Pulse>

/** What an answer depends on beside the hub: who has both alike is told the same. */
type Asker = { readonly scope: Scope; readonly seesNodes: boolean }

const askerOf = ({ scope, permissions }: Principal): Asker => ({ scope, seesNodes: permissions.has('facts.read') })

/** Where everything stands and how fast it moves, within the scope of who asks; how full nodes are for who may read of nodes. */
export function overviewReadHandlers(deps: ReadDeps): Pick<Handlers, 'overview.get'> {
  const standings = new SharedAnswers<Standing>(SHARED_MS, SCOPES_MAX)
  const pulses = new SharedAnswers<Pulse>(PULSE_MS, SCOPES_MAX)
  return {
    'overview.get': async ({ principal }) => {
      const asker = askerOf(principal)
      const { scope } = asker
      const standing = standings.of(JSON.stringify(asker), () => standingOf(deps, asker))
      const pulse = pulses.of(JSON.stringify(scope), () => readPulse(deps.pool, scope, deps.now(), FLOWS_SHOWN))
      const [stands, { lastHour, lastDay, flows }] = await Promise.all([standing, pulse])
      return done({ ...stands, lastHour, lastDay: rated(lastDay), flows: [...flows] })
    },
  }
}

function rated({ kept, broken }: Pulse['lastDay']): Static<typeof Overview>['lastDay'] {
  return { kept, broken, ...(kept + broken === 0 ? {} : { keptRate: kept / (kept + broken) }) }
}

async function standingOf(deps: ReadDeps, { scope, seesNodes }: Asker): Promise<Standing> {
  const asOf = deps.now()
  const { phases, late, work } = await readStanding(deps.pool, scope, asOf)
  const shown = work.slice(0, NODES_SHOWN)
  const loads = await loadsOf(
    deps,
    shown.map((one) => one.nodeId).filter((nodeId) => seesNodes && canSeeLoad(scope, nodeId)),
    asOf,
  )
  return {
    asOf: toIso(asOf),
    phases: [...phases],
    late,
    backlog: shown.map((one) => {
      const nodeName = deps.memory.nodes.get(one.nodeId)?.doc.name
      const load = loads.get(one.nodeId)
      return { ...one, ...(nodeName === undefined ? {} : { nodeName }), ...(load === undefined ? {} : { load }) }
    }),
    openWork: work.reduce((sum, one) => sum + one.open, 0),
    overdueWork: work.reduce((sum, one) => sum + one.overdue, 0),
  }
}

/** How full the local today of each node is that says how much it can do. */
async function loadsOf({ pool, memory }: ReadDeps, nodeIds: readonly string[], now: Instant) {
  const limited = nodeIds.flatMap((nodeId) => {
    const node = memory.nodes.get(nodeId)
    if (node?.doc.capacityPerDay === undefined) return []
    const day = new Date(localDay(zoneOfNode(node.doc), now) * DAY).toISOString().slice(0, 10)
    return [{ nodeId, nodeNo: node.nodeNo, day, perDay: node.doc.capacityPerDay }]
  })
  const used = limited.length === 0 ? new Map<number, number>() : await readCapacityUsed(pool, limited)
  return new Map(limited.map(({ nodeId, nodeNo, perDay }) => [nodeId, { planned: used.get(nodeNo) ?? 0, perDay }]))
}
