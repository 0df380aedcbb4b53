import type { Trouble, TroubleKind, TroubleReport } from '../../contract/entities/trouble.ts'
import { type Instant, toIso } from '../kernel/time.ts'

/** What was asked for lately; older ones are forgotten. */
const KEPT_MAX = 100

/** Troubles that a visitor asks the demo's world for, until and after it has made them. Kept while the hub runs. */
export class DemoTroubles {
  readonly #now: () => Instant
  readonly #troubles = new Map<string, Trouble>()
  #asked = 0

  constructor(now: () => Instant) {
    this.#now = now
  }

  ask(kind: TroubleKind): Trouble {
    const trouble: Trouble = { troubleId: `trouble-${++this.#asked}`, kind, state: 'asked', askedAt: toIso(this.#now()), orderIds: [] }
    this.#troubles.set(trouble.troubleId, trouble)
    const [oldest] = this.#troubles.keys()
    if (this.#troubles.size > KEPT_MAX && oldest !== undefined) this.#troubles.delete(oldest)
    return trouble
  }

  /** Takes what the world tells of a trouble; undefined when there is none of this id. */
  report(troubleId: string, report: TroubleReport): Trouble | undefined {
    const asked = this.#troubles.get(troubleId)
    if (asked === undefined) return undefined
    const trouble = { ...asked, ...report, madeAt: toIso(this.#now()) }
    this.#troubles.set(troubleId, trouble)
    return trouble
  }

  /** The newest first. */
  list(): readonly Trouble[] {
    return [...this.#troubles.values()].toReversed()
  }
}
