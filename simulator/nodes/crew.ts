import type { FulfillmentOrderDetail, WorkRow } from '../../contract/entities/fulfillment-order.ts'
import type { NodeInput } from '../../contract/entities/node.ts'
import type { Couriers } from '../carriers/couriers.ts'
import type { Agenda } from '../run/agenda.ts'
import type { HubApi } from '../run/hub-api.ts'
import type { World } from '../world/world.ts'
import type { Suppliers } from './suppliers.ts'
import { arrivesAt, type Job, type Step, stepsOf } from './job.ts'

const PAGE = 200
const PAGES_MAX = 30
/** Rows in one wave, and how many are under way at once: the next is written while the hub does the one before. */
const WAVE = 500
const WAVES = 2
/** How long a unit keeps a node busy; work beyond that waits. */
const BUSY_MS = 40_000
const JOBS_MAX = 50_000
/** When work that could not go on is looked at again. */
const AGAIN_MS = 2 * 3_600_000

/** Nothing is left to be done at the node: it was taken away, or nothing of it was on the shelf. */
const isOver = ({ work, lines }: FulfillmentOrderDetail): boolean =>
  work === 'cancelled' || work === 'done' || lines.every(({ quantity }) => quantity === 0)

type Due = { readonly job: Job; readonly step: Step }

type Options = {
  readonly world: World
  readonly hub: HubApi
  readonly agenda: Agenda
  readonly couriers: Couriers
  readonly suppliers: Suppliers
}

/**
 * The people at all nodes: they see what is new in their queues, accept or refuse it, and start, pick, pack and hand over in their
 * hours; from then on it is its carrier's.
 */
export class Crew {
  readonly #world: World
  readonly #hub: HubApi
  readonly #agenda: Agenda
  readonly #couriers: Couriers
  readonly #suppliers: Suppliers
  readonly #nodes: ReadonlyMap<string, NodeInput>
  readonly #freeAt = new Map<string, number>()
  readonly #jobs = new Map<string, Job>()
  /** Numbers of parcels that are packed and wait for their truck. */
  readonly #tracking = new Map<string, string>()
  /** Work that is to be looked at again. */
  readonly #doubtful = new Set<string>()
  #isNew = true

