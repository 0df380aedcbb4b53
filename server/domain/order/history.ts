import type { EventData } from '../../../contract/events.ts'
import type { OrderIntake, OrderState } from './state.ts'

/** Past facts an import may record, in the order in which an order lives them. */
export const historyFacts = ['approved', 'invoiced', 'processing', 'handedOver', 'delivered', 'cancelled', 'unavailable', 'closed'] as const
export type HistoryFact = (typeof historyFacts)[number]

/** Applies a past fact: quantities follow what happened, nothing is reserved, promised or charged. */
export function evolveHistory(intake: OrderIntake, state: OrderState, data: EventData<'order.historyRecorded'>): OrderState {
  const flags = [...new Set([...state.flags, ...data.flags])]
  const all = (pick: (line: OrderState['lines'][number], quantity: number) => Partial<OrderState['lines'][number]>): OrderState => ({
    ...state,
    flags,
    lines: state.lines.map((line, i) => ({ ...line, ...pick(line, (intake.lines[i]?.quantity ?? 0) - line.cancelled) })),
  })
  switch (data.fact as HistoryFact) {
    case 'handedOver':
      return {
        ...all((_, units) => ({ allocated: units, released: units, picked: units, packed: units, shipped: units })),
        state: 'accepted',
      }
    case 'delivered':
      return {
        ...all((_, units) => ({ allocated: units, released: units, picked: units, packed: units, shipped: units, delivered: units })),
        state: 'accepted',
      }
    case 'cancelled':
    case 'unavailable':
      return state.lines.some((line) => line.shipped > 0)
        ? { ...state, flags: [...new Set([...flags, 'cancelled_after_hand_over'])] }
        : { ...all((line, units) => ({ cancelled: line.cancelled + units })), state: 'cancelled' }
    case 'closed':
      return { ...state, flags, state: state.state === 'cancelled' ? 'cancelled' : 'closed' }
    default:
      return { ...state, flags, state: state.state === 'received' ? 'accepted' : state.state }
  }
}
