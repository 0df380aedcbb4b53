import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RestockKeeper } from '../../server/engine/restock-keeper.ts'
import type { Hub } from '../../server/engine/hub.ts'
import type { OrderId } from '../../server/kernel/ids.ts'
import { act, idOf, orderOf, place } from '../support/engine-hubs.ts'
import { chance, type Chance } from './random.ts'
import { CONTEXT, countStock, openWorld, putFacts, SILENT, type World } from './world.ts'

const SKUS = ['tea', 'cup'] as const
const SEEDS = process.env['FULCRUM_SIM_SEEDS']?.split(',').map(Number) ?? [3, 20_261_126]

async function seed(world: World, hub: Hub): Promise<void> {
  const place = { countryCode: 'CN', city: '上海', lat: 31.23, lng: 121.47 }
  await putFacts(hub, 'node', 'nodeId', [{ nodeId: 'n1', name: 'n1', kind: 'dc', place, zone: 'Asia/Shanghai' }])
  await putFacts(hub, 'channel', 'channelId', [
    { channelId: 'part', platform: 'direct', name: 'Part', shortage: 'partial', requiresPayment: false },
    { channelId: 'wait', platform: 'direct', name: 'Wait', shortage: 'backorder', requiresPayment: false },
  ])
  await putFacts(
    hub,
    'item',
    'sku',
    SKUS.map((sku) => ({ sku, name: sku })),
  )
  await countStock(
    hub,
    SKUS.map((sku) => ({ sku, nodeId: 'n1', onHand: 4 })),
  )
  for (const one of world.hubs) {
    await one.follower.settled()
    for (const sku of SKUS) while (!one.memory.items.has(sku)) await new Promise((resolve) => setImmediate(resolve))
    while (!one.memory.channels.has('wait')) await new Promise((resolve) => setImmediate(resolve))
  }
}

/** Buys, gives up, brings stock, fills carts and empties them, at either hub. */
async function trade(world: World, random: Chance, name: string, steps: number): Promise<void> {
  const mine: OrderId[] = []
  for (let step = 0; step < steps; step++) {
    const hub = random.pick(world.hubs)
    const sku = random.pick(SKUS)
    const kind = random.below(10)
    if (kind < 5) {
      const placed = await place(hub, orderOf(sku, 1 + random.below(4), { channelId: random.pick(['part', 'wait']) }))
      mine.push(idOf(placed))
    } else if (kind < 7) {
      const orderId = mine.splice(random.below(mine.length), 1)[0]
      if (orderId !== undefined) await act(hub, orderId, { action: 'cancel', reason: 'changed_mind' })
    } else if (kind < 9) {
      const input = { sku, nodeId: 'n1', delta: 1 + random.below(3), reason: 'receipt' }
      await hub.engine.submit({ kind: 'changeStock', rows: [{ index: 0, mode: 'adjust', input }] } as never, CONTEXT)
    } else {
      const wish = { key: `${name}-${step}`, sku, quantity: 1, expiresInSeconds: 900, inputHash: new Uint8Array(32) }
      const cart = await hub.engine.submit({ kind: 'makeReservation', ...wish } as never, CONTEXT)
      const { reservationId } = (cart.status === 'done' ? cart.value['reservation'] : {}) as { reservationId?: string }
      if (reservationId !== undefined)
        await hub.engine.submit({ kind: 'actOnReservation', reservationId, action: { action: 'release' } } as never, CONTEXT)
    }
  }
}

/** Free units of each item, and the units that orders wait for. */
async function standing({ db }: World): Promise<{ sku: string; free: number; waiting: number }[]> {
  const { rows } = await db.pool.query<{ sku: string; free: number; waiting: number }>(
    `select i.sku, sum(s.on_hand - s.soft - s.firm - s.committed - s.safety + s.backorder_limit)::int as free,
       (select count(*) from clocks as c join orders as o using (shard, order_id)
        where c.clock = 'stock' and c.state = 'running' and o.intake::json -> 'lines' -> 0 ->> 'sku' = i.sku)::int as waiting
     from stock as s join items as i using (item_no)
     group by i.sku`,
  )
  return rows
}

for (const seedNo of SEEDS)
  test(`seed ${seedNo}: when all is quiet nobody waits for an item of which units are free, however they came free`, async () => {
    const random = chance(seedNo)
    const world = await openWorld({ random: random.fork() })
    try {
      const [hub] = world.hubs
      assert.ok(hub !== undefined)
      const keeper = new RestockKeeper({ ...hub, watch: SILENT })
      await seed(world, hub)
      let isOver = false
      const keeping = (async () => {
        while (!isOver) {
          await keeper.runOnce()
          await new Promise((resolve) => setImmediate(resolve))
        }
      })()
      await Promise.all(Array.from({ length: 6 }, (_, i) => trade(world, random.fork(), `t${i}`, 25)))
      isOver = true
      await keeping
      // What the last turns freed is heard by the follower, looked at, and nobody else buys.
      for (const one of world.hubs) await one.follower.settled()
      while (await keeper.runOnce());
      const found = await standing(world)
      assert.deepEqual(
        found.filter(({ free, waiting }) => free > 0 && waiting > 0),
        [],
      )
      assert.ok(found.some(({ waiting }) => waiting > 0) || found.some(({ free }) => free > 0), 'something was left to tell by')
    } finally {
      await world.stop()
    }
  })
