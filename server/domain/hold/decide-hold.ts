import type { Role } from '../../../contract/access.ts'
import type { HoldScope } from '../../../contract/entities/hold.ts'
import type { NewEvent } from '../../../contract/events.ts'
import { done, type Outcome, refuse } from '../../kernel/outcome.ts'
import type { Instant } from '../../kernel/time.ts'
import type { HoldState, Order } from '../order/state.ts'

export type PlaceHold = {
  readonly action: 'hold'
  readonly holdId: string
  readonly reason: string
  readonly scope: HoldScope
  readonly lineRef?: string
  readonly fulfillmentOrderId?: string
  readonly releasableBy?: readonly Role[]
  readonly note?: string
}
/** Without a holdId: every open hold that the role may release. */
export type ReleaseHold = { readonly action: 'release'; readonly holdId?: string; readonly reason?: string; readonly role?: Role }

/** The event of a hold; none where the same hold (reason, scope, target) is open already. Refusal `hold_target_unknown`. */
export function placeHold({ intake, state }: Order, command: PlaceHold, now: Instant): Outcome<readonly NewEvent[]> {
  const { scope, lineRef, fulfillmentOrderId } = command
  if (scope === 'line' && !intake.lines.some((line) => line.lineRef === lineRef))
    return refuse('hold_target_unknown', { en: 'the order has no such line', zh: '订单没有该行' }, { got: lineRef, pointer: '/lineRef' })
  if (scope === 'fulfillmentOrder' && !state.fulfillmentOrders.some((one) => one.fulfillmentOrderId === fulfillmentOrderId))
    return refuse(
      'hold_target_unknown',
      { en: 'the order has no such fulfillment order', zh: '订单没有该履约单' },
      { got: fulfillmentOrderId, pointer: '/fulfillmentOrderId' },
    )
  const target = {
    ...(scope === 'line' && lineRef !== undefined ? { lineRef } : {}),
    ...(scope === 'fulfillmentOrder' && fulfillmentOrderId !== undefined ? { fulfillmentOrderId } : {}),
  }
  const isSame = (hold: HoldState) =>
    hold.state === 'open' &&
    hold.reason === command.reason &&
    hold.scope === scope &&
    hold.lineRef === target.lineRef &&
    hold.fulfillmentOrderId === target.fulfillmentOrderId
  if (state.holds.some(isSame)) return done([])
  const { holdId, reason, releasableBy, note } = command
  const rest = { ...(releasableBy === undefined ? {} : { releasableBy: [...releasableBy] }), ...(note === undefined ? {} : { note }) }
  return done([{ type: 'order.held', occurredAt: now, data: { holdId, reason, scope, ...target, ...rest } }])
}

/** Who may release a hold: whom it names, or whoever may hold. The hub itself may always. */
export const mayRelease = (hold: Pick<HoldState, 'releasableBy'>, role: Role | undefined): boolean =>
  role === undefined || role === 'admin' || hold.releasableBy === undefined || hold.releasableBy.includes(role)

/** The events of a release; none where the hold was released before. Refusals `hold_unknown`, `hold_not_yours`. */
export function releaseHolds({ state }: Order, command: ReleaseHold, now: Instant): Outcome<readonly NewEvent[]> {
  const { holdId, reason, role } = command
  const named = state.holds.filter((hold) => holdId === undefined || hold.holdId === holdId)
  if (holdId !== undefined && named.length > 0 && named.every((hold) => hold.state === 'released')) return done([])
  const open = named.filter((hold) => hold.state === 'open')
  const expected = state.holds.filter((hold) => hold.state === 'open').map((hold) => hold.holdId)
  if (open.length === 0)
    return refuse('hold_unknown', { en: 'no open hold has this id', zh: '没有该编号的未解除挂起' }, { expected, got: holdId })
  const own = open.filter((hold) => mayRelease(hold, role))
  if (own.length === 0)
    return refuse(
      'hold_not_yours',
      { en: 'the hold is released by others', zh: '该挂起须由其他角色解除' },
      { expected: [...new Set(open.flatMap((hold) => hold.releasableBy ?? []))], got: role },
    )
  const because = reason === undefined ? {} : { reason }
  return done(own.map((hold) => ({ type: 'order.holdReleased', occurredAt: now, data: { holdId: hold.holdId, ...because } })))
}
