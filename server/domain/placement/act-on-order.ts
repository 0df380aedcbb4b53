import { done, type Outcome, type Refusal, refuse } from '../../kernel/outcome.ts'
import type { Instant } from '../../kernel/time.ts'
import { decideWork, findWork } from '../fulfillment/decide-work.ts'
import type { WorkCommand, WorkFacts } from '../fulfillment/work-command.ts'
import { allowedActionsOf, type OrderActionName } from '../order/derive.ts'
import { type PlaceHold, placeHold, type ReleaseHold, releaseHolds } from '../hold/decide-hold.ts'
import { isMoneyHeld } from '../hold/hold-reach.ts'
import type { Order, PlannedOrder } from '../order/state.ts'
import { appendPayments } from '../payment/append-payment.ts'
import type { ScanCommand } from '../parcel/decide-scans.ts'
import type { LedgerEntry } from '../payment/ledger.ts'
import type { TaskCommand } from '../task/decide-task.ts'
import { type Acted, Acting, type Amendment } from './acting.ts'
import { type ChangeCommand, decideChange } from './change-order.ts'
import type { PlacementFacts } from './facts.ts'
import { evacuate, type Evacuation, relieve, type Relief, strand } from './leave-node.ts'
import type { NewEntry } from './intake-of.ts'
import type { Replan } from './replan-order.ts'

export type OrderAction =
  | { readonly action: 'approve'; readonly note?: string }
  | { readonly action: 'decline' | 'cancel'; readonly reason: string }
  | PlaceHold
  | ReleaseHold
  | { readonly action: 'payments' | 'refund'; readonly entries: readonly NewEntry[] }
  | ({ readonly action: 'work' } & WorkCommand)
  | ({ readonly action: 'evacuate' } & Evacuation)
  /** Work of a node that closed could not be moved away, for want of something other than stock. */
  | { readonly action: 'strand'; readonly fulfillmentOrderId: string }
  | ({ readonly action: 'relieve' } & Relief)
  | ({ readonly action: 'task' } & TaskCommand)
  | ChangeCommand
  | ({ readonly action: 'scan' } & ScanCommand)
  | { readonly action: 'tick' }
  /** Stock of an item that it waits for has come. */
  | { readonly action: 'restock' }
  | ({ readonly action: 'replan' } & Replan)
  | ({ readonly action: 'amend' } & Amendment)

/**
 * Decides an action on an order that is there. Refuses `action_not_allowed` by the same rule that reads serve as allowedActions, then what
 * the action itself does not allow. A tick with nothing due changes nothing: its change has no events.
 */
export function actOnOrder(order: Order, command: OrderAction, facts: PlacementFacts, now: Instant): Outcome<Acted> {
  const refusal = notAllowed(order, command)
  if (refusal !== undefined) return refusal
  if (isChange(command)) return decideChange(order, command, facts, now)
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
    case 'hold':
    case 'release': {
      const decided = command.action === 'hold' ? placeHold(order, command, now) : releaseHolds(order, command, now)
      if (decided.status === 'refused') return decided
      for (const event of decided.value) acting.add(event)
      break
    }
    case 'payments':
    case 'refund': {
      if (isMoneyHeld(order.state) && command.entries.some((entry) => entry.kind === 'capture' || entry.kind === 'refund'))
        return refuse('money_on_hold', { en: 'a hold on the money is open', zh: '款项有未解除的挂起' }, { pointer: '/kind' })
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
      evacuate(acting, command, now)
      break
    case 'strand':
      strand(acting, command.fulfillmentOrderId)
      break
    case 'relieve':
      relieve(acting, command, workFacts(order, facts), now)
      break
    case 'task': {
      const wrong = acting.task(command)
      if (wrong !== undefined) return wrong
      break
    }
    case 'scan': {
      const wrong = acting.scan(command, workFacts(order, facts))
      if (wrong !== undefined) return wrong
      break
    }
    case 'tick':
      acting.tick()
      break
    case 'restock':
      acting.restock()
      break
    case 'replan':
      acting.replan(command)
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
const FREE: ReadonlySet<OrderAction['action']> = new Set([
  'tick',
  'amend',
  'work',
  'scan',
  'evacuate',
  'relieve',
  'strand',
  'task',
  'replan',
  'restock',
])
const changeActions: ReadonlySet<OrderAction['action']> = new Set(['proposeChange', 'confirmChange', 'declineChange'])
const isChange = (command: OrderAction): command is ChangeCommand => changeActions.has(command.action) || command.action === 'cancelLines'

function notAllowed(order: Order, { action }: OrderAction): Refusal | undefined {
  if (FREE.has(action)) return undefined
  const allowed = allowedActionsOf(order.intake, order.state)
  const name = changeActions.has(action) ? 'change' : action
  if (allowed.includes(name as OrderActionName)) return undefined
  return refuse(
    'action_not_allowed',
    {
      en: `${action} is not possible now; allowed: ${allowed.join(', ') || 'nothing'}`,
      zh: `当前不可执行 ${action}；可执行：${allowed.join('、') || '无'}`,
    },
    { expected: allowed, got: action },
  )
}

const workFacts = (order: Order, facts: PlacementFacts): WorkFacts => ({
  nextParcelId: () => facts.nextId('par', order.intake.shard),
  nextWorkId: () => facts.nextId('ful', order.intake.shard),
  nextCode: () => facts.nextCode(),
  pickupAt: (nodeId) => facts.nodeCalled(nodeId)?.doc.pickup,
  hasService: (carrierId, serviceId) =>
    facts.network.services.some(
      (one) => one.carrierId === carrierId && !one.isDefault && (serviceId === undefined || one.service.serviceId === serviceId),
    ),
})
