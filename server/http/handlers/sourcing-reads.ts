import { presentSourcing } from '../../domain/access/present-sourcing.ts'
import { type DecisionNames, viewDecision } from '../../domain/sourcing/view-decision.ts'
import type { Memory } from '../../engine/memory.ts'
import { done } from '../../kernel/outcome.ts'
import { orderKeyOf, readDecisions } from '../../store/order-reads.ts'
import type { Handlers } from '../handler.ts'
import type { ReadDeps } from './read-deps.ts'
import { findOrder, orderUnknown } from './show-order.ts'

/** An order is sourced anew at most a few times; the latest are shown. */
const DECISIONS_MAX = 20

/** Why each line of an order went where it went. */
export function sourcingReadHandlers(deps: ReadDeps): Pick<Handlers, 'order.sourcing'> {
  const names = decisionNames(deps.memory)
  return {
    'order.sourcing': async ({ principal }, { params }) => {
      const order = await findOrder(deps, principal.scope, params.orderId)
      if (order === undefined) return orderUnknown(params.orderId)
      const rows = await readDecisions(deps.pool, orderKeyOf(order.intake.orderId), DECISIONS_MAX)
      const decisions = rows.flatMap((row) => presentSourcing(principal, viewDecision(order, row, names)) ?? [])
      return done({ decisions, currency: deps.facts.baseCurrency })
    },
  }
}

const decisionNames = (memory: Memory): DecisionNames => ({
  skuOf: (itemNo) => memory.itemByNo[itemNo]?.doc.sku,
  nodeOf: (nodeNo) => memory.nodeByNo[nodeNo]?.doc,
})
