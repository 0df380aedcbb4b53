import type { NewEvent } from '../../../contract/events.ts'
import { done, type Outcome, refuse } from '../../kernel/outcome.ts'
import { HOUR, instant, type Instant, toIso } from '../../kernel/time.ts'
import type { PlannedOrder } from '../order/state.ts'
import { effectsOf } from './stock-effects.ts'
import type { DecidedWork, WorkFacts } from './work-command.ts'

const HOLD_HOURS = 168

/** What the buyer collects is set aside: it is kept as long as the node says, with a code where the node asks for one. */
export function readyForPickup({ fulfillmentOrderId, nodeId }: PlannedOrder, facts: WorkFacts, now: Instant): NewEvent {
  const policy = facts.pickupAt(nodeId)
  const collectBy = toIso(instant(now + (policy?.holdHours ?? HOLD_HOURS) * HOUR))
  const code = policy?.code === true ? { code: facts.nextCode() } : {}
  return { type: 'fulfillment.readyForPickup', occurredAt: now, data: { fulfillmentOrderId, nodeId, collectBy, ...code } }
}

/** The buyer takes it: stock leaves with it. Refusal `pickup_code_wrong` where another code is shown than the one that was given, or none. */
export function collect(work: PlannedOrder, code: string | undefined, occurredAt: Instant): Outcome<DecidedWork> {
  if (work.code !== undefined && work.code !== code)
    return refuse(
      'pickup_code_wrong',
      { en: 'expected the code that the buyer was given', zh: '须为买家收到的取货码' },
      { got: code ?? null, pointer: '/code' },
    )
  const { fulfillmentOrderId, nodeId } = work
  const data = { fulfillmentOrderId, nodeId, occurredAt: toIso(occurredAt), stock: effectsOf(work.lines, nodeId, true) }
  return done({ events: [{ type: 'fulfillment.collected', occurredAt, data }], isOpenAgain: false })
}
