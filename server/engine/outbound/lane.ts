import { judgeAnswer, saysGone, type Answer } from '../../domain/outbound/answer.ts'
import { waitAfter } from '../../domain/outbound/backoff.ts'
import { afterFailure, type Breaker, healthy, isBlocked, windowOf } from '../../domain/outbound/breaker.ts'
import { encodeCursor } from '../../kernel/cursor.ts'
import { idFromInt8 } from '../../kernel/ids.ts'
import { instant } from '../../kernel/time.ts'
import type { Delivery } from '../../store/deliveries.ts'
import type { LogPage } from '../../store/log-reads.ts'
import type { PlacedEvent, PlacedTarget, Target } from './target.ts'

/** Events that wait in memory; beyond, the lane lets go of the live log and reads it later. */
const QUEUE_MAX = 1000
const PAGE = 500

/** What became of an attempt; `deliveryId` is there when it was one of a delivery noted before. */
export type Tried = Omit<Delivery, 'deliveryId'> & { readonly deliveryId: Delivery['deliveryId'] | undefined }

export type LaneDeps = {
  readonly wallNow: () => number
  /** From 0 to below 1. */
  readonly dice: () => number
  /** What the live log has told so far. */
  readonly livePositions: () => readonly number[]
  readonly read: (target: Target, logShard: number, after: number, limit: number) => Promise<LogPage>
  readonly onTried: (tried: Tried) => void
  readonly onGone: (target: Target) => void
  readonly onRest: (subscription: string, breaker: Breaker) => void
  readonly onDefect: (error: unknown) => void
}

type Job = { readonly event: PlacedEvent; readonly delivery: Delivery | undefined }

/**
 * The way of events to one target; lanes share nothing, so a dead target holds up its own events alone.
 * A message that fails leaves the lane and waits among the deliveries; when the target itself fails (breaker), the lane stands and the
 * log is its queue.
 *
 * Modes: behind (reads pages of the log) ⇄ live (is told by the follower). Invariant: every event up to `taken` is queued, under way,
 * or was given to `onTried` or filtered out.
 */
export class Lane {
  target: Target
  readonly subscription: string
  readonly generation: number
  private readonly deps: LaneDeps
  private readonly taken: number[]
  private readonly underWay = new Set<Job>()
  private queue: PlacedEvent[] = []
  private readonly retries: Job[] = []
  private currentBreaker: Breaker
  private isLive = false
  /** The target as it was when it said that it is gone; one that was changed or resumed since is another object. */
  private goneTarget: Target | undefined
  private isReading = false
  private isEnded = false

  constructor({ target, place }: PlacedTarget, deps: LaneDeps) {
    this.target = target
    this.subscription = target.subscription
    this.generation = place.generation
    this.taken = [...place.positions]
    this.currentBreaker = place.blockedUntil > deps.wallNow() ? { failures: 1, blockedUntil: place.blockedUntil } : healthy
    this.deps = deps
  }

  get breaker(): Breaker {
    return this.currentBreaker
  }

  /** Messages under way. */
  get load(): number {
    return this.underWay.size
  }

  /** Hears rows of the live log. */
  offer(rows: readonly PlacedEvent[]): void {
    if (!this.isLive || this.isEnded) return
    for (const event of rows) {
      if (event.position <= (this.taken[event.logShard] ?? 0)) continue
      if (this.queue.length >= QUEUE_MAX) {
        this.isLive = false
        return
      }
      this.taken[event.logShard] = event.position
      if (this.target.wants(event)) this.queue.push(event)
    }
  }

  /** Takes up deliveries whose next attempt is due. */
  retry(delivery: Delivery, event: PlacedEvent): void {
    this.retries.push({ event, delivery })
  }

  /** Whether retries may be given: a target that rests or is paused gets none. */
  get isOpen(): boolean {
    return !this.isEnded && !this.target.isPaused && this.target !== this.goneTarget && !isBlocked(this.currentBreaker, this.deps.wallNow())
  }

  /** Reads on while the lane is behind the live log and has room; whether it read anything. */
  async refill(): Promise<boolean> {
    if (this.isLive || this.isReading || this.isEnded || this.queue.length > QUEUE_MAX - PAGE) return false
    this.isReading = true
    try {
      for (const logShard of this.taken.keys()) {
        const page = await this.deps.read(this.target, logShard, this.taken[logShard] ?? 0, PAGE)
        for (const event of page.events) {
          const placed = { ...event, logShard }
          if (this.target.wants(placed)) this.queue.push(placed)
        }
        this.taken[logShard] = page.upTo
      }
      const live = this.deps.livePositions()
      this.isLive = this.taken.every((position, logShard) => position >= (live[logShard] ?? 0))
      return true
    } finally {
      this.isReading = false
    }
  }

