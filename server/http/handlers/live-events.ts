import type { Principal } from '../../domain/access/principal.ts'
import { presentEvent } from '../../domain/access/present-event.ts'
import { isEventInScope, type LoggedEvent, viewEvent } from '../../domain/event/logged-event.ts'
import type { LogFollower } from '../../engine/log-follower.ts'
import { encodeCursor } from '../../kernel/cursor.ts'
import { idToInt8, type OrderId } from '../../kernel/ids.ts'
import { done } from '../../kernel/outcome.ts'
import type { Pool } from '../../store/database.ts'
import { type LogFilters, readLog, readLogHeads } from '../../store/log-reads.ts'
import type { StreamFilters, StreamMessage, StreamSink, Subscribe } from '../stream.ts'
import { positionsOf } from './event-reads.ts'

type Deps = { readonly pool: Pool; readonly follower: LogFollower; readonly waitingMax?: number }

const CATCH_UP = 500
/** Rows told in one go: a batch of many thousand events is one turn of the loop, and what a turn writes leaves only after it. */
const TOLD = 64
/** Rows that may wait in memory for a client that is busy. Beyond, they are read from the log again once it has caught up. */
const WAITING_MAX = 10_000

/**
 * Live streams over the log. A stream listens before it reads what lies behind its cursor, and takes from memory only what comes
 * after what it has read: nothing is skipped, nothing told twice. A burst is told at the client's own pace.
 */
export function liveEvents({ pool, follower, waitingMax = WAITING_MAX }: Deps): Subscribe {
  const texts = new SharedTexts()
  return async (principal, filters, after, sink) => {
    const heads = await readLogHeads(pool)
    const from = after === undefined ? done(heads.map((head) => head.position)) : positionsOf(heads, after)
    if (from.status === 'refused') return from
    const stream = new LiveStream(principal, filters, [...from.value], texts)
    const readBehind = async (isStopped: () => boolean): Promise<void> => {
      for (const { logShard } of heads) {
        for (let more = true; more && !isStopped();) {
          const page = await readLog(pool, logShard, stream.positions[logShard] ?? 0, CATCH_UP, filtersOf(filters), principal.scope)
          for (let told = 0; told < page.events.length && !isStopped(); told += TOLD) {
            const rows = page.events.slice(told, told + TOLD).map((event) => ({ ...event, logShard }))
            if (!sink.deliver(stream.messagesOf(rows))) await sink.drained()
          }
          stream.positions[logShard] = page.upTo
          more = page.upTo < page.head
        }
      }
    }
    const pace = new Pace(stream, sink, readBehind, waitingMax)
    const unlisten = follower.listen((rows) => pace.take(rows as readonly LiveRow[]))
    pace.start()
    const stop = (): void => {
      pace.stop()
      unlisten()
    }
    return done({ position: () => encodeCursor(stream.positions), stop })
  }
}

/**
 * Tells one client what the log says as fast as it takes it. Modes: behind (reads the log) → waiting (tells what came meanwhile) → live
 * (tells at once) → waiting or, when too much waits, behind again; stopped from each.
 */
class Pace {
  private readonly stream: LiveStream
  private readonly sink: StreamSink
  private readonly readBehind: (isStopped: () => boolean) => Promise<void>
  private waiting: LiveRow[] = []
  private mode: 'behind' | 'waiting' | 'live' | 'stopped' = 'behind'
  private isTooMuch = false
  private readonly waitingMax: number

  constructor(stream: LiveStream, sink: StreamSink, readBehind: (isStopped: () => boolean) => Promise<void>, waitingMax: number) {
    this.stream = stream
    this.sink = sink
    this.readBehind = readBehind
    this.waitingMax = waitingMax
  }

