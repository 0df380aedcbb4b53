import type { OrderSummary } from '../../../contract/entities/order-summary.ts'

/** What may be done to many orders at once; what each of them allows is the hub's word. */
export const bulkActions = ['hold', 'release', 'approve', 'cancel'] as const
export type BulkAction = (typeof bulkActions)[number]

/** Orders one person can choose at once: a mistake stays one that can be looked through. */
export const CHOSEN_MAX = 100

const allows = (order: OrderSummary, action: BulkAction): boolean => order.allowedActions.includes(action)

/** Whether the action makes sense for any of them. */
export const canAll = (orders: readonly OrderSummary[], action: BulkAction): boolean => orders.some((order) => allows(order, action))

export type BulkPreview = {
  readonly able: readonly OrderSummary[]
  readonly unable: readonly OrderSummary[]
  /** Units and money of those that can be, by currency, in minor units. */
  readonly units: number
  readonly totals: readonly { readonly currency: string; readonly total: number }[]
}

/** What an action would touch, before it does. */
export function previewOf(orders: readonly OrderSummary[], action: BulkAction): BulkPreview {
  const able = orders.filter((order) => allows(order, action))
  const totals = new Map<string, number>()
  for (const { currency, total } of able) if (total !== undefined) totals.set(currency, (totals.get(currency) ?? 0) + total)
  return {
    able,
    unable: orders.filter((order) => !allows(order, action)),
    units: able.reduce((sum, order) => sum + order.unitCount, 0),
    totals: [...totals].map(([currency, total]) => ({ currency, total })),
  }
}
