import type { Queryable } from '../store/database.ts'
import type { LogRow } from '../store/log.ts'
import { readLogPages, type StoredLogRow } from '../store/log-pages.ts'
import { readHeads } from '../store/hub-settings.ts'
import type { Committed } from './transaction.ts'

const PAGE = 1000

export type LogInterest = 'all' | 'read'
/** `isRead`: the rows were read from the log, so some are another process's; otherwise all are a batch of this one. */
export type LogListener = (rows: readonly StoredLogRow[], isRead: boolean) => void

/**
 * Follows the log of one hub process in order, each position once. Batches of this process come straight from memory;
 * whatever another process wrote in between is read from the log. A wake-up only says "look": nothing depends on its arrival.
 *
 * Modes: idle → reading → idle. `seen` moves only forward.
 */
export class LogFollower {
  private readonly pool: Queryable
  private readonly seen: number[]
  private readonly listeners = new Map<LogListener, LogInterest>()
  private reading: Promise<void> | undefined
  private isAskedAgain = false
  private isStopped = false
  private readonly onError: (error: unknown) => void

  private constructor(pool: Queryable, seen: number[], onError: (error: unknown) => void) {
    this.pool = pool
    this.seen = seen
    this.onError = onError
  }

  /** Starts at the heads as they are now: read them before the state that is to be kept up to date. */
  static async open(pool: Queryable, onError: (error: unknown) => void): Promise<LogFollower> {
    const heads = await readHeads(pool)
    return new LogFollower(
      pool,
      heads.map((row) => Number(row.position)),
      onError,
    )
  }

  get positions(): readonly number[] {
    return this.seen
  }

  /**
   * Hears every event after this moment, or only those read from the log, because what this process wrote needs no telling
   * (and no parsing while nobody streams). Returns how to stop. A listener must not throw and must not wait.
   */
  listen(listener: LogListener, interest: LogInterest = 'all'): () => void {
    this.listeners.set(listener, interest)
    return () => this.listeners.delete(listener)
  }

  /** A batch that this process committed. */
  offer(committed: readonly Committed[]): void {
    for (const { logShard, lastPosition, rows } of committed) {
      const first = lastPosition - rows.length + 1
      if (this.seen[logShard] === first - 1 && this.reading === undefined) {
        this.seen[logShard] = lastPosition
        if (this.isOwnWorkWanted())
          this.tell(
            rows.map((row, i) => new OwnRow(row, logShard, first + i)),
            false,
          )
      } else this.wake()
    }
  }

  /** Tells nobody anything more; a reading under way comes to its end. */
  async stop(): Promise<void> {
    this.isStopped = true
    await this.reading
  }

  /** Reads what is new; many wake-ups become one reading. */
  wake(): void {
    if (this.isStopped) return
    if (this.reading !== undefined) {
      this.isAskedAgain = true
      return
    }
    this.reading = this.catchUp()
      .catch(this.onError)
      .finally(() => {
        this.reading = undefined
        if (this.isAskedAgain) {
          this.isAskedAgain = false
          this.wake()
        }
      })
  }

  /** Resolves when everything committed before the call was told. */
  async settled(): Promise<void> {
    this.wake()
    while (this.reading !== undefined) await this.reading
  }

  private async catchUp(): Promise<void> {
    for (let logShard = 0; logShard < this.seen.length; logShard++) {
      for await (const rows of readLogPages(this.pool, logShard, this.seen[logShard] ?? 0, PAGE)) {
        this.seen[logShard] = rows.at(-1)?.position ?? 0
        this.tell(rows, true)
      }
    }
  }

  private isOwnWorkWanted(): boolean {
    for (const interest of this.listeners.values()) if (interest === 'all') return true
    return false
  }

  private tell(rows: readonly StoredLogRow[], isRead: boolean): void {
    for (const [listener, interest] of this.listeners) if (isRead || interest === 'all') listener(rows, isRead)
  }
}

/** A row of this process's own batch as if it had been read: JSON whose value is not at hand is parsed when somebody looks. */
class OwnRow implements StoredLogRow {
  readonly logShard: number
  readonly position: number
  private readonly row: LogRow
  private parsedData: unknown
  private parsedActor: unknown

  constructor(row: LogRow, logShard: number, position: number) {
    this.row = row
    this.logShard = logShard
    this.position = position
  }

  get data(): unknown {
    return (this.parsedData ??= this.row.said ?? JSON.parse(this.row.data))
  }
  get actor(): unknown {
    return (this.parsedActor ??= JSON.parse(this.row.actor))
  }
  get type() {
    return this.row.type
  }
  get version() {
    return this.row.version
  }
  get subjectKind() {
    return this.row.subjectKind
  }
  get subjectId() {
    return this.row.subjectId
  }
  get subjectVersion() {
    return this.row.subjectVersion
  }
  get shard() {
    return this.row.shard
  }
  get orderId() {
    return this.row.orderId
  }
  get channelId() {
    return this.row.channelId
  }
  get nodeIds() {
    return this.row.nodeIds
  }
  get carrierIds() {
    return this.row.carrierIds ?? null
  }
  get customerRef() {
    return this.row.customerRef
  }
  get accountId() {
    return this.row.accountId
  }
  get occurredAt() {
    return this.row.occurredAt
  }
  get recordedAt() {
    return this.row.recordedAt
  }
  get cause() {
    return this.row.cause
  }
  get traceId() {
    return this.row.traceId
  }
}
