import { done, refuse, type Outcome, type Refusal } from '../../kernel/outcome.ts'
import type { Words } from '../../kernel/words.ts'
import type { Scope } from './principal.ts'

/** What scope asks about an order. `nodeIds` and `carrierIds` are those that ever worked on it; empty while nobody does. */
export type OrderFacts = {
  readonly channelId: string
  readonly nodeIds: readonly string[]
  readonly carrierIds: readonly string[]
  readonly customerRef?: string | undefined
  readonly accountId?: string | undefined
}

const has = (list: readonly string[] | undefined, one: string): boolean => list === undefined || list.includes(one)
const hasSome = (list: readonly string[] | undefined, some: readonly string[]): boolean =>
  list === undefined || some.some((one) => list.includes(one))

export const canSeeChannel = (scope: Scope, channelId: string): boolean =>
  has(scope.channels, channelId) &&
  (scope.customer === undefined || !('channelId' in scope.customer) || scope.customer.channelId === channelId)
export const canSeeNode = (scope: Scope, nodeId: string): boolean => has(scope.nodes, nodeId)
export const canSeeCarrier = (scope: Scope, carrierId: string): boolean => has(scope.carriers, carrierId)

/** Whether an order lies inside a scope: every list given must hold it. An order without a node is outside every list of nodes. */
export function canSeeOrder(scope: Scope, order: OrderFacts): boolean {
  return (
    has(scope.channels, order.channelId) &&
    hasSome(scope.nodes, order.nodeIds) &&
    hasSome(scope.carriers, order.carrierIds) &&
    isOwn(scope.customer, order)
  )
}

function isOwn(customer: Scope['customer'], order: Omit<OrderFacts, 'nodeIds' | 'carrierIds'>): boolean {
  if (customer === undefined) return true
  if ('accountId' in customer) return order.accountId === customer.accountId
  return order.channelId === customer.channelId && order.customerRef === customer.customerRef
}

/** What scope asks about an event: its envelope as the log keeps it. */
export type EventFacts = {
  readonly subject: { readonly kind: string; readonly id: string }
  readonly channelId?: string | undefined
  readonly nodeIds?: readonly string[] | undefined
  readonly carrierIds?: readonly string[] | undefined
  readonly customerRef?: string | undefined
  readonly accountId?: string | undefined
  /** Of `fact` events: what changed. */
  readonly fact?: { readonly kind: string; readonly key: string } | undefined
}

/**
 * Whether an event lies inside a scope. What is unknown about it counts as outside: an event of an order or a body needs its channel, one of stock
 * its node. Stock belongs to no channel, so channels do not narrow it; customers and carriers see none.
 */
export function canSeeEvent(scope: Scope, event: EventFacts): boolean {
  switch (event.subject.kind) {
    case 'stock':
      return isInternal(scope) && (scope.nodes === undefined || hasSome(scope.nodes, event.nodeIds ?? []))
    case 'reservation':
      return canSeeReservation(scope, event.nodeIds ?? [], event.channelId)
    case 'fact':
      return event.fact === undefined ? isUnscoped(scope) : canSeeFact(scope, event.fact.kind, event.fact.key)
    case 'order':
    case 'body':
    case 'audit':
      if (event.channelId === undefined) return isUnscoped(scope)
      return canSeeOrder(scope, {
        channelId: event.channelId,
        nodeIds: event.nodeIds ?? [],
        carrierIds: event.carrierIds ?? [],
        customerRef: event.customerRef,
        accountId: event.accountId,
      })
    default:
      return isUnscoped(scope)
  }
}

/** Stock that is held is the business of those inside: of its node, and of its channel where it has one. */
export function canSeeReservation(scope: Scope, nodeIds: readonly string[], channelId: string | undefined): boolean {
  const isOfChannel = channelId === undefined ? scope.channels === undefined : canSeeChannel(scope, channelId)
  return isInternal(scope) && isOfChannel && (scope.nodes === undefined || hasSome(scope.nodes, nodeIds))
}

/** How full a node is counts everybody's orders: like stock, it is no business of customers and carriers. */
export const canSeeLoad = (scope: Scope, nodeId: string): boolean => isInternal(scope) && canSeeNode(scope, nodeId)

const isInternal = (scope: Scope): boolean => scope.customer === undefined && scope.carriers === undefined
export const isUnscoped = (scope: Scope): boolean =>
  scope.channels === undefined && scope.nodes === undefined && scope.carriers === undefined && scope.customer === undefined

/** Reference data that names no channel, node, carrier or account: the same for everybody inside. */
const SHARED_FACTS = new Set(['item', 'calendar', 'taxRule', 'complianceRule', 'emissionFactor'])

