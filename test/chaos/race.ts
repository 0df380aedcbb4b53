import { type OrderId, type PersonId, shardOfRef } from '../../server/kernel/ids.ts'
import type { CommandOutcome } from '../../server/engine/command.ts'
import type { Hub } from '../../server/engine/hub.ts'
import { verifyDatabase } from '../../server/store/verify/verify-database.ts'
import { oversoldIn } from '../sim/check-history.ts'
import { chance } from '../sim/random.ts'
import { CONTEXT, countStock, openWorld, putFacts } from '../sim/world.ts'

export type Race = { readonly rounds: number; readonly winners: number; readonly problems: readonly string[]; readonly ms: number }

/** Rounds in which many buyers want the one unit of an item at once, over two hubs: one wins, all others are told that stock is short. */
export async function raceForOneUnit(options: { readonly rounds: number; readonly buyers: number; readonly seed: number }): Promise<Race> {
  const started = performance.now()
  const random = chance(options.seed)
  const world = await openWorld({ random, batchSizeMax: 1000 })
  const problems: string[] = []
  let winners = 0
  try {
    const [first] = world.hubs
    if (first === undefined) throw new Error('a race needs a hub')
    await putFacts(first, 'node', 'nodeId', [
      {
        nodeId: 'sh-1',
        name: '上海',
        kind: 'dc',
        place: { countryCode: 'CN', city: '上海', lat: 31.23, lng: 121.47 },
        zone: 'Asia/Shanghai',
      },
    ])
    await putFacts(first, 'channel', 'channelId', [{ channelId: 'shop', platform: 'direct', name: 'Shop' }])
    for (let round = 0; round < options.rounds; round++) {
      const sku = `unit-${round}`
      await putFacts(first, 'item', 'sku', [{ sku, name: sku }])
      await countStock(first, [{ sku, nodeId: 'sh-1', onHand: 1 }])
      for (const hub of world.hubs) await hub.follower.settled()
      await known(world.hubs, sku)
      const outcomes = await Promise.all(
        Array.from({ length: options.buyers }, (_, i) => buy(world.hubs[i % world.hubs.length] ?? first, sku, i)),
      )
      const won = outcomes.filter((one) => one.status === 'done').length
      winners += won
      if (won !== 1) problems.push(`round ${round}: ${won} winners`)
      for (const one of outcomes)
        if (one.status === 'refused' && one.code !== 'stock_short') problems.push(`round ${round}: refused with ${one.code}`)
    }
    const report = await verifyDatabase(world.db.pool)
    for (const one of report.checks) if (one.violations > 0) problems.push(`${one.check}: ${one.examples.join(' | ')}`)
    problems.push(...(await oversoldIn(world.db.pool)).problems)
    return { rounds: options.rounds, winners, problems, ms: performance.now() - started }
  } finally {
    await world.stop()
  }
}

/** Both hubs have heard of the item. */
async function known(hubs: readonly Hub[], sku: string): Promise<void> {
  while (hubs.some((hub) => !hub.memory.items.has(sku))) await new Promise((resolve) => setImmediate(resolve))
}

function buy(hub: Hub, sku: string, buyer: number): Promise<CommandOutcome> {
  const ref = `${sku}-${buyer}`
  const order = {
    channelId: 'shop',
    externalRef: ref,
    currency: 'CNY',
    shipTo: { countryCode: 'CN', city: '杭州', lat: 30.28, lng: 120.13 },
    lines: [{ lineRef: '1', sku, quantity: 1, unitPrice: 1000 }],
  }
  const seal = (orderId: OrderId) => hub.vault.seal(`per_${orderId.slice(4)}` as PersonId, '{}')
  const command = { kind: 'placeOrder', order, origin: 'api', inputHash: Buffer.from(ref), shard: shardOfRef('shop', ref), seal } as const
  return hub.engine.submit(command as never, CONTEXT)
}
