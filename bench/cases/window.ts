import type { OrderInput } from '../../contract/entities/order.ts'
import type { Order } from '../../server/domain/order/state.ts'
import { openPlanOf, priceStanding } from '../../server/domain/placement/open-plan.ts'
import { PlanBoard } from '../../server/domain/placement/plan-board.ts'
import type { Hub } from '../../server/engine/hub.ts'
import { PlanWindowKeeper, TOGETHER_MAX } from '../../server/engine/plan-window-keeper.ts'
import { present } from '../../server/kernel/assert.ts'
import { idToInt8, type OrderId, parseId } from '../../server/kernel/ids.ts'
import { DAY, toIso, instant } from '../../server/kernel/time.ts'
import { parseMasterKeys } from '../../server/store/master-key.ts'
import { orderKeyOf, readOrders } from '../../server/store/order-reads.ts'
import { type BenchDatabase, CONTEXT, openBenchHub, placeCommand } from '../bench-hub.ts'
import { quantile, type Sample } from '../measure.ts'
import { seededRandom } from '../sourcing/random.ts'
import { ITEMS, orderSource } from '../world.ts'

/** Stock at the start and what comes in with each window, as shares of what all orders together ask for. */
const AT_START = 1.2
const COMING = 0.6
const CANCELLED = 0.03
const PROMISED_DAYS = 3

type Outcome = { orders: number; refused: number; extra: number; cost: number; late: number; lookMs: number[]; moved: number; lost: number }

/**
 * The bench's world with little stock: what all orders ask for, spread thin over the nodes, some of it on its way, some orders cancelled.
 * The same orders, arrivals and cancellations twice: each plan as it was made, and plans improved together window after window.
 */
export async function planWindow(db: BenchDatabase, count: number): Promise<Sample[]> {
  const none = await live(db, count, false)
  const window = await live(db, count, true)
  const per = (one: Outcome, value: number) => value / one.orders
  return [
    { name: 'window: fulfillment orders beyond the first, none', value: per(none, none.extra) * 100, unit: 'per 100 orders' },
    { name: 'window: fulfillment orders beyond the first, replanned', value: per(window, window.extra) * 100, unit: 'per 100 orders' },
    { name: 'window: extra fulfillment orders, replanned / none', value: window.extra / none.extra, unit: 'ratio', atMost: 1 },
    { name: 'window: cost of an order, none', value: per(none, none.cost), unit: 'minor units' },
    { name: 'window: cost of an order, replanned', value: per(window, window.cost), unit: 'minor units' },
    { name: 'window: cost, replanned / none', value: per(window, window.cost) / per(none, none.cost), unit: 'ratio', atMost: 1 },
    { name: 'window: late promises, none', value: per(none, none.late) * 100, unit: 'per 100 orders' },
    { name: 'window: late promises, replanned', value: per(window, window.late) * 100, unit: 'per 100 orders' },
    { name: 'window: orders short of stock, none', value: none.refused, unit: 'orders' },
    { name: 'window: orders short of stock, replanned', value: window.refused, unit: 'orders' },
    { name: 'window: orders moved', value: (window.moved / window.orders) * 100, unit: 'per 100 orders' },
    { name: `window: ${TOGETHER_MAX} orders planned together, p99`, value: quantile(window.lookMs, 0.99), unit: 'ms' },
  ]
}

async function live(db: BenchDatabase, count: number, isReplanned: boolean): Promise<Outcome> {
  const connection = await db.fresh()
  const hub = await openBenchHub(connection, parseMasterKeys(db.masterKey), { roles: new Set(['api']) })
  const random = seededRandom(41)
  const units = unitsAsked(count)
  await stockUp(hub, units, AT_START, random, true)
  const keeper = new PlanWindowKeeper({ ...hub, now: () => hub.clock.now(), gauge: () => undefined })
  const out: Outcome = { orders: 0, refused: 0, extra: 0, cost: 0, late: 0, lookMs: [], moved: 0, lost: 0 }
  const next = orderSource(23, 'P')
  const kept: OrderId[] = []
  const windows = Math.ceil(count / TOGETHER_MAX)
  for (let w = 0; w < windows; w++) {
    const placed = await placeWindow(hub, next, out)
    const stays = placed.filter(() => random() >= CANCELLED)
    for (const orderId of placed) if (!stays.includes(orderId)) await cancel(hub, orderId)
    await stockUp(hub, units, COMING / windows, random, false)
    if (isReplanned) {
      const started = performance.now()
      const found = await keeper.find(stays.map((orderId) => ({ order_id: idToInt8(orderId), is_open: true })))
      out.lookMs.push(performance.now() - started)
      await keeper.carryOut(found, stays.length)
    }
    kept.push(...stays)
  }
  await measure(hub, kept, out)
  const { moved, lost } = keeper.tally
  await hub.stop()
  return { ...out, moved, lost }
}

