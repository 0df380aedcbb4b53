import type { EventData } from '../../../contract/events.ts'
import type { Phase } from '../../../contract/entities/order.ts'
import { lineNosOf } from './line-nos.ts'
import { plannedOf } from './planned.ts'
import type { LineQuantities, OrderIntake, OrderState, Work } from './state.ts'

/** Past facts an import may record, in the order in which an order lives them. */
export const historyFacts = [
  'placed',
  'approved',
  'invoiced',
  'processing',
  'handedOver',
  'delivered',
  'cancelled',
  'unavailable',
  'closed',
] as const
export type HistoryFact = (typeof historyFacts)[number]

/** An order without lines has no units that could have moved: a flag says how far it came. */
const EMPTY_HANDED_OVER = 'handed_over_without_items'
const EMPTY_DELIVERED = 'delivered_without_items'

type Recorded = EventData<'order.historyRecorded'>

/** Applies a past fact: quantities follow what happened, nothing is reserved, promised or charged. */
export function evolveHistory(intake: OrderIntake, before: OrderState, data: Recorded): OrderState {
  const state = { ...before, flags: [...new Set([...before.flags, ...data.flags])] }
  switch (data.fact as HistoryFact) {
    case 'placed':
      return placed(intake, state, data)
    case 'invoiced':
      return working(accepted(state), 'ready')
    case 'processing':
      return working(accepted(state), 'inProgress')
    case 'handedOver':
      return working(shipped(intake, accepted(state), false), 'handedOver')
    case 'delivered':
      return working(shipped(intake, accepted(state), true), 'done')
    case 'cancelled':
    case 'unavailable':
      return cancelled(intake, state)
    case 'closed':
      return { ...state, state: state.state === 'cancelled' ? 'cancelled' : 'closed' }
    default:
      return accepted(state)
  }
}

function placed(intake: OrderIntake, state: OrderState, data: Recorded): OrderState {
  const lineNos = lineNosOf(intake.lines)
  const fulfillmentOrders = (data.fulfillmentOrders ?? []).map((planned) => plannedOf(planned, lineNos))
  const { promisedBy } = intake
  if (promisedBy === undefined) return { ...state, fulfillmentOrders }
  const shipBy = fulfillmentOrders.flatMap((one) => one.shipBy ?? []).toSorted((a, b) => a - b)[0]
  return {
    ...state,
    fulfillmentOrders,
    promise: { basis: 'configured', deliverBy: promisedBy, ...(shipBy === undefined ? {} : { shipBy }) },
  }
}

function accepted(state: OrderState): OrderState {
  return state.state === 'received' ? { ...state, state: 'accepted' } : state
}

/** Moves the work on; work that came further already (contradictory facts) stays where it is. */
function working(state: OrderState, work: Work): OrderState {
  const steps: readonly Work[] = ['planned', 'ready', 'inProgress', 'handedOver', 'done']
  const step = steps.indexOf(work)
  return {
    ...state,
    fulfillmentOrders: state.fulfillmentOrders.map((one) =>
      one.work === 'cancelled' || steps.indexOf(one.work) >= step ? one : { ...one, work, version: one.version + 1 },
    ),
  }
}

function shipped(intake: OrderIntake, state: OrderState, isDelivered: boolean): OrderState {
  if (intake.lines.length === 0) return { ...state, flags: withFlag(state, isDelivered ? EMPTY_DELIVERED : EMPTY_HANDED_OVER) }
  const lines = state.lines.map((line, i): LineQuantities => {
    const units = (intake.lines[i]?.quantity ?? 0) - line.cancelled
    const moved = { ...line, allocated: units, released: units, picked: units, packed: units, shipped: units }
    return isDelivered ? { ...moved, delivered: units } : moved
  })
  return { ...state, lines }
}

/** What was handed over before cannot be taken back: the order stays as it was and carries a flag. */
function cancelled(intake: OrderIntake, state: OrderState): OrderState {
  const isGone = state.lines.some((line) => line.shipped > 0) || isEmptyHandedOver(state)
  if (isGone) return { ...state, flags: withFlag(state, 'cancelled_after_hand_over') }
  return {
    ...state,
    state: 'cancelled',
    lines: state.lines.map((line, i) => ({ ...line, cancelled: intake.lines[i]?.quantity ?? 0, allocated: 0 })),
    fulfillmentOrders: state.fulfillmentOrders.map((one) => ({ ...one, work: 'cancelled' as const, version: one.version + 1 })),
  }
}

const withFlag = (state: OrderState, flag: string): readonly string[] => [...new Set([...state.flags, flag])]
const isEmptyHandedOver = ({ flags }: OrderState): boolean => flags.includes(EMPTY_HANDED_OVER) || flags.includes(EMPTY_DELIVERED)

/** The phase of a past order whose units have not moved: history says itself whether it was paid and worked on. */
export function historyPhaseOf(state: OrderState): Phase {
  if (state.flags.includes(EMPTY_DELIVERED)) return 'delivered'
  if (state.flags.includes(EMPTY_HANDED_OVER)) return 'inTransit'
  return state.state === 'received' ? 'awaitingPayment' : 'inFulfillment'
}
