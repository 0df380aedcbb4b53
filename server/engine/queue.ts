import { Fault } from '../kernel/fault.ts'
import { type Attempt, type Lane, lanes } from './command.ts'

/** Of each batch, at least this share goes to the lane when it has work waiting. */
const SHARE: Record<Lane, number> = { interactive: 0.6, bulk: 0.3, clock: 0.1 }

/** A first-in first-out list without the cost of Array.shift. */
class Fifo<T> {
  private items: (T | undefined)[] = []
  private head = 0

  get length(): number {
    return this.items.length - this.head
  }

  push(item: T): void {
    this.items.push(item)
  }

  /** Puts items back at the front, first one first. */
  unshift(items: readonly T[]): void {
    this.items = [...items, ...this.items.slice(this.head)]
    this.head = 0
  }

  take(): T | undefined {
    if (this.head >= this.items.length) return undefined
    const item = this.items[this.head]
    this.items[this.head] = undefined
    this.head += 1
    if (this.head > 1024 && this.head * 2 > this.items.length) {
      this.items = this.items.slice(this.head)
      this.head = 0
    }
    return item
  }
}

/**
 * Commands of one family that wait to be decided, a list a lane, each with its limit: a full list answers `overloaded`
 * to people, and bulk senders wait for room instead.
 */
export class CommandQueue {
  private readonly waiting: Record<Lane, Fifo<Attempt>> = { interactive: new Fifo(), bulk: new Fifo(), clock: new Fifo() }
  private roomWaiters: (() => void)[] = []
  private readonly limit: number

  constructor(limit: number) {
    this.limit = limit
  }

  get length(): number {
    return this.waiting.interactive.length + this.waiting.bulk.length + this.waiting.clock.length
  }

  depth(lane: Lane): number {
    return this.waiting[lane].length
  }

  hasRoom(lane: Lane): boolean {
    return this.waiting[lane].length < this.limit
  }

  put(attempt: Attempt): void {
    const lane = attempt.context.lane
    if (!this.hasRoom(lane))
      throw new Fault('overloaded', `${this.limit} commands wait already; expected fewer`, 'later', { retryAfterSeconds: 1 })
    this.waiting[lane].push(attempt)
  }

  /** Resolves when the lane has room again. */
  room(lane: Lane): Promise<void> {
    if (this.hasRoom(lane)) return Promise.resolve()
    return new Promise((resolve) => this.roomWaiters.push(resolve))
  }

  /** Puts attempts back in front of their lanes: they were taken out of a batch and lead the next. */
  putBack(attempts: readonly Attempt[]): void {
    for (const lane of lanes) {
      const mine = attempts.filter((attempt) => attempt.context.lane === lane)
      if (mine.length > 0) this.waiting[lane].unshift(mine)
    }
  }

  /** Up to `max` attempts: each lane its share first, then whatever room is left by urgency. */
  take(max: number): Attempt[] {
    const taken: Attempt[] = []
    for (const lane of lanes) this.drain(lane, Math.max(1, Math.floor(max * SHARE[lane])), max, taken)
    for (const lane of lanes) this.drain(lane, max, max, taken)
    if (this.roomWaiters.length > 0) {
      const waiters = this.roomWaiters
      this.roomWaiters = []
      for (const wake of waiters) wake()
    }
    return taken
  }

  private drain(lane: Lane, count: number, max: number, into: Attempt[]): void {
    for (let i = 0; i < count && into.length < max; i++) {
      const attempt = this.waiting[lane].take()
      if (attempt === undefined) return
      into.push(attempt)
    }
  }
}
