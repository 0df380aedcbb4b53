import type { Queryable } from '../store/database.ts'
import { readLogAfter, type LogRow, type StoredLogRow } from '../store/log.ts'
import { readHeads } from '../store/hub-settings.ts'
import type { Committed } from './engine.ts'

const PAGE = 1000

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
  private readonly listeners = new Set<LogListener>()
  private reading: Promise<void> | undefined
  private isAskedAgain = false
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

  /** Hears every event after this moment; returns how to stop. A listener must not throw and must not wait. */
  listen(listener: LogListener): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  /** A batch that this process committed. */
  offer(committed: readonly Committed[]): void {
    for (const { logShard, lastPosition, rows } of committed) {
      const first = lastPosition - rows.length + 1
      if (this.seen[logShard] === first - 1 && this.reading === undefined) {
        this.seen[logShard] = lastPosition
        if (this.listeners.size > 0)
          this.tell(
            rows.map((row, i) => storedOf(row, logShard, first + i)),
            false,
          )
      } else this.wake()
    }
  }

  /** Reads what is new; many wake-ups become one reading. */
  wake(): void {
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
      for (;;) {
        const rows = await readLogAfter(this.pool, logShard, this.seen[logShard] ?? 0, PAGE)
        const last = rows.at(-1)
        if (last === undefined) break
        this.seen[logShard] = last.position
        this.tell(rows, true)
        if (rows.length < PAGE) break
      }
    }
  }

  private tell(rows: readonly StoredLogRow[], isRead: boolean): void {
    for (const listener of this.listeners) listener(rows, isRead)
  }
}

function storedOf(row: LogRow, logShard: number, position: number): StoredLogRow {
  return { ...row, logShard, position, actor: JSON.parse(row.actor), data: JSON.parse(row.data) }
}
