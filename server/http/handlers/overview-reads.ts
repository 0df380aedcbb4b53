import type { Scope } from '../../domain/access/principal.ts'
import { done } from '../../kernel/outcome.ts'
import { type Instant, toIso } from '../../kernel/time.ts'
import { readStanding, type Standing } from '../../store/overview-reads.ts'
import type { Handlers } from '../handler.ts'
import type { ReadDeps } from './read-deps.ts'

const NODES_SHOWN = 20
/** Counting reads every open order: callers of one scope share an answer this long (ms), and so many scopes are kept. */
const SHARED_MS = 2000
const SCOPES_MAX = 200

type Shared = { readonly countedAt: number; readonly asOf: Instant; readonly standing: Promise<Standing> }

/** What stands within each scope, counted at most once in two seconds however many ask. */
class Standings {
  readonly #deps: ReadDeps
  readonly #shared = new Map<string, Shared>()

  constructor(deps: ReadDeps) {
    this.#deps = deps
  }

  of(scope: Scope): Shared {
    const key = JSON.stringify(scope)
    const known = this.#shared.get(key)
    const countedAt = performance.now()
    if (known !== undefined && countedAt - known.countedAt < SHARED_MS) return known
    const asOf = this.#deps.now()
    const made = { countedAt, asOf, standing: readStanding(this.#deps.pool, scope, asOf) }
    // A count that failed is nobody's answer but of those who wait for it.
    made.standing.catch(() => this.#shared.delete(key))
    this.#shared.delete(key)
    for (const oldest of this.#shared.keys()) {
      if (this.#shared.size < SCOPES_MAX) break
      this.#shared.delete(oldest)
    }
    this.#shared.set(key, made)
    return made
  }
}

/** Where everything stands, within the scope of who asks. */
export function overviewReadHandlers(deps: ReadDeps): Pick<Handlers, 'overview.get'> {
  const standings = new Standings(deps)
  return {
    'overview.get': async ({ principal }) => {
      const { asOf, standing } = standings.of(principal.scope)
      const { phases, late, work } = await standing
      return done({
        asOf: toIso(asOf),
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
