import { setTimeout as wait } from 'node:timers/promises'
import type { OrderInput } from '../../contract/entities/order.ts'
import type { WorkAction } from '../../contract/entities/fulfillment-order.ts'
import type { ActOnOrder } from '../../server/engine/families/order-command.ts'
import type { Hub } from '../../server/engine/hub.ts'
import { closeNode } from '../../server/engine/node-closing.ts'
import { present } from '../../server/kernel/assert.ts'
import type { OrderId } from '../../server/kernel/ids.ts'
import { parseMasterKeys } from '../../server/store/master-key.ts'
import { readClosure } from '../../server/store/node-closures.ts'
import { type BenchDatabase, CONTEXT, inWindow, openBenchHub, placeCommand } from '../bench-hub.ts'
import { medianOf, type Sample } from '../measure.ts'
import { CHANNEL, HOT_NODE, orderSource } from '../world.ts'

const WAVE = 500
const WINDOW = 2000

type Placed = { readonly orderId: OrderId; readonly fulfillmentOrderId: string }

/** What one node does with its queue: waves of 500 from the shelf to the carrier, and a closure that reroutes what is left. */
export async function nodeWork(db: BenchDatabase, count: number): Promise<Sample[]> {
  const hub = await openBenchHub(await db.fresh(), parseMasterKeys(db.masterKey))
  const waves = 5
  const placed = await placeAt(hub, HOT_NODE, count + waves * WAVE)
  const packed: number[] = []
  for (let i = 0; i < waves; i++) {
    const wave = placed.slice(i * WAVE, (i + 1) * WAVE)
    for (const verb of ['start', 'pick', 'pack', 'handOver'] as const) {
      const start = performance.now()
      await work(hub, wave, verb)
      if (verb === 'pack') packed.push(performance.now() - start)
    }
  }
  const { seconds, moved } = await close(hub, HOT_NODE)
  await hub.stop()
  if (moved !== count) throw new Error(`${moved} of ${count} fulfillment orders moved; others have stock for all`)
  return [
    { name: `a wave of ${WAVE} fulfillment orders packed, in process`, value: medianOf(packed), unit: 'ms', atMost: 150 },
    { name: `a node with ${count.toLocaleString('en')} open orders closed: all rerouted`, value: seconds, unit: 's', atMost: 10 },
  ]
}

/** Orders of items that the node stocks, all sourced there: their channel serves from no other node until they are placed. */
async function placeAt(hub: Hub, nodeId: string, count: number): Promise<Placed[]> {
  const { memory } = hub
  const nodeNo = memory.nodeNo(nodeId)
  const serve = async (nodes: readonly string[] | undefined): Promise<void> => {
    const doc = { channelId: CHANNEL, platform: 'direct', name: 'Bench', currency: 'CNY', ...(nodes === undefined ? {} : { nodes }) }
    await hub.engine.submit({ kind: 'putFacts', fact: 'channel', rows: [{ index: 0, key: CHANNEL, doc }] } as never, CONTEXT)
  }
  await serve([nodeId])
  const next = orderSource(5, 'N', 1)
  const isHere = (order: OrderInput) => order.lines.every((line) => memory.availability.availableAt(memory.itemNo(line.sku), nodeNo) > 2)
  const orders: OrderInput[] = []
  while (orders.length < count) {
    const order = next()
    if (isHere(order)) orders.push(order)
  }
  const outcomes = await inWindow(count, WINDOW, (i) => hub.engine.submit(placeCommand(hub, present(orders[i], 'an order')), CONTEXT))
  await serve(undefined)
  return outcomes.map((outcome) => {
    if (outcome.status === 'refused') throw new Error(`an order was refused: ${outcome.code} ${JSON.stringify(outcome.got)}`)
    const { intake, state } = present(outcome.value.change, 'a change').after
    const one = present(state.fulfillmentOrders[0], 'work')
    if (one.nodeId !== nodeId) throw new Error(`an order was sourced at ${one.nodeId}`)
    return { orderId: intake.orderId, fulfillmentOrderId: one.fulfillmentOrderId }
  })
}

async function work(hub: Hub, wave: readonly Placed[], verb: WorkAction): Promise<void> {
  const outcomes = await Promise.all(
    wave.map(({ orderId, fulfillmentOrderId }) => {
      const command: ActOnOrder = { kind: 'actOnOrder', orderId, action: { action: 'work', fulfillmentOrderId, verb } }
      return hub.engine.submit(command, CONTEXT)
    }),
  )
  const refused = outcomes.find((outcome) => outcome.status === 'refused')
  if (refused !== undefined) throw new Error(`${verb} was refused: ${JSON.stringify(refused)}`)
}

/** From the request until the sweep is through: the hub's own chore does it, beside everything else. */
async function close(hub: Hub, nodeId: string): Promise<{ seconds: number; moved: number }> {
  const deps = { engine: hub.engine, pool: hub.pool, now: () => hub.clock.now() }
  const nodeNo = hub.memory.nodeNo(nodeId)
  const start = performance.now()
  await closeNode(deps, nodeId, { reason: 'bench', begun: 'finish' }, CONTEXT)
  for (;;) {
    const row = await readClosure(hub.pool, nodeNo)
    if (row?.state === 'closed') return { seconds: (performance.now() - start) / 1000, moved: row.moved }
    await wait(20)
  }
}
