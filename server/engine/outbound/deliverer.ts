import type { Breaker } from '../../domain/outbound/breaker.ts'
import type { IdSource } from '../../kernel/ids.ts'
import { instant } from '../../kernel/time.ts'
import { type Client, type Pool, transaction } from '../../store/database.ts'
import { type Delivery, keepDeliveryPartitions, readDueDeliveries, recordDeliveries } from '../../store/deliveries.ts'
import { readLog, readLogAt } from '../../store/log-reads.ts'
import { takeFollowersSeat } from '../../store/seat.ts'
import { moveSubscriptions } from '../../store/subscriptions.ts'
import type { Chore } from '../chores.ts'
import type { LogFollower } from '../log-follower.ts'
import { Lane, type LaneDeps, type Tried } from './lane.ts'
import type { PlacedEvent, PlacedTarget, Target, TargetSource } from './target.ts'

const EVERY_MS = 500
const PARTITIONS_MS = 3_600_000
/** Notes are written this long after the first one came, so that many share a transaction, ms. */
const NOTE_MS = 100
/** Attempts that may wait to be noted; beyond, nothing is sent. */
const NOTES_MAX = 5000
/** Messages started before anything else gets a turn: 64 take about 6 ms. */
const TURN = 64
const RETRIES_EACH = 20
/** How often a process that stands by asks for the seat. */
const SEAT_MS = 5000

export type DelivererDeps = {
  readonly pool: Pool
  readonly follower: LogFollower
  readonly ids: IdSource
  readonly wallNow: () => number
  readonly dice: () => number
  /** A session of its own, which holds the seat. */
  readonly connect: (onLost: () => void) => Promise<Client>
  readonly sources: readonly TargetSource[]
  readonly keptDays: number
  readonly warn: (data: object, message: string) => void
  readonly observe: (tookMs: number, state: Delivery['state']) => void
}

/**
 * Sends the log on to all targets, each by a lane of its own. One process of a hub does it, the one that holds the seat.
 * At least once: cursors are written in the transaction that notes what was sent, and never pass an event that is still under way.
 *
 * Modes: standing by → seated → stopped; a lost session of the seat leads back to standing by.
 */
export class Deliverer implements Chore {
  readonly name = 'outbound'
  readonly everyMs = EVERY_MS
  private readonly deps: DelivererDeps
  private readonly laneDeps: LaneDeps
  private readonly lanes = new Map<string, Lane>()
  private readonly beingRetried = new Set<string>()
  private notes: Delivery[] = []
  private seat: Client | undefined
  private unlisten: (() => void) | undefined
  private turn: NodeJS.Immediate | undefined
  private noteTimer: NodeJS.Timeout | undefined
  private flushing: Promise<void> | undefined
  /** What was last written of each cursor. */
  private written: ReadonlyMap<string, string> = new Map()
  private running: Promise<void> = Promise.resolve()
  private seatAskedAt = -Infinity
  private partitionsAt = -Infinity
  private isStopped = false

  constructor(deps: DelivererDeps) {
    this.deps = deps
    this.laneDeps = {
      wallNow: deps.wallNow,
      dice: deps.dice,
      livePositions: () => deps.follower.positions,
      read: (target, logShard, after, limit) => readLog(deps.pool, logShard, after, limit, { types: target.types }, target.scope),
      onTried: (tried) => this.note(tried),
      onGone: (target) => void this.giveUp(target),
      onRest: (subscription, breaker) => this.tellRest(subscription, breaker),
      onDefect: (error) => deps.warn({ error: String(error) }, 'what became of a message could not be noted'),
    }
  }

  /** Takes the seat if it is free, looks at targets and what is due, and notes what was done; one turn after the other. */
  async runOnce(): Promise<void> {
    const turn = this.running.catch(() => undefined).then(() => this.takeTurn())
    this.running = turn
    await turn
  }

  private async takeTurn(): Promise<void> {
    if (this.isStopped || !(await this.isSeated())) return
    if (this.deps.wallNow() - this.partitionsAt > PARTITIONS_MS) {
      await keepDeliveryPartitions(this.deps.pool, this.deps.wallNow(), this.deps.keptDays)
      this.partitionsAt = this.deps.wallNow()
    }
    await this.reload()
    await this.takeDue()
    this.pump()
    await this.flush()
  }

  /** Looks at once, because a target was made or changed here; errors come up at the chore's own turn. */
  hurry(): void {
    this.runOnce().catch(() => undefined)
  }

  /** Starts nothing more, waits for what is under way at most `msMax`, notes it and gives the seat back. */
  async stop(msMax = 3000): Promise<void> {
    this.isStopped = true
    this.unlisten?.()
    await this.running.catch(() => undefined)
    if (this.turn !== undefined) clearImmediate(this.turn)
    for (let waited = 0; this.load > 0 && waited < msMax; waited += 20) await pause(20)
    clearTimeout(this.noteTimer)
    await this.flush().catch(() => undefined) // what is not noted is sent again
    const { seat } = this
    this.seat = undefined
    await seat?.end()
  }

  private get load(): number {
    let load = 0
    for (const lane of this.lanes.values()) load += lane.load
    return load
  }

  private async isSeated(): Promise<boolean> {
    if (this.seat !== undefined) return true
    if (this.deps.wallNow() - this.seatAskedAt < SEAT_MS) return false
    this.seatAskedAt = this.deps.wallNow()
    const client = await this.deps.connect(() => this.leave(client))
    if (this.isStopped || !(await takeFollowersSeat(client))) {
      await client.end()
      return false
    }
    this.seat = client
    this.unlisten = this.deps.follower.listen((rows) => {
      for (const lane of this.lanes.values()) lane.offer(rows as readonly PlacedEvent[])
      this.soon()
    })
    return true
  }

