import { encodePageKey } from '../../kernel/cursor.ts'
import { idToInt8, parseId } from '../../kernel/ids.ts'
import { Defect } from '../../kernel/assert.ts'
import { done } from '../../kernel/outcome.ts'
import { listWork } from '../../store/fulfillment-reads.ts'
import type { Handlers } from '../handler.ts'
import { cursorInvalid, instantIn, pageKeyOf, pageOfRows, type ReadDeps } from './read-deps.ts'
import { findWorks, locate, showWorks, workUnknown } from './show-work.ts'

/** The queues of nodes, and one node's work for one order. */
export function workReadHandlers(deps: ReadDeps): Pick<Handlers, 'fulfillment.list' | 'fulfillment.get'> {
  return {
    'fulfillment.get': async ({ principal }, { params }) => {
      const located = (await findWorks(deps, principal, [params.fulfillmentOrderId])).get(params.fulfillmentOrderId)
      if (located === undefined) return workUnknown(params.fulfillmentOrderId)
      const [shown] = await showWorks(deps, principal, [located])
      if (shown === undefined) throw new Defect('one work was shown as none')
      return { ...done(shown), version: shown.version }
    },

    'fulfillment.list': async ({ principal }, { query }) => {
      const limit = query.limit ?? 50
      const key = pageKeyOf('work', ['number', 'string'], query.cursor, [0, ''])
      if (key.status === 'refused') return key
      const [shipBy, text] = key.value
      const id = text === '' ? undefined : parseId('ful', text)
      if (text !== '' && id === undefined) return cursorInvalid(query.cursor ?? '')
      const filters = {
        nodeId: query.nodeId,
        work: query.work,
        dueBefore: query.dueBefore === undefined ? undefined : instantIn('dueBefore', query.dueBefore),
      }
      const after = id === undefined ? undefined : { shipBy, id: idToInt8(id) }
      const found = await listWork(deps.pool, principal.scope, filters, { after, limit: limit + 1 })
      const { rows, last } = pageOfRows(found, limit)
      const located = await locate(deps, principal, rows)
      const items = await showWorks(deps, principal, [...located.values()])
      return done({ items, ...(last === undefined ? {} : { next: encodePageKey('work', [last.shipBy, last.fulfillmentOrderId]) }) })
    },
  }
}
