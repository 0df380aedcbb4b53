/** What of the hub's figures a person is told, in this order; `limit` is from where it is trouble. */
export const told = [
  { name: 'fulcrum_waiting_commands', word: 'waiting', limit: 1000 },
  { name: 'fulcrum_log_lag_events', word: 'logLag', limit: 10_000 },
  { name: 'fulcrum_subscription_lag_events', word: 'subscriptionLag', limit: 10_000 },
  { name: 'fulcrum_due_orders', word: 'due', limit: 1000 },
  { name: 'fulcrum_parked_commands', word: 'parked', limit: 1 },
  { name: 'fulcrum_expired_subscriptions', word: 'expired', limit: 1 },
  { name: 'fulcrum_old_transactions', word: 'oldTransactions', limit: 1 },
  { name: 'fulcrum_history_held_orders', word: 'heldHistory', limit: 1 },
  { name: 'fulcrum_stock_positions', word: 'positions', limit: undefined },
  { name: 'fulcrum_memory_bytes', word: 'memory', limit: undefined },
] as const
export type Told = (typeof told)[number]

const LINE = /^([a-z_]+) (-?[0-9.e+]+)$/

/** The plain figures of a text in the Prometheus format: those without labels. */
export function figuresOf(text: string): ReadonlyMap<string, number> {
  const figures = new Map<string, number>()
  for (const line of text.split('\n')) {
    const [, name, value] = LINE.exec(line) ?? []
    if (name !== undefined && Number.isFinite(Number(value))) figures.set(name, Number(value))
  }
  return figures
}
export const isTrouble = ({ limit }: Told, value: number): boolean => limit !== undefined && value >= limit
