import type { Client } from '../../contract/client.ts'
import type { OrderSummary } from '../../contract/entities/order-summary.ts'
import type { Tally } from '../run/hub-api.ts'
import { stockOf } from '../world/stock.ts'
import { CHANNELS } from '../world/channels.ts'
import type { World } from '../world/world.ts'
import { all, from } from './pages.ts'

/** One thing that the world expects, beside what the hub says of it. */
export type Comparison = { readonly what: string; readonly expected: number; readonly found: number }

const OVER: readonly OrderSummary['phase'][] = ['complete', 'cancelled']

export type Findings = { readonly comparisons: readonly Comparison[]; readonly phases: Readonly<Record<string, number>> }

/** Reads everything that the hub shows and holds it against what the world did. `told` are the orders that the hub has acknowledged. */
export async function compareWithHub(client: Client, world: World, tally: Tally, told: ReadonlySet<string>): Promise<Findings> {
  const orders = await lookAtOrders(client, told)
  const stock = await lookAtStock(client)
  const open = await lookAtOpenWork(client)
  const seeded = stockOf(world.seed, world.nodes, world.items).reduce((sum, row) => sum + row.onHand, 0)
  const comparisons = [
    { what: 'orders acknowledged, that the hub has', expected: told.size, found: orders.known },
    { what: 'orders that the hub has and nobody was told of', expected: 0, found: orders.unknown },
    { what: 'references with two orders', expected: 0, found: orders.twice },
    { what: 'orders that owe something and have no clock', expected: 0, found: orders.clockless },
    { what: 'units on hand', expected: seeded + tally.of('units.added') - tally.of('units.left'), found: stock.onHand },
    { what: 'units in open fulfillment orders, that are held for them', expected: open, found: stock.held },
    { what: 'stock positions promised beyond what is there', expected: 0, found: stock.oversold },
    {
      what: 'fulfillment orders handed over or collected',
      expected: tally.of('work.handOver') + tally.of('work.collect'),
      found: await lookAtLeft(client),
    },
    { what: 'parcels that their carriers have delivered', expected: tally.of('parcel.delivered'), found: await lookAtDelivered(client) },
    { what: 'bodies that no order could be made of, in an inbox', expected: tally.of('body.inbox'), found: await lookAtInboxes(client) },
    { what: 'forged bodies taken', expected: 0, found: tally.of('forged.taken') },
  ]
  return { comparisons, phases: orders.phases }
}

async function lookAtOrders(client: Client, told: ReadonlySet<string>) {
  const phases: Record<string, number> = {}
  const refs = new Set<string>()
  const seen = { known: 0, unknown: 0, twice: 0, clockless: 0, phases }
  for await (const order of all((cursor) => client.call('order.list', { query: { limit: 200, ...from(cursor) } }))) {
    const ref = `${order.channelId}/${order.externalRef}`
    if (refs.has(ref)) seen.twice += 1
    refs.add(ref)
    if (told.has(order.orderId)) seen.known += 1
    else seen.unknown += 1
    if (order.nextDueAt === undefined && !OVER.includes(order.phase)) seen.clockless += 1
    phases[order.phase] = (phases[order.phase] ?? 0) + 1
  }
  return seen
}

async function lookAtStock(client: Client) {
  const sums = { onHand: 0, held: 0, oversold: 0 }
  for await (const row of all((cursor) => client.call('stock.list', { query: { limit: 1000, ...from(cursor) } }))) {
    sums.onHand += row.onHand
    sums.held += row.soft + row.firm + row.committed
    if (row.available < 0) sums.oversold += 1
  }
  return sums
}

async function lookAtOpenWork(client: Client): Promise<number> {
  let units = 0
  for (const work of ['planned', 'ready', 'inProgress', 'short', 'readyForPickup'] as const)
    for await (const one of all((cursor) => client.call('fulfillment.list', { query: { work, limit: 200, ...from(cursor) } })))
      units += one.lines.reduce((sum, line) => sum + line.quantity, 0)
  return units
}

async function lookAtLeft(client: Client): Promise<number> {
  let count = 0
  for (const work of ['handedOver', 'done'] as const)
    for await (const _ of all((cursor) => client.call('fulfillment.list', { query: { work, limit: 200, ...from(cursor) } }))) count += 1
  return count
}

async function lookAtDelivered(client: Client): Promise<number> {
  let count = 0
  for await (const _ of all((cursor) => client.call('parcel.list', { query: { state: 'delivered', limit: 100, ...from(cursor) } })))
    count += 1
  return count
}

async function lookAtInboxes(client: Client): Promise<number> {
  let count = 0
  for (const { channelId } of CHANNELS)
    for await (const _ of all((cursor) =>
      client.call('channel.inbox', { params: { channelId }, query: { state: 'open', limit: 200, ...from(cursor) } }),
    ))
      count += 1
  return count
}
