import { Gauge, Histogram, Registry } from 'prom-client'
import type { Watched } from '../engine/watch.ts'
import type { Hub } from '../engine/hub.ts'

type Observed = 'batch' | 'decide' | 'commit' | 'delivery'

/** What the engine and its chores say about themselves, in the Prometheus text format. */
export class HubMetrics {
  private readonly registry = new Registry()
  private readonly batchSize = new Histogram({
    name: 'fulcrum_batch_commands',
    help: 'Commands committed together',
    buckets: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000],
    registers: [this.registry],
  })
  private readonly phases = new Histogram({
    name: 'fulcrum_batch_ms',
    help: 'Time of a batch by step, ms',
    labelNames: ['step'],
    buckets: [0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500],
    registers: [this.registry],
  })
  private readonly deliveries = new Histogram({
    name: 'fulcrum_delivery_ms',
    help: 'Time of one attempt to deliver to a subscriber, ms',
    buckets: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 10_000],
    registers: [this.registry],
  })
  private readonly gauges: Record<Watched, Gauge> = {
    oldTransactions: this.gaugeOf('fulcrum_old_transactions', 'Transactions open longer than a minute'),
    parkedCommands: this.gaugeOf('fulcrum_parked_commands', 'Commands parked because a rule threw on them'),
    dueOrders: this.gaugeOf('fulcrum_due_orders', 'Orders whose clock was due at the last look'),
    expiredSubscriptions: this.gaugeOf('fulcrum_expired_subscriptions', 'Subscriptions that stand below what is kept of the log'),
    goneWebhooks: this.gaugeOf('fulcrum_gone_webhooks', 'Webhooks whose target answered 410: nothing is sent there any more'),
    historyHeldOrders: this.gaugeOf('fulcrum_history_held_orders', 'Open orders that keep a part of the log past its retention'),
    replannedOrders: this.gaugeOf('fulcrum_replanned_orders', 'Orders moved by planning them again together, since the start'),
    replanningsLost: this.gaugeOf('fulcrum_replannings_lost', 'Better plans that somebody was faster than, since the start'),
    replanningSaved: this.gaugeOf('fulcrum_replanning_saved', 'What that saved, minor units of the base currency, since the start'),
    subscriptionLag: this.gaugeOf('fulcrum_subscription_lag_events', 'Events that the slowest subscription has not dealt with'),
    logLag: this.gaugeOf('fulcrum_log_lag_events', 'Events of other processes this one has not seen yet'),
  }

  private gaugeOf(name: string, help: string): Gauge {
    return new Gauge({ name, help, registers: [this.registry] })
  }

  observe(what: Observed, value: number): void {
    if (what === 'batch') this.batchSize.observe(value)
    else if (what === 'delivery') this.deliveries.observe(value)
    else this.phases.observe({ step: what }, value)
  }

  gauge(name: Watched, value: number): void {
    this.gauges[name].set(value)
  }

  /** Adds figures that are read when they are asked for. */
  watch(hub: Hub): void {
    const read = (name: string, help: string, value: () => number): void => {
      const gauge: Gauge = new Gauge({ name, help, registers: [this.registry], collect: () => gauge.set(value()) })
    }
    read('fulcrum_waiting_commands', 'Commands waiting to be decided', () => hub.engine.depth)
    read('fulcrum_stock_positions', 'Stock positions held in memory', () => hub.memory.availability.positions)
    read('fulcrum_memory_bytes', 'Resident memory of the process', () => process.memoryUsage.rss())
  }

  text(): Promise<string> {
    return this.registry.metrics()
  }
}
