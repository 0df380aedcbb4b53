import type { Principal } from '../../domain/access/principal.ts'
import { presentEvent } from '../../domain/access/present-event.ts'
import { isEventInScope, type LoggedEvent, viewEvent } from '../../domain/event/logged-event.ts'
import type { LogFollower } from '../../engine/log-follower.ts'
import { encodeCursor } from '../../kernel/cursor.ts'
import { idToInt8, type OrderId } from '../../kernel/ids.ts'
import { done } from '../../kernel/outcome.ts'
import type { Pool } from '../../store/database.ts'
import { type LogFilters, readLog, readLogHeads } from '../../store/log-reads.ts'
import type { StoredLogRow } from '../../store/log-pages.ts'
import type { StreamFilters, StreamMessage, Subscribe } from '../stream.ts'
import { positionsOf } from './event-reads.ts'

type Deps = { readonly pool: Pool; readonly follower: LogFollower }

const CATCH_UP = 500

/**
 * Live streams over the log. A stream listens before it reads what lies behind its cursor, and takes from memory only what comes
 * after what it has read: nothing is skipped, nothing told twice.
 */
export function liveEvents({ pool, follower }: Deps): Subscribe {
  const texts = new SharedTexts()
  return async (principal, filters, after, sink) => {
    const heads = await readLogHeads(pool)
    const from = after === undefined ? done(heads.map((head) => head.position)) : positionsOf(heads, after)
    if (from.status === 'refused') return from
    const stream = new LiveStream(principal, filters, [...from.value], texts)
    let isStopped = false
    let isLive = false
    const waiting: StoredLogRow[] = []
    const unlisten = follower.listen((rows) => {
      if (isLive) sink.deliver(stream.messagesOf(rows as readonly LiveRow[]))
      else if (waiting.length < 100_000) waiting.push(...rows)
    })
    const goLive = async (): Promise<void> => {
      for (const { logShard } of heads) {
        for (let more = true; more && !isStopped;) {
          const page = await readLog(pool, logShard, stream.positions[logShard] ?? 0, CATCH_UP, filtersOf(filters), principal.scope)
          const isTaken = sink.deliver(stream.messagesOf(page.events.map((event) => ({ ...event, logShard }))))
          stream.positions[logShard] = page.upTo
          more = page.upTo < page.head
          if (!isTaken) await sink.drained()
        }
      }
      isLive = true
      sink.deliver(stream.messagesOf(waiting.splice(0) as readonly LiveRow[]))
    }
    goLive().catch(() => sink.end('the log could not be read'))
    const stop = (): void => {
      isStopped = true
      unlisten()
    }
    return done({ position: () => encodeCursor(stream.positions), stop })
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
