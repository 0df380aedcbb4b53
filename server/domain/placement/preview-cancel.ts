import type { CancelPreview, LineUnits } from '../../../contract/entities/change-set.ts'
import { done, type Outcome } from '../../kernel/outcome.ts'
import type { Instant } from '../../kernel/time.ts'
import type { Order } from '../order/state.ts'
import { actOnOrder, type OrderAction } from './act-on-order.ts'
import { previewOf } from './change-order.ts'
import type { PlacementFacts } from './facts.ts'

/** A cancellation of lines, or of the whole order, worked out exactly as it would be done and not kept. */
export function previewCancel(
  order: Order,
  lines: readonly LineUnits[] | undefined,
  facts: PlacementFacts,
  now: Instant,
): Outcome<CancelPreview> {
  const command: OrderAction =
    lines === undefined ? { action: 'cancel', reason: 'requested' } : { action: 'cancelLines', lines, reason: 'requested' }
  const outcome = actOnOrder(order, command, facts, now)
  if (outcome.status === 'refused') return outcome
  const { change } = outcome.value
  const { total, due, dueBack, stock } = previewOf(order, change)
  const isWhole = change.after.state.state === 'cancelled'
  return done({
    isWhole,
    units: isWhole ? unitsLeft(order) : unitsLeft(order) - unitsLeft(change.after),
    total,
    due,
    dueBack,
    stock,
    worksEnded: openWorks(order) - openWorks(change.after),
  })
}

const unitsLeft = ({ intake, state }: Order): number =>
  intake.lines.reduce((sum, line, i) => sum + line.quantity - (state.lines[i]?.cancelled ?? 0), 0)
const openWorks = ({ state }: Order): number => state.fulfillmentOrders.filter((one) => one.work !== 'cancelled').length
