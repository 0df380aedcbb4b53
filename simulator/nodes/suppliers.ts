import type { StockAdjustmentInput } from '../../contract/entities/stock.ts'
import type { Actor } from '../run/actor.ts'
import type { Agenda } from '../run/agenda.ts'
import type { HubApi } from '../run/hub-api.ts'
import { dayOf } from '../world/hours.ts'

/** Deliveries come before the shops open. */
const HOUR_OF_DAY = 4
const HOUR = 3_600_000
const BEFORE = 12 * HOUR
const ROWS = 5000

type Options = { readonly hub: HubApi; readonly agenda: Agenda }
type Gone = { readonly sku: string; readonly nodeId: string; units: number }

/** Suppliers: every morning they bring what has left the shelves, and what was ordered and is due. */
export class Suppliers implements Actor {
  readonly name = 'suppliers'
  readonly #hub: HubApi
  readonly #agenda: Agenda
  readonly #gone = new Map<string, Gone>()
  #day: number | undefined

  constructor({ hub, agenda }: Options) {
    this.#hub = hub
    this.#agenda = agenda
  }

  /** Units left a node. */
  note(nodeId: string, lines: readonly { readonly sku: string; readonly quantity: number }[]): void {
    for (const { sku, quantity } of lines) {
      const key = `${sku}\n${nodeId}`
      const gone = this.#gone.get(key) ?? { sku, nodeId, units: 0 }
      gone.units += quantity
      this.#gone.set(key, gone)
    }
  }

  plan({ to }: { readonly to: number }): void {
    const day = dayOf(to - HOUR_OF_DAY * HOUR)
    const isNewDay = this.#day !== undefined && this.#day !== day
    this.#day = day
    if (!isNewDay) return
    this.#agenda.plan(to, () => this.#refill(day))
    this.#agenda.plan(to, () => this.#receive(day, to))
  }

  async #refill(day: number): Promise<void> {
    const rows = [...this.#gone.values()].map(({ sku, nodeId, units }) => receipt(sku, nodeId, units, `refill-${day}`))
    this.#gone.clear()
    await this.#bring(rows)
  }

  /** Dated supply whose day has come: trucks bring it before the hour that was named, and the order for it is over. */
  async #receive(day: number, now: number): Promise<void> {
    const { items } = await this.#hub.client.call('supply.list', { query: { limit: 1000 } })
    const due = items.filter(({ availableAt, quantity, received }) => Date.parse(availableAt) <= now + BEFORE && (received ?? 0) < quantity)
    if (due.length === 0) return
    await this.#bring(
      due.map(({ supplyId, sku, nodeId, quantity, received }) => receipt(sku, nodeId, quantity - (received ?? 0), `${supplyId}-${day}`)),
    )
    await this.#hub.client.call('supply.put', {
      body: due.map(({ supplyId, sku, nodeId, kind, quantity, availableAt }) => ({
        supplyId,
        sku,
        nodeId,
        kind,
        quantity,
        availableAt,
        received: quantity,
      })),
    })
  }

  async #bring(rows: readonly StockAdjustmentInput[]): Promise<void> {
    for (let i = 0; i < rows.length; i += ROWS) await this.#hub.client.call('stock.adjust', { body: rows.slice(i, i + ROWS) })
    this.#hub.tally.add(
      'units.added',
      rows.reduce((sum, { delta }) => sum + delta, 0),
    )
  }
}

const receipt = (sku: string, nodeId: string, delta: number, ref: string): StockAdjustmentInput => ({
  sku,
  nodeId,
  delta,
  reason: 'receipt',
  ref,
})