  /** The session of the seat is gone, and the seat with it: another process may have it now. */
  private leave(client: Client): void {
    if (this.seat !== client) return
    this.seat = undefined
    this.unlisten?.()
    for (const lane of this.lanes.values()) lane.end()
    this.lanes.clear()
    this.beingRetried.clear()
  }

  private async reload(): Promise<void> {
    const found = new Map<string, PlacedTarget>()
    for (const source of this.deps.sources) for (const one of await source()) found.set(one.target.subscription, one)
    for (const [subscription, lane] of this.lanes) {
      const now = found.get(subscription)
      if (now?.place.state === 'live' && now.place.generation === lane.generation) lane.target = now.target
      else {
        for (const { deliveryId } of lane.end()) this.beingRetried.delete(deliveryId)
        this.lanes.delete(subscription)
      }
    }
    for (const [subscription, one] of found)
      if (one.place.state === 'live' && !this.lanes.has(subscription)) this.lanes.set(subscription, new Lane(one, this.laneDeps))
  }

  private async takeDue(): Promise<void> {
    const open = [...this.lanes.values()].filter((lane) => lane.isOpen).map((lane) => lane.subscription)
    if (open.length === 0) return
    const found = await readDueDeliveries(this.deps.pool, open, instant(this.deps.wallNow()), RETRIES_EACH)
    const due = found.filter((delivery) => !this.beingRetried.has(delivery.deliveryId))
    if (due.length === 0) return
    const events = new Map((await readLogAt(this.deps.pool, due)).map((event) => [`${event.logShard}-${event.position}`, event]))
    for (const delivery of due) {
      const lane = this.lanes.get(delivery.subscription)
      const event = events.get(`${delivery.logShard}-${delivery.position}`)
      if (lane === undefined) continue
      this.beingRetried.add(delivery.deliveryId)
      if (event === undefined) this.keep({ ...delivery, state: 'dead', problem: 'the event is archived', nextAt: undefined })
      else if (!lane.target.wants(event)) this.keep({ ...delivery, state: 'dead', problem: 'no longer wanted', nextAt: undefined })
      else lane.retry(delivery, event)
    }
  }

  private soon(): void {
    if (this.isStopped || this.turn !== undefined) return
    this.turn = setImmediate(() => {
      this.turn = undefined
      this.pump()
    })
  }

  /** Starts messages, lane by lane in turn, and lets lanes that are behind read on. */
  private pump(): void {
    if (this.isStopped || this.seat === undefined) return
    let room = this.notes.length >= NOTES_MAX ? 0 : TURN
    for (let isBusy = true; isBusy && room > 0;) {
      isBusy = false
      for (const lane of this.lanes.values()) {
        if (room <= 0 || !lane.sendOne()) continue
        isBusy = true
        room -= 1
      }
    }
    if (room === 0 && this.notes.length < NOTES_MAX) this.soon()
    for (const lane of this.lanes.values())
      if (lane.isOpen)
        lane.refill().then(
          (didRead) => didRead && this.soon(),
          () => undefined, // read again at the next turn; the database says itself what is wrong with it
        )
  }

  private note(tried: Tried): void {
    this.deps.observe(tried.tookMs, tried.state)
    this.keep({ ...tried, deliveryId: tried.deliveryId ?? this.deps.ids.next('dlv', 0) })
    this.soon()
  }

  private keep(delivery: Delivery): void {
    this.notes.push(delivery)
    this.noteTimer ??= setTimeout(() => {
      this.noteTimer = undefined
      this.flush().catch(() => undefined) // the notes are kept and written at the chore's next turn
    }, NOTE_MS)
  }

  private async flush(): Promise<void> {
    while (this.flushing !== undefined) await this.flushing.catch(() => undefined)
    this.flushing = this.write().finally(() => (this.flushing = undefined))
    await this.flushing
  }

  /** Notes and cursors are taken at one moment: a cursor never passes what is not noted. */
  private async write(): Promise<void> {
    const notes = this.notes.splice(0)
    const moved = [...this.lanes.values()].map((lane) => ({
      subscription: lane.subscription,
      generation: lane.generation,
      positions: lane.positions,
      blockedUntil: Math.round(lane.breaker.blockedUntil),
    }))
    const changed = moved.filter((one) => this.written.get(one.subscription) !== JSON.stringify(one))
    if (notes.length === 0 && changed.length === 0) return
    try {
      await transaction(this.deps.pool, async (client) => {
        if (notes.length > 0) await recordDeliveries(client, notes)
        if (changed.length > 0) await moveSubscriptions(client, changed, instant(this.deps.wallNow()))
      })
    } catch (error) {
      this.notes = [...notes, ...this.notes]
      throw error
    }
    for (const { deliveryId } of notes) this.beingRetried.delete(deliveryId)
    this.written = new Map(moved.map((one) => [one.subscription, JSON.stringify(one)]))
  }

  private async giveUp(target: Target): Promise<void> {
    const { subscription } = target
    const wasWanted = await target.gone?.().catch(() => false) // it says so again at the next message
    if (wasWanted === true)
      this.deps.warn({ subscription }, 'a target says that it is gone (410); nothing more is sent there until somebody resumes it')
  }

  private tellRest(subscription: string, breaker: Breaker): void {
    const until = new Date(breaker.blockedUntil).toISOString()
    this.deps.warn({ subscription, failures: breaker.failures, until }, 'a target does not answer and rests; its events wait in the log')
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