  /** Starts one message if it may; false when there is none, or the window is full, or the target rests. */
  sendOne(): boolean {
    if (!this.isOpen || this.underWay.size >= windowOf(this.currentBreaker, this.target.window)) return false
    const job = this.nextJob()
    if (job === undefined) return false
    this.underWay.add(job)
    const startedAt = this.deps.wallNow()
    const { target } = this
    target
      .send(job.event, this.cursorBehind(job.event))
      .catch((error: unknown): Answer => ({ kind: 'silent', problem: String(error) }))
      .then((answer) => {
        this.finish(job, answer, startedAt)
        if (saysGone(answer)) this.giveUp(target)
      })
      .catch(this.deps.onDefect)
    return true
  }

  /** Takes nothing more; what is under way may end. The retries that were not begun. */
  end(): readonly Delivery[] {
    this.isEnded = true
    this.queue = []
    return this.retries.splice(0).flatMap(({ delivery }) => delivery ?? [])
  }

  /** Up to where everything was dealt with. */
  get positions(): readonly number[] {
    const positions = [...this.taken]
    const lower = ({ logShard, position }: PlacedEvent): void => {
      if (position <= (positions[logShard] ?? 0)) positions[logShard] = position - 1
    }
    for (const job of this.underWay) if (job.delivery === undefined) lower(job.event)
    for (const event of this.queue) lower(event)
    return positions
  }

  private nextJob(): Job | undefined {
    const retry = this.retries.shift()
    if (retry !== undefined) return retry
    for (;;) {
      const event = this.queue.shift()
      // Looked at again: filter or scope may be narrower than when it was queued.
      if (event === undefined || this.target.wants(event)) return event === undefined ? undefined : { event, delivery: undefined }
    }
  }

  private cursorBehind(event: PlacedEvent): string {
    const positions = this.taken.length === 1 ? [event.position] : [...this.positions]
    positions[event.logShard] = event.position
    return encodeCursor(positions)
  }

  private finish(job: Job, answer: Answer, startedAt: number): void {
    const { event, delivery } = job
    this.underWay.delete(job)
    const now = this.deps.wallNow()
    const verdict = judgeAnswer(answer)
    const attempts = (delivery?.attempts ?? 0) + 1
    const wait = verdict.kind === 'later' ? waitAfter(attempts, this.deps.dice()) : undefined
    const nextAt =
      wait === undefined ? undefined : instant(now + Math.max(wait, verdict.kind === 'later' ? (verdict.retryAfterMs ?? 0) : 0))
    this.notice(verdict.kind === 'later' ? (verdict.retryAfterMs ?? 0) : undefined, now)
    this.deps.onTried({
      deliveryId: delivery?.deliveryId,
      subscription: this.subscription,
      logShard: event.logShard,
      position: event.position,
      type: event.type,
      orderId: event.orderId === null ? undefined : idFromInt8('ord', event.orderId),
      state: verdict.kind === 'delivered' ? 'delivered' : nextAt === undefined ? 'dead' : 'waiting',
      attempts,
      answer: answer.kind === 'answered' ? answer.status : undefined,
      problem: verdict.kind === 'delivered' ? undefined : verdict.problem,
      tookMs: Math.max(0, now - startedAt),
      triedAt: instant(startedAt),
      nextAt,
    })
  }

  private giveUp(target: Target): void {
    if (target.gone === undefined || target === this.goneTarget) return
    this.goneTarget = target
    this.deps.onGone(target)
  }

  /** `pauseMs` is undefined when the target answered for good, well or badly: it is there. */
  private notice(pauseMs: number | undefined, now: number): void {
    if (pauseMs === undefined) {
      this.currentBreaker = healthy
      return
    }
    const wasResting = isBlocked(this.currentBreaker, now)
    this.currentBreaker = afterFailure(this.currentBreaker, now, this.deps.dice(), pauseMs)
    if (!wasResting && isBlocked(this.currentBreaker, now)) this.deps.onRest(this.subscription, this.currentBreaker)
  }
}
