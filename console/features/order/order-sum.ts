import type { Order } from './order.ts'

type Totals = NonNullable<Order['totals']>
type Part = { readonly part: 'lines' | 'discount' | 'shipping' | 'tax' | 'total' | 'taxWithin'; readonly amount: number }

/** How an order comes to its total, minor units: what adds up, then the total, then the tax that the prices hold already. */
export function sumOf({ lines, discount, shipping, tax, total }: Totals): readonly Part[] {
  const isTaxWithin = tax !== 0 && lines - discount + shipping === total
  const added: readonly Part[] = [
    { part: 'discount', amount: -discount },
    { part: 'shipping', amount: shipping },
    { part: 'tax', amount: isTaxWithin ? 0 : tax },
  ]
  const shown = added.filter(({ amount }) => amount !== 0)
  return [
    ...(shown.length === 0 ? [] : [{ part: 'lines' as const, amount: lines }, ...shown]),
    { part: 'total', amount: total },
    ...(isTaxWithin ? [{ part: 'taxWithin' as const, amount: tax }] : []),
  ]
}
