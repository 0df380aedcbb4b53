import type { Order } from '../domain/order/state.ts'
import { type Improvement, PlanWindow, type Replanning } from '../domain/placement/plan-window.ts'
import { firstInt8At, idFromInt8 } from '../kernel/ids.ts'
import { instant, type Instant, MINUTE } from '../kernel/time.ts'
import type { Queryable } from '../store/database.ts'
import type { StoredLogRow } from '../store/log-pages.ts'
import { orderKeyOf, readOrders } from '../store/order-reads.ts'
import { ordersInWindow, type ReplannedChannel, type WindowRow } from '../store/plan-window.ts'
import type { Chore } from './chores.ts'
import type { Engine } from './engine.ts'
import type { FactsView } from './facts-view.ts'
import type { ActOnOrder } from './families/order-command.ts'
import type { LogFollower } from './log-follower.ts'
import type { Memory } from './memory.ts'
import type { Watch } from './watch.ts'

export type PlanWindowDeps = {
  readonly engine: Pick<Engine, 'submit'>
  readonly pool: Queryable
  readonly memory: Memory
  readonly facts: FactsView
  readonly follower: Pick<LogFollower, 'listen'>
  readonly now: () => Instant
  readonly wallNow: () => number
  readonly gauge: Watch['gauge']
}
/** What windows came to since the process started. `lost`: somebody was faster, and the order stays where it is. */
export type WindowTally = { readonly lookedAt: number; readonly moved: number; readonly lost: number; readonly saved: number }

/** Orders that are planned together: beyond it what they share grows thin, and the time to plan them long. */
export const TOGETHER_MAX = 100
/** Orders looked at to find them. */
const SEEN_MAX = 1000
const LOOK_MS = 1000
/** So long the process plans in one go before it lets others in. */
const SLICE_MS = 4
const POLICY = { kind: 'policy', id: 'planWindow' } as const

/**
 * The chore that plans open orders of channels with `replanMinutes` again together, before nodes take them up. Modes: waiting → passing
 * (batch after batch over the orders in their window, the oldest first) → waiting, for half of the shortest window, so that each order is
 * looked at before its own ends. Nothing of it is kept: after a crash the next pass starts over, and what was moved is moved.
 */
export class PlanWindowKeeper implements Chore {
  readonly name = 'planWindow'
  readonly everyMs = LOOK_MS
  readonly byBusinessTime = true
  private readonly deps: PlanWindowDeps
  private readonly done = { lookedAt: 0, moved: 0, lost: 0, saved: 0 }
  private nextAt = instant(0)
  /** When the last order that is known of leaves its window; what was received before the process began is not known of until a pass is through. */
  private openUntil = Infinity
  /** Where the pass under way has come to. */
  private after: string | undefined

  constructor(deps: PlanWindowDeps) {
    this.deps = deps
    deps.follower.listen((rows) => this.hear(rows))
  }

  private hear(rows: readonly StoredLogRow[]): void {
    for (const row of rows) {
      if (row.type !== 'order.received') continue
      const minutes = this.deps.memory.channels.get(row.channelId ?? '')?.doc.replanMinutes
      if (minutes !== undefined) this.openUntil = Math.max(this.openUntil, row.recordedAt + minutes * MINUTE)
    }
  }

  /** When the next pass begins that may find an order; unknown where no channel has a window, or no order is in one by then. */
  dueAt(): Instant | undefined {
    return this.windows().length === 0 || this.nextAt > this.openUntil ? undefined : this.nextAt
  }

  get tally(): WindowTally {
    return { ...this.done }
  }

  async runOnce(): Promise<boolean> {
    const windows = this.windows()
    const now = this.deps.now()
    if (windows.length === 0 || (this.after === undefined && now < this.nextAt)) return false
    const minutes = windows.map((one) => one.minutes)
    const from = firstInt8At(this.deps.wallNow() - Math.max(...minutes) * MINUTE)
    const channels = windows.map(({ channelId, minutes: own }): ReplannedChannel => ({
      channelId,
      receivedSince: new Date(now - own * MINUTE),
    }))
    const rows = await ordersInWindow(this.deps.pool, channels, this.after ?? from, SEEN_MAX)
    const open = rows.filter((row) => row.is_open).slice(0, TOGETHER_MAX)
    const isThrough = rows.length < SEEN_MAX && open.at(-1)?.order_id === rows.findLast((row) => row.is_open)?.order_id
    await this.carryOut(await this.find(open), open.length)
    this.after = isThrough ? undefined : (open.length === TOGETHER_MAX ? open : rows).at(-1)?.order_id
    if (isThrough) {
      this.nextAt = instant(now + (Math.min(...minutes) * MINUTE) / 2)
      this.openUntil = this.openUntil === Infinity ? now + Math.max(...minutes) * MINUTE : this.openUntil
    }
    return !isThrough
  }

  private windows(): { readonly channelId: string; readonly minutes: number }[] {
    return [...this.deps.memory.channels].flatMap(([channelId, { doc }]) =>
      doc.replanMinutes === undefined ? [] : [{ channelId, minutes: doc.replanMinutes }],
    )
  }

  /** What would pay; nothing is changed. */
  async find(rows: readonly WindowRow[]): Promise<readonly Improvement[]> {
    const { pool, facts, now } = this.deps
    const keys = rows.map((row) => orderKeyOf(idFromInt8('ord', row.order_id)))
    const read = keys.length < 2 ? [] : await readOrders(pool, keys)
    const orders: Order[] = read.toSorted((a, b) => (a.intake.orderId < b.intake.orderId ? -1 : 1))
    const window = new PlanWindow(orders, facts, now())
    let started = performance.now()
    while (window.lookOn()) {
      if (performance.now() - started < SLICE_MS) continue
      await new Promise((resolve) => setImmediate(resolve))
      started = performance.now()
    }
    this.done.lookedAt += window.size
    return window.improvements
  }

  /** Moves order by order, each decided again on what is there by then; where one of several does not move, those behind it stay. */
  async carryOut(improvements: readonly Improvement[], together: number): Promise<void> {
    for (const { steps } of improvements)
      for (const step of steps) {
        const hasMoved = await this.move(step, together)
        if (hasMoved) this.done.saved += step.before.cost - step.after.cost
        this.done[hasMoved ? 'moved' : 'lost'] += 1
        if (!hasMoved) break
      }
    this.deps.gauge('replannedOrders', this.done.moved)
    this.deps.gauge('replanningsLost', this.done.lost)
    this.deps.gauge('replanningSaved', this.done.saved)
  }

  private async move({ orderId, version, after, makesRoom }: Replanning, together: number): Promise<boolean> {
    const action = { action: 'replan', toNodes: after.nodeIds, costMax: after.cost, makesRoom, together } as const
    const command: ActOnOrder = { kind: 'actOnOrder', orderId, action }
    const outcome = await this.deps.engine.submit(command, { actor: POLICY, lane: 'bulk', expectedVersion: version })
    return outcome.status === 'done' && outcome.value.fresh === true
  }
}
