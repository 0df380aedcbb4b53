import type { EventData, NewEvent } from '../../../contract/events.ts'
import type { Instant } from '../../kernel/time.ts'
import { isOrderHeld } from '../hold/hold-reach.ts'
import { isSettled } from '../order/payment-need.ts'
import type { LineQuantities, Order, OrderIntake, OrderState } from '../order/state.ts'

type Delivered = EventData<'order.digitalDelivered'>

/**
 * The delivery of digital lines that is due: at once when the order is firm, which is accepted, paid (or on account) and not held; a hold on a
 * line keeps that line back. Undefined where nothing is due, as after it was delivered.
 */
export function deliverDigital({ intake, state }: Order, now: Instant): NewEvent<'order.digitalDelivered'> | undefined {
  const lines = openDigital(intake, state)
  if (lines.length === 0 || state.state !== 'accepted' || isOrderHeld(state) || !isPaid(intake, state)) return undefined
  return { type: 'order.digitalDelivered', occurredAt: now, data: { lines } }
}

/** A deposit makes goods wait for their buyer; what cannot be taken back is given for the whole price. */
const isPaid = (intake: OrderIntake, { payments, reservations, lines, waived }: OrderState): boolean =>
  isSettled(intake, { payments, reservations, lines, ...(waived === undefined ? {} : { waived }) })

function openDigital(intake: OrderIntake, state: OrderState): Delivered['lines'] {
  const open: Delivered['lines'] = []
  for (const [i, { isDigital, lineRef, sku, quantity }] of intake.lines.entries()) {
    const ledger = state.lines[i]
    if (isDigital === undefined || ledger === undefined) continue
    const units = quantity - ledger.cancelled - ledger.delivered
    if (units > 0 && !isLineHeld(state, lineRef)) open.push({ lineRef, sku, quantity: units })
  }
  return open
}

const isLineHeld = ({ holds }: OrderState, lineRef: string): boolean =>
  holds.some((hold) => hold.state === 'open' && hold.scope === 'line' && hold.lineRef === lineRef)

/** Delivered units have come all the way: the ledger of a digital line knows nothing between ordered and delivered. */
export function afterDigital(intake: OrderIntake, state: OrderState, { lines }: Delivered): OrderState {
  const units = new Map(lines.map((one) => [one.lineRef, one.quantity]))
  return {
    ...state,
    lines: state.lines.map((line, i) => {
      const now = units.get(intake.lines[i]?.lineRef ?? '')
      return now === undefined ? line : delivered(line, line.delivered + now)
    }),
  }
}

const delivered = ({ cancelled }: LineQuantities, units: number): LineQuantities => ({
  cancelled,
  reserved: units,
  allocated: units,
  backordered: 0,
  released: units,
  picked: units,
  packed: units,
  shipped: units,
  delivered: units,
})