  constructor({ world, hub, agenda, couriers, suppliers }: Options) {
    this.#suppliers = suppliers
    this.#couriers = couriers
    this.#world = world
    this.#hub = hub
    this.#agenda = agenda
    this.#nodes = new Map(world.nodes.map((node) => [node.nodeId, node]))
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

  /** A look at the queue: what has come in since. */
  async look(now: number): Promise<void> {
    // After a restart the world meets work that it began before.
    const states = this.#isNew
      ? (['planned', 'ready', 'inProgress', 'short', 'readyForPickup', 'handedOver'] as const)
      : (['planned'] as const)
    for (const work of states) await this.#lookAt(work, now)
    this.#isNew = false
  }

  /** Everything that is due by then. */
  async work(now: number): Promise<void> {
    // Steps of one job stay in order: a wave is decided in the order of its rows.
    const due = [...this.#jobs.values()].map((job) => job.steps.filter(({ at }) => at <= now).map((step) => ({ job, step })))
    const lanes = Array.from({ length: WAVES }, (_, lane) => due.filter((__, i) => i % WAVES === lane).flat())
    await Promise.all(lanes.map((lane) => this.#waves(lane, now)))
  }

  async #waves(due: readonly Due[], now: number): Promise<void> {
    for (let i = 0; i < due.length; i += WAVE) await this.#wave(due.slice(i, i + WAVE), now)
  }

  async #lookAt(work: FulfillmentOrderDetail['work'], now: number): Promise<void> {
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
    if (this.#jobs.has(fulfillmentOrderId) || this.#jobs.size >= JOBS_MAX || isOver(work)) return
    if (work.isHeld || work.allowedActions.length === 0) {
      // Unpaid, in review, on hold: new work waits in the queue, what was begun is asked for again.
      if (work.work !== 'planned') this.#lookAgain(fulfillmentOrderId, now)
      return
    }
    const node = this.#nodes.get(nodeId)
    const freeAt = this.#freeAt.get(nodeId) ?? 0
    const steps = stepsOf(work, { seed: this.#world.seed, node, now, freeAt })
    const started = steps.find(({ row }) => row.action === 'start')?.at
    if (started !== undefined) this.#freeAt.set(nodeId, started + work.lines.reduce((sum, line) => sum + line.quantity, 0) * BUSY_MS)
    const job = { work, steps }
    if (work.work === 'handedOver') this.#leave(job, now)
    if (steps.length > 0) this.#jobs.set(fulfillmentOrderId, job)
  }

  #remember(row: WorkRow): void {
    const trackingNo = row.action === 'pack' ? row.parcels?.[0]?.trackingNo : undefined
    if (trackingNo !== undefined) this.#tracking.set(row.fulfillmentOrderId, trackingNo)
  }

  /** Units that leave the books: not found on the shelf, or out of the door. */
  #count(row: WorkRow, job: Job): void {
    const isShort = row.action === 'pick' && row.short === true
    if (isShort) job.missing = 1
    const units = job.work.lines.reduce((sum, line) => sum + line.quantity, 0)
    if (isShort) this.#hub.tally.add('units.left')
    else if (row.action === 'handOver' || row.action === 'collect') this.#hub.tally.add('units.left', units - (job.missing ?? 0))
  }

  /** Cancelled, held, taken away: later it is seen how it stands, once, however many of its steps were refused. */
  #lookAgain(fulfillmentOrderId: string, now: number): void {
    if (this.#doubtful.has(fulfillmentOrderId)) return
    this.#doubtful.add(fulfillmentOrderId)
    const at = now + AGAIN_MS
    this.#agenda.plan(at, async () => {
      this.#doubtful.delete(fulfillmentOrderId)
      this.#take(await this.#hub.client.call('fulfillment.get', { params: { fulfillmentOrderId } }), at)
    })
  }

  /** What is handed over is its carrier's; what no carrier takes is there at once. */
  #leave({ work, steps }: Job, leftAt: number): void {
    const { fulfillmentOrderId, orderId, nodeId, carrierId } = work
    const place = this.#nodes.get(nodeId)?.place
    const trackingNo = this.#tracking.get(fulfillmentOrderId) ?? work.parcels[0]?.trackingNo
    this.#tracking.delete(fulfillmentOrderId)
    if (carrierId === undefined || trackingNo === undefined) {
      steps.push({ at: leftAt, row: { fulfillmentOrderId, action: 'deliver', occurredAt: new Date(leftAt).toISOString() } })
      return
    }
    const from = { region: place?.region ?? '', city: place?.city ?? '' }
    const to = { region: work.shipTo?.region ?? from.region, city: work.shipTo?.city ?? from.city }
    const arrives = Math.round(arrivesAt(work, leftAt, this.#world.seed))
    this.#couriers.take({ orderId, nodeId, carrierId, trackingNo, from, to, leftAt, arrivesAt: arrives })
  }

  async #wave(due: readonly Due[], now: number): Promise<void> {
    const { results } = await this.#hub.client.call('fulfillment.workMany', { body: due.map(({ step }): WorkRow => step.row) })
    due.forEach(({ job, step }, i) => {
      job.steps.splice(job.steps.indexOf(step), 1)
      const isRefused = results[i]?.status === 'refused'
      if (!isRefused) this.#count(step.row, job)
      if (!isRefused && step.row.action === 'pack') this.#remember(step.row)
      if (!isRefused && step.row.action === 'handOver') {
        this.#suppliers.note(job.work.nodeId, job.work.lines)
        this.#leave(job, step.at)
      }
      if (!isRefused && step.row.action === 'collect') this.#suppliers.note(job.work.nodeId, job.work.lines)
      this.#hub.tally.add(isRefused ? `work.refused.${step.row.action}` : `work.${step.row.action}`)
      if (isRefused || job.steps.length === 0) this.#jobs.delete(job.work.fulfillmentOrderId)
      if (isRefused) this.#lookAgain(job.work.fulfillmentOrderId, now)
    })
  }
}