async function placeWindow(hub: Hub, next: () => OrderInput, out: Outcome): Promise<OrderId[]> {
  const placed: OrderId[] = []
  for (let i = 0; i < TOGETHER_MAX; i++) {
    const promisedBy = toIso(instant(hub.clock.now() + PROMISED_DAYS * DAY))
    const outcome = await hub.engine.submit(placeCommand(hub, { ...next(), promisedBy }), CONTEXT)
    if (outcome.status === 'done') placed.push(present(parseId('ord', outcome.value.orderId ?? ''), 'an order'))
    else if (outcome.code === 'stock_short') out.refused += 1
    else throw new Error(`an order was refused: ${outcome.code} ${outcome.detail.en}`)
  }
  return placed
}

async function cancel(hub: Hub, orderId: OrderId): Promise<void> {
  await hub.engine.submit({ kind: 'actOnOrder', orderId, action: { action: 'cancel', reason: 'bench' } } as never, CONTEXT)
}

/** Units of each item that the orders will ask for, as the world's popularity says. */
function unitsAsked(count: number): Float64Array {
  const asked = new Float64Array(ITEMS)
  const next = orderSource(23, 'P')
  for (let i = 0; i < count; i++)
    for (const { sku, quantity } of next().lines) asked[Number(sku.slice(4))] = (asked[Number(sku.slice(4))] ?? 0) + quantity
  return asked
}

/** A share of what will be asked for arrives, each unit at one of the nodes that stock its item. */
async function stockUp(hub: Hub, asked: Float64Array, share: number, random: () => number, isAll: boolean): Promise<void> {
  const { memory } = hub
  const arrived = new Map<string, number>()
  for (const [i, units] of asked.entries()) {
    const sku = `sku-${String(i).padStart(4, '0')}`
    const itemNo = memory.itemNo(sku)
    const nodes: number[] = []
    memory.availability.forEachNode(itemNo, (nodeNo) => nodes.push(nodeNo))
    for (let n = Math.floor(units * share + random()); n > 0; n--) {
      const key = `${itemNo}:${nodes[Math.floor(random() * nodes.length)]}`
      arrived.set(key, (arrived.get(key) ?? 0) + 1)
    }
  }
  const rows = [...arrived].map(([key, units]) => [...key.split(':'), units])
  if (isAll) await hub.pool.query('update stock set on_hand = 0, revision = revision + 1')
  await hub.pool.query(
    `update stock as s set on_hand = s.on_hand + row.units, revision = s.revision + 1
     from unnest($1::integer[], $2::integer[], $3::integer[]) as row (item_no, node_no, units)
     where s.item_no = row.item_no and s.node_no = row.node_no`,
    [rows.map((row) => row[0]), rows.map((row) => row[1]), rows.map((row) => row[2])],
  )
  const { rows: stock } = await hub.pool.query<Record<string, number>>(
    `select item_no as "itemNo", node_no as "nodeNo", on_hand as "onHand", soft, firm, committed, safety,
       backorder_limit as "backorderLimit", version, revision from stock`,
  )
  for (const row of stock) memory.setStock(row as never)
}

/** Every order that is left, priced as it stands by the same function. */
async function measure(hub: Hub, ids: readonly OrderId[], out: Outcome): Promise<void> {
  const now = hub.clock.now()
  const read: Order[] = []
  for (let i = 0; i < ids.length; i += 500) read.push(...(await readOrders(hub.pool, ids.slice(i, i + 500).map(orderKeyOf))))
  for (const order of read) {
    const open = openPlanOf(order, hub.facts, now)
    if (open === undefined) throw new Error(`${order.intake.orderId} is not open: ${order.state.state}`)
    const board = new PlanBoard(
      hub.facts,
      open.question.demands.map((demand) => demand.item.itemNo),
    )
    board.take(open, -1)
    out.orders += 1
    out.extra += open.works.length - 1
    out.cost += present(priceStanding(open, board.facts), 'a price').cost
    if (open.latest > (order.intake.promisedBy ?? Infinity)) out.late += 1
  }
}