  take(rows: readonly LiveRow[]): void {
    if (this.mode === 'stopped') return
    let told = 0
    while (this.mode === 'live' && told < rows.length) {
      const isTaken = this.sink.deliver(this.stream.messagesOf(rows.slice(told, told + TOLD)))
      told += TOLD
      if (!isTaken) this.wait()
    }
    if (told >= rows.length || this.isTooMuch) return
    for (let i = told; i < rows.length; i++) this.waiting.push(rows[i] as LiveRow)
    if (this.waiting.length <= this.waitingMax) return
    this.waiting = []
    this.isTooMuch = true
  }

  start(): void {
    this.run().catch(() => this.sink.end('the log could not be read'))
  }

  stop(): void {
    this.mode = 'stopped'
    this.waiting = []
  }

  private wait(): void {
    if (this.mode !== 'live') return
    this.mode = 'waiting'
    this.sink
      .drained()
      .then(() => this.run())
      .catch(() => this.sink.end('the log could not be read'))
  }

  private async run(): Promise<void> {
    const isStopped = (): boolean => this.mode === 'stopped'
    while (!isStopped()) {
      if (this.mode === 'behind' || this.isTooMuch) {
        this.mode = 'behind'
        this.isTooMuch = false
        await this.readBehind(isStopped)
        if (!isStopped()) this.mode = 'waiting'
        continue
      }
      const rows = this.waiting.splice(0, TOLD)
      if (rows.length === 0) {
        this.mode = 'live'
        return
      }
      if (!this.sink.deliver(this.stream.messagesOf(rows))) await this.sink.drained()
    }
  }
}

type LiveRow = LoggedEvent & { readonly logShard: number }

/** What one client has seen, and what of new rows it is told. */
class LiveStream {
  readonly positions: number[]
  private readonly principal: Principal
  private readonly filters: StreamFilters
  private readonly orderId: string | undefined
  private readonly texts: SharedTexts
  private readonly rights: string

  constructor(principal: Principal, filters: StreamFilters, positions: number[], texts: SharedTexts) {
    this.texts = texts
    this.rights = JSON.stringify([principal.role, principal.scope])
    this.principal = principal
    this.filters = filters
    this.positions = positions
    this.orderId = filters.orderId === undefined ? undefined : idToInt8(filters.orderId as OrderId)
  }

  messagesOf(rows: readonly LiveRow[]): StreamMessage[] {
    const messages: StreamMessage[] = []
    for (const row of rows) {
      if (row.position <= (this.positions[row.logShard] ?? 0)) continue
      this.positions[row.logShard] = row.position
      if (!this.isWanted(row) || !isEventInScope(this.principal.scope, row)) continue
      messages.push(this.texts.of(row, this.positions, this.principal, this.rights))
    }
    return messages
  }

  private isWanted(row: LiveRow): boolean {
    const { types, channelId, nodeId } = this.filters
    if (types !== undefined && !types.includes(row.type)) return false
    if (this.orderId !== undefined && row.orderId !== this.orderId) return false
    if (channelId !== undefined && row.channelId !== channelId) return false
    return nodeId === undefined || row.nodeIds?.includes(nodeId) === true
  }
}

/** Clients of one role and scope that stand at one place are told the same text, made once an event: 500 of them cost what one did. */
class SharedTexts {
  private readonly messages = new WeakMap<LiveRow, Map<string, StreamMessage>>()

  of(row: LiveRow, positions: readonly number[], principal: Principal, rights: string): StreamMessage {
    let ofRow = this.messages.get(row)
    if (ofRow === undefined) this.messages.set(row, (ofRow = new Map()))
    // With one log shard the place is the row's own.
    const key = positions.length === 1 ? rights : `${positions.join(' ')} ${rights}`
    let message = ofRow.get(key)
    if (message === undefined) {
      const cursor = encodeCursor(positions)
      message = { cursor, type: row.type, json: JSON.stringify(presentEvent(principal, viewEvent(row, cursor))) }
      ofRow.set(key, message)
    }
    return message
  }
}

function filtersOf({ types, orderId, channelId, nodeId }: StreamFilters): LogFilters {
  return { types, channelId, nodeId, orderId: orderId === undefined ? undefined : idToInt8(orderId as OrderId) }
}
