import type { Event } from '../../../contract/events.ts'
import { presentEvent } from '../../domain/access/present-event.ts'
import { isEventInScope, viewEvent } from '../../domain/event/logged-event.ts'
import { decodeCursor, encodeCursor } from '../../kernel/cursor.ts'
import { idToInt8, parseId, shardOfId } from '../../kernel/ids.ts'
import { done, type Outcome, refuse } from '../../kernel/outcome.ts'
import { type LogFilters, type LogHead, readLog, readLogHeads } from '../../store/log-reads.ts'
import type { Queryable } from '../../store/database.ts'
import type { Handlers } from '../handler.ts'
import type { ReadDeps } from './read-deps.ts'

/** The log, page by page. */
export function eventReadHandlers(deps: ReadDeps): Pick<Handlers, 'event.list'> {
  return {
    'event.list': async ({ principal }, { query }) => {
      const heads = await readLogHeads(deps.pool)
      const from = positionsOf(heads, query.after)
      if (from.status === 'refused') return from
      const positions = [...from.value]
      const limit = query.limit ?? 100
      const orderId = query.orderId === undefined ? undefined : parseId('ord', query.orderId)
      const filters: LogFilters = {
        types: query.types,
        channelId: query.channelId,
        nodeId: query.nodeId,
        orderId: orderId === undefined ? undefined : idToInt8(orderId),
      }
      const asked = orderId === undefined ? heads : heads.filter((head) => head.logShard === shardOfId(orderId) % heads.length)
      const share = Math.ceil(limit / asked.length)
      const events: Event[] = []
      let more = false
      for (const { logShard } of asked) {
        const room = Math.min(share, limit - events.length)
        if (room <= 0) {
          more = true
          break
        }
        const page = await readLog(deps.pool, logShard, positions[logShard] ?? 0, room, filters, principal.scope)
        for (const event of page.events) {
          positions[logShard] = event.position
          if (isEventInScope(principal.scope, event)) events.push(presentEvent(principal, viewEvent(event, encodeCursor(positions))))
        }
        positions[logShard] = page.upTo
        more ||= page.upTo < page.head
      }
      return done({ events, cursor: encodeCursor(positions), more })
    },
  }
}

/**
 * Where a cursor stands in each log shard; without one at the oldest that is kept. Refusals: `cursor_invalid` for a text that no answer
 * of this hub held, `cursor_expired` below what is kept.
 */
export function positionsOf(heads: readonly LogHead[], cursor: string | undefined): Outcome<readonly number[]> {
  if (cursor === undefined) return done(heads.map((head) => head.archivedPosition))
  const positions = decodeCursor(cursor, heads.length)
  if (positions === undefined || heads.some((head, i) => (positions[i] ?? 0) > head.position))
    return refuse(
      'cursor_invalid',
      { en: 'expected a cursor of this hub', zh: '须为本系统给出的游标' },
      { pointer: '/after', got: cursor.slice(0, 80) },
    )
  if (heads.some((head, i) => (positions[i] ?? 0) < head.archivedPosition))
    return refuse(
      'cursor_expired',
      {
        en: 'the events behind this cursor are archived: read the state anew and go on from a new cursor',
        zh: '该游标之前的事件已归档：请重新读取状态，再从新游标继续',
      },
      { pointer: '/after', expected: encodeCursor(heads.map((head) => head.archivedPosition)), got: cursor },
    )
  return done(positions)
}

/** The cursor of now: what follows it has not happened yet. */
export async function currentCursor(pool: Queryable): Promise<string> {
  return encodeCursor((await readLogHeads(pool)).map((head) => head.position))
}
