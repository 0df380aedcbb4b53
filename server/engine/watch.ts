/** What is measured by chores; http/hub-metrics.ts says it aloud. */
export type Watched =
  | 'oldTransactions'
  | 'parkedCommands'
  | 'dueOrders'
  | 'logLag'
  | 'subscriptionLag'
  | 'expiredSubscriptions'
  | 'goneWebhooks'
  | 'historyHeldOrders'
  | 'replannedOrders'
  | 'replanningsLost'
  | 'replanningSaved'

export type Watch = {
  warn(data: object, message: string): void
  gauge(name: Watched, value: number): void
}
