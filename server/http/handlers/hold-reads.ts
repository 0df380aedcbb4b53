import type { HeldOrder } from '../../../contract/entities/hold.ts'
import { sightOfRole } from '../../domain/access/sight.ts'
import { mayRelease } from '../../domain/hold/decide-hold.ts'
import { holdOf } from '../../domain/order/view.ts'
import { encodePageKey } from '../../kernel/cursor.ts'
import { idFromInt8, idToInt8, parseId } from '../../kernel/ids.ts'
import { done } from '../../kernel/outcome.ts'
import { listHolds } from '../../store/hold-reads.ts'
import { readOrders } from '../../store/order-reads.ts'
import type { Handlers } from '../handler.ts'
import { cursorInvalid, namesOf, pageKeyOf, pageOfRows, type ReadDeps } from './read-deps.ts'

/** What waits for somebody to release it. */
export function holdReadHandlers(deps: ReadDeps): Pick<Handlers, 'hold.list'> {
  return {
    'hold.list': async ({ principal }, { query }) => {
      const limit = query.limit ?? 50
      const key = pageKeyOf('holds', ['string', 'string'], query.cursor, ['', ''])
      if (key.status === 'refused') return key
      const [text, holdId] = key.value
      const after = text === '' ? undefined : parseId('ord', text)
      if (text !== '' && after === undefined) return cursorInvalid(query.cursor ?? '')
      const { scope, reason, channelId, mine } = query
      const role = mine === true && principal.role !== 'admin' ? principal.role : undefined
      const from = { orderId: after === undefined ? '0' : idToInt8(after), holdId, limit: limit + 1 }
      const { rows, last } = pageOfRows(await listHolds(deps.pool, principal.scope, { scope, reason, channelId, role }, from), limit)
      const orders = new Map((await readOrders(deps.pool, rows)).map((order) => [idToInt8(order.intake.orderId), order]))
      const sight = sightOfRole[principal.role]
      const items = rows.flatMap((row): HeldOrder[] => {
        const order = orders.get(row.orderId)
        const hold = order?.state.holds.find((one) => one.holdId === row.holdId)
        if (order === undefined || hold === undefined) return []
        const { orderId, channelId: channel, externalRef } = order.intake
        const { channelName } = namesOf(deps.memory, channel)
        const { note, ...shown } = holdOf(hold)
        return [
          {
            ...shown,
            ...(note !== undefined && sight.notes ? { note } : {}),
            orderId,
            channelId: channel,
            ...(channelName === undefined ? {} : { channelName }),
            externalRef,
            canRelease: mayRelease(hold, principal.role),
          },
        ]
      })
      return done({
        items,
        ...(last === undefined ? {} : { next: encodePageKey('holds', [idFromInt8('ord', last.orderId), last.holdId]) }),
      })
    },
  }
}