/**
 * Whether a fact lies inside a scope. Facts that hang on a node or a carrier (supply, lanes, rates) are passed with it in `on`;
 * without it they are outside of any list of that kind.
 */
export function canSeeFact(
  scope: Scope,
  kind: string,
  key: string,
  on: { readonly nodeId?: string | undefined; readonly carrierId?: string | undefined } = {},
): boolean {
  if (kind === 'account') return scope.customer === undefined ? isInternal(scope) && scope.channels === undefined : isOwnAccount(scope, key)
  if (kind === 'channel') return canSeeChannel(scope, key)
  if (scope.customer !== undefined) return false
  if (kind === 'node') return scope.carriers === undefined && canSeeNode(scope, key)
  if (kind === 'carrier') return canSeeCarrier(scope, key)
  if (SHARED_FACTS.has(kind)) return true
  if (kind === 'supply')
    return scope.carriers === undefined && (scope.nodes === undefined || (on.nodeId !== undefined && canSeeNode(scope, on.nodeId)))
  if (kind === 'lane' || kind === 'rate') {
    return scope.carriers === undefined || (on.carrierId !== undefined && canSeeCarrier(scope, on.carrierId))
  }
  return isUnscoped(scope)
}

const isOwnAccount = (scope: Scope, accountId: string): boolean =>
  scope.customer !== undefined && 'accountId' in scope.customer && scope.customer.accountId === accountId

/** A scope as statement parameters; null means no limit. */
export type ScopeParams = {
  readonly channels: readonly string[] | null
  readonly nodes: readonly string[] | null
  readonly carriers: readonly string[] | null
  /** Set together: the orders of one customer of one channel. */
  readonly customerChannelId: string | null
  readonly customerRef: string | null
  readonly accountId: string | null
}

export function scopeToSqlParams(scope: Scope): ScopeParams {
  const { customer } = scope
  const ofChannel = customer !== undefined && 'channelId' in customer ? customer : undefined
  return {
    channels: scope.channels ?? null,
    nodes: scope.nodes ?? null,
    carriers: scope.carriers ?? null,
    customerChannelId: ofChannel?.channelId ?? null,
    customerRef: ofChannel?.customerRef ?? null,
    accountId: customer !== undefined && 'accountId' in customer ? customer.accountId : null,
  }
}

const LISTS = ['channels', 'nodes', 'carriers'] as const

/**
 * The scope of a credential made by somebody with `own`: what is left out is inherited, what is asked for must lie inside.
 * Refusal `scope_exceeds_own` names the first thing that does not.
 */
export function narrow(own: Scope, wanted: Scope): Outcome<Scope> {
  const result: { -readonly [K in keyof Scope]: Scope[K] } = {}
  for (const list of LISTS) {
    const beyond = own[list] === undefined ? undefined : wanted[list]?.find((one) => !has(own[list], one))
    if (beyond !== undefined)
      return exceeds(
        `/scope/${list}`,
        { en: `${list} holds ${beyond}, which your own credential does not`, zh: `${list} 中的 ${beyond} 不在您自己凭证的范围内` },
        own[list],
      )
    const narrowed = wanted[list] ?? own[list]
    if (narrowed !== undefined) result[list] = [...new Set(narrowed)]
  }
  if (own.customer !== undefined && wanted.customer !== undefined && !sameCustomer(own.customer, wanted.customer)) {
    return exceeds(
      '/scope/customer',
      { en: 'your own credential is limited to another customer', zh: '您自己的凭证仅限于另一客户' },
      own.customer,
    )
  }
  const customer = wanted.customer ?? own.customer
  if (customer !== undefined) result.customer = customer
  return done(result)
}

function exceeds(pointer: string, detail: Words, expected: unknown): Refusal {
  return refuse('scope_exceeds_own', detail, { pointer, expected })
}

/** Whether `inner` allows nothing that `outer` does not: who has `outer` may manage a credential with `inner`. */
export function isWithin(outer: Scope, inner: Scope): boolean {
  for (const list of LISTS) {
    const limit = outer[list]
    if (limit !== undefined && (inner[list] === undefined || !inner[list].every((one) => limit.includes(one)))) return false
  }
  return outer.customer === undefined || (inner.customer !== undefined && sameCustomer(outer.customer, inner.customer))
}

function sameCustomer(a: NonNullable<Scope['customer']>, b: NonNullable<Scope['customer']>): boolean {
  if ('accountId' in a) return 'accountId' in b && a.accountId === b.accountId
  return 'channelId' in b && a.channelId === b.channelId && a.customerRef === b.customerRef
}
