import type { FulfillmentOrderDetail, WorkRow } from '../../contract/entities/fulfillment-order.ts'
import type { NodeInput } from '../../contract/entities/node.ts'
import type { Actor } from '../run/actor.ts'
import type { Agenda } from '../run/agenda.ts'
import type { HubApi } from '../run/hub-api.ts'
import type { World } from '../world/world.ts'
import { arrivesAt, type Job, type Step, stepsOf } from './job.ts'

const PAGE = 200
const PAGES_MAX = 30
/** Rows in one wave. */
const WAVE = 500
/** How long a unit keeps a node busy; work beyond that waits. */
const BUSY_MS = 40_000
const JOBS_MAX = 50_000

type Options = { readonly world: World; readonly hub: HubApi; readonly agenda: Agenda }

/**
 * The people at all nodes: they see what is new in their queues, accept or refuse it, and start, pick, pack and hand over in their
 * hours; what was handed over arrives. A round is one look at the queue and one wave of everything that is due.
 */
export class Crew implements Actor {
  readonly name = 'nodes'
  readonly #world: World
  readonly #hub: HubApi
  readonly #agenda: Agenda
  readonly #nodes: ReadonlyMap<string, NodeInput>
  readonly #freeAt = new Map<string, number>()
  readonly #jobs = new Map<string, Job>()
  #isNew = true

  constructor({ world, hub, agenda }: Options) {
    this.#world = world
    this.#hub = hub
    this.#agenda = agenda
    this.#nodes = new Map(world.nodes.map((node) => [node.nodeId, node]))
  }

  plan({ to }: { readonly to: number }): void {
    this.#agenda.plan(to, () => this.#round(to))
  }

  /** Work under way, for whoever wants to trouble it. */
  jobs(): Iterable<Job> {
    return this.#jobs.values()
  }

  /** Nobody does any more of it. */
  drop(job: Job): void {
    this.#jobs.delete(job.work.fulfillmentOrderId)
  }

  /** Everything that is still to be done waits this much longer. */
  delay(job: Job, ms: number): void {
    this.#change(job, ({ at, row }) => ({
      at: at + ms,
      row: 'occurredAt' in row ? { ...row, occurredAt: new Date(at + ms).toISOString() } : row,
    }))
  }

  /** One of the things to be done is done in another way. */
  replace(job: Job, action: WorkRow['action'], row: WorkRow): void {
    this.#change(job, (step) => (step.row.action === action ? { at: step.at, row } : step))
  }

  #change(job: Job, change: (step: Step) => Step): void {
    job.steps.splice(0, job.steps.length, ...job.steps.map(change))
  }

  async #round(now: number): Promise<void> {
    // After a restart the world meets work that it began before.
    const states = this.#isNew ? (['planned', 'ready', 'inProgress', 'short', 'handedOver'] as const) : (['planned'] as const)
    for (const work of states) await this.#look(work, now)
    this.#isNew = false
    // Steps of one job stay in order: a wave is decided in the order of its rows.
    const due = [...this.#jobs.values()].flatMap((job) => job.steps.filter(({ at }) => at <= now).map((step) => ({ job, step })))
    for (let i = 0; i < due.length; i += WAVE) await this.#wave(due.slice(i, i + WAVE))
  }

  async #look(work: FulfillmentOrderDetail['work'], now: number): Promise<void> {
    let cursor: string | undefined
    for (let page = 0; page < PAGES_MAX; page++) {
      const found = await this.#hub.client.call('fulfillment.list', {
        query: { work, limit: PAGE, ...(cursor === undefined ? {} : { cursor }) },
      })
      for (const one of found.items) this.#take(one, now)
      cursor = found.next
      if (cursor === undefined) return
    }
  }

  #take(work: FulfillmentOrderDetail, now: number): void {
    const { fulfillmentOrderId, nodeId } = work
    // Unpaid, in review, on hold: it waits in the queue and is looked at again.
    if (this.#jobs.has(fulfillmentOrderId) || work.allowedActions.length === 0 || this.#jobs.size >= JOBS_MAX) return
    const node = this.#nodes.get(nodeId)
    const freeAt = this.#freeAt.get(nodeId) ?? 0
    const steps = stepsOf(work, { seed: this.#world.seed, node, now, freeAt })
    const started = steps.find(({ row }) => row.action === 'start')?.at
    if (started !== undefined) this.#freeAt.set(nodeId, started + work.lines.reduce((sum, line) => sum + line.quantity, 0) * BUSY_MS)
    const left = steps.at(-1)?.row.action === 'handOver' ? steps.at(-1)?.at : work.work === 'handedOver' ? now : undefined
    if (left !== undefined) steps.push(this.#arrival(work, left))
    this.#jobs.set(fulfillmentOrderId, { work, steps })
  }

  /** Units that leave the books: not found on the shelf, or out of the door. */
  #count(row: WorkRow, job: Job): void {
    const isShort = row.action === 'pick' && row.short === true
    if (isShort) job.missing = 1
    const units = job.work.lines.reduce((sum, line) => sum + line.quantity, 0)
    if (isShort) this.#hub.tally.add('units.left')
    else if (row.action === 'handOver') this.#hub.tally.add('units.left', units - (job.missing ?? 0))
  }

  #arrival(work: FulfillmentOrderDetail, leftAt: number): Step {
    const at = Math.round(arrivesAt(work, leftAt, this.#world.seed))
    const row = { fulfillmentOrderId: work.fulfillmentOrderId, action: 'deliver', occurredAt: new Date(at).toISOString() } as const
    return { at, row }
  }

  async #wave(due: readonly { readonly job: Job; readonly step: Step }[]): Promise<void> {
    const { results } = await this.#hub.client.call('fulfillment.workMany', { body: due.map(({ step }): WorkRow => step.row) })
    due.forEach(({ job, step }, i) => {
      job.steps.splice(job.steps.indexOf(step), 1)
      const isRefused = results[i]?.status === 'refused'
      if (!isRefused) this.#count(step.row, job)
      this.#hub.tally.add(isRefused ? `work.refused.${step.row.action}` : `work.${step.row.action}`)
      // Cancelled, held, taken away: where it is still this node's work it comes back with the queue.
      if (isRefused || job.steps.length === 0) this.#jobs.delete(job.work.fulfillmentOrderId)
    })
  }
}
