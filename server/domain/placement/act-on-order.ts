import { done, type Outcome, type Refusal, refuse } from '../../kernel/outcome.ts'
import type { Instant } from '../../kernel/time.ts'
import { decideWork, findWork, type WorkCommand, type WorkFacts } from '../fulfillment/decide-work.ts'
import { allowedActionsOf, type OrderActionName } from '../order/derive.ts'
import type { Order, PlannedOrder } from '../order/state.ts'
import { appendPayments } from '../payment/append-payment.ts'
import type { LedgerEntry } from '../payment/ledger.ts'
import type { TaskCommand } from '../task/decide-task.ts'
import { type Acted, Acting, type Amendment } from './acting.ts'
import type { PlacementFacts } from './facts.ts'
import type { NewEntry } from './intake-of.ts'

export type OrderAction =
  | { readonly action: 'approve'; readonly note?: string }
  | { readonly action: 'decline' | 'cancel'; readonly reason: string }
  | { readonly action: 'hold'; readonly reason: string; readonly scope: string; readonly note?: string; readonly holdId: string }
  | { readonly action: 'release'; readonly holdId?: string; readonly reason?: string }
  | { readonly action: 'payments' | 'refund'; readonly entries: readonly NewEntry[] }
  | ({ readonly action: 'work' } & WorkCommand)
  | { readonly action: 'evacuate'; readonly fulfillmentOrderId: string; readonly begun: 'finish' | 'move' }
  | ({ readonly action: 'task' } & TaskCommand)
  | { readonly action: 'tick' }
  | ({ readonly action: 'amend' } & Amendment)

/**
 * Decides an action on an order that is there. Refuses `action_not_allowed` by the same rule that reads serve as allowedActions, then what
 * the action itself does not allow. A tick with nothing due changes nothing: its change has no events.
 */
export function actOnOrder(order: Order, command: OrderAction, facts: PlacementFacts, now: Instant): Outcome<Acted> {
  const refusal = notAllowed(order, command)
  if (refusal !== undefined) return refusal
  const acting = new Acting(order, facts, now)
  switch (command.action) {
    case 'approve':
      acting.approve()
      break
    case 'decline':
      acting.end('order.declined', command.reason)
      break
    case 'cancel':
      acting.end('order.cancelled', command.reason)
      break
    case 'hold': {
      const { holdId, reason, scope, note } = command
      acting.add({ type: 'order.held', occurredAt: now, data: { holdId, reason, scope, ...(note === undefined ? {} : { note }) } })
      break
    }
    case 'release': {
      const wrong = acting.release(command.holdId, command.reason)
      if (wrong !== undefined) return wrong
      break
    }
    case 'payments':
    case 'refund': {
      const appended = appendPayments<LedgerEntry>(order.state.payments, command.entries)
      if (appended.status === 'refused') return { ...appended, pointer: `/entries${appended.pointer}` }
      acting.pay(command.entries)
      break
    }
    case 'work': {
      const found = findWork(order, command)
      if (found.status === 'refused') return found
      const refused = workOn(acting, order, found.value, command, facts, now)
      if (refused !== undefined) return refused
      break
    }
    case 'evacuate':
      acting.evacuate(command.fulfillmentOrderId, command.begun)
      break
    case 'task': {
      const wrong = acting.task(command)
      if (wrong !== undefined) return wrong
      break
    }
    case 'tick':
      acting.tick()
      break
    case 'amend':
      acting.amend(command)
      break
  }
  return done(acting.finish())
}

function workOn(
  acting: Acting,
  order: Order,
  work: PlannedOrder,
  command: WorkCommand,
  facts: PlacementFacts,
  now: Instant,
): Refusal | undefined {
  if (command.verb === 'move') return acting.move(work, { reason: command.reason ?? 'requested', toNodeId: command.toNodeId })
  const decided = decideWork(order, work, command, workFacts(order, facts), now)
  if (decided.status === 'refused') return decided
  acting.work(decided.value)
  return undefined
}

/** Actions that have rules of their own. */
const FREE: ReadonlySet<OrderAction['action']> = new Set(['tick', 'amend', 'work', 'evacuate', 'task'])

function notAllowed(order: Order, { action }: OrderAction): Refusal | undefined {
  if (FREE.has(action)) return undefined
  const allowed = allowedActionsOf(order.intake, order.state)
  if (allowed.includes(action as OrderActionName)) return undefined
  return refuse('action_not_allowed', `${action} is not possible now; allowed: ${allowed.join(', ') || 'nothing'}`, {
    expected: allowed,
    got: action,
  })
}

const workFacts = (order: Order, facts: PlacementFacts): WorkFacts => ({
  nextParcelId: () => facts.nextId('par', order.intake.shard),
  nextWorkId: () => facts.nextId('ful', order.intake.shard),
  hasService: (carrierId, serviceId) =>
    facts.network.services.some(
      (one) => one.carrierId === carrierId && !one.isDefault && (serviceId === undefined || one.service.serviceId === serviceId),
    ),
})
