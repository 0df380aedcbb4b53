import type { OrderInput } from '../../../contract/entities/order.ts'

/**
 * Who owns which field of an order, once it came from a channel's body.
 * replace: the channel's new value takes the place; append: new entries are added, old ones stay; review: a person decides,
 * nothing is changed; identity: it can never change.
 */
export const channelOwned = {
  channelId: 'identity',
  externalRef: 'identity',
  currency: 'identity',
  customer: 'replace',
  shipTo: 'replace',
  note: 'replace',
  promisedBy: 'replace',
  attributes: 'replace',
  documents: 'append',
  payments: 'append',
  lines: 'review',
  shipping: 'review',
  discount: 'review',
  taxesIncluded: 'review',
  requestedService: 'review',
  placedAt: 'review',
} as const satisfies Partial<Readonly<Record<keyof OrderInput, 'identity' | 'replace' | 'append' | 'review'>>>

/** What only the hub's own commands change. Invariant: no body ever touches one of these (model.md, invariant 7). */
export const hubOwned = [
  'orderId',
  'version',
  'state',
  'phase',
  'receivedAt',
  'accountId',
  'checks',
  'reservations',
  'promise',
  'fulfillmentOrders',
  'holds',
  'reviewReasons',
  'flags',
  'nextDueAt',
  'totals',
  'decisions',
  'tasks',
] as const

type Owned<How> = { [K in keyof typeof channelOwned]: (typeof channelOwned)[K] extends How ? K : never }[keyof typeof channelOwned]
export type ReplacedField = Owned<'replace'>
export type AppendedField = Owned<'append'>
export type ReviewedField = Owned<'review'>

const fieldsOf = (how: string): readonly string[] =>
  Object.entries(channelOwned)
    .filter(([, owner]) => owner === how)
    .map(([field]) => field)

export const replacedFields: readonly string[] = fieldsOf('replace')
export const appendedFields: readonly string[] = fieldsOf('append')
