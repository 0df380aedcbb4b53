import type { Order } from './order.ts'

/** Ways to pay that are offered beside those that the order was paid with. */
const common = ['card', 'alipay', 'wechat', 'transfer', 'cash', 'balance', 'gift_card']

/** Ways of an order's own money first, each once, then the common ones. */
export function methodsFor({ payments }: Pick<Order, 'payments'>): string[] {
  const own = (payments?.entries ?? []).map(({ method }) => method)
  return [...new Set([...own.toReversed(), ...common])]
}

/** A method by its name; one that nobody has named stays as its platform spells it. */
export function methodIn(word: (prefix: string, value: string) => string, method: string): string {
  const key = method.toLowerCase()
  const named = word('paymentMethod', key)
  return named === key ? method : named
}
