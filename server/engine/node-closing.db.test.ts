import assert from 'node:assert/strict'
import { test } from 'node:test'
import { count, fillShop, hubDatabase, idOf, orderOf, PERSON, place } from '../../test/support/engine-hubs.ts'
import { putFacts } from '../../test/support/read-hub.ts'
import { present } from '../kernel/assert.ts'
import { Fault } from '../kernel/fault.ts'
import type { OrderId } from '../kernel/ids.ts'
import { readClosure } from '../store/node-closures.ts'
import { orderKeyOf, readOrders } from '../store/order-reads.ts'
import type { Engine } from './engine.ts'
import { closeNode, closureChore, openNode } from './node-closing.ts'

const { db, open } = await hubDatabase()
const hub = await open()
await fillShop(hub, { tea: 20 })
const at = { countryCode: 'CN', city: '北京', lat: 39.9, lng: 116.4 }
await putFacts(hub, 'node', 'nodeId', [{ nodeId: 'n2', name: 'n2', kind: 'dc', place: at, zone: 'Asia/Shanghai' }])

/** Stands between the chore and the engine: moving away fails while it is told to. */
let isBroken = true
let asked = 0
const engine = new Proxy(hub.engine, {
  get(target, property) {
    if (property !== 'submit') return Reflect.get(target, property, target)
    return (...args: Parameters<Engine['submit']>) => {
      const { action } = args[0] as { action?: { action: string } }
      if (action?.action !== 'evacuate') return target.submit(...args)
      asked += 1
      return isBroken ? Promise.reject(new Fault('database_busy', 'in this test', 'later')) : target.submit(...args)
    }
  },
})
let wall = 0
const warned: string[] = []
const deps = { engine, pool: hub.pool, now: () => hub.clock.now(), wallNow: () => wall }
const chore = closureChore(deps, { warn: (_data, message) => void warned.push(message) })
async function turns(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await chore.runOnce()
}
const stateOf = async (orderId: OrderId) => present((await readOrders(db.pool, [orderKeyOf(orderId)]))[0], 'the order').state
const tasksOf = async (orderId: OrderId) =>
  ((await stateOf(orderId)).tasks ?? []).map(({ kind, owner, doneAt }) => [kind, owner, doneAt !== undefined])
const nodesOf = async (orderId: OrderId) =>
  (await stateOf(orderId)).fulfillmentOrders.filter(({ work }) => work !== 'cancelled').map(({ nodeId }) => nodeId)
const leftAt = async (nodeId: string) => {
  const { moved, left_behind: left, state } = present(await readClosure(hub.pool, hub.memory.nodeNo(nodeId)), 'the closure')
  return { state, moved, left }
}

test('work whose move fails is an agent’s task at once, is tried again after a minute, and its task ends when it has left', async () => {
  const order = idOf(await place(hub, orderOf('tea', 2)))
  assert.deepEqual(await nodesOf(order), ['n1'])
  await count(hub, [{ sku: 'tea', nodeId: 'n2', onHand: 20 }])
  await closeNode(deps, 'n1', { reason: 'flood', begun: 'finish' }, PERSON)
  await turns()
  assert.deepEqual(await tasksOf(order), [['nodeClosed', 'agent', false]])
  assert.deepEqual(await leftAt('n1'), { state: 'closed', moved: 0, left: 1 })
  assert.equal(asked, 1, 'not again before its time')
  wall += 60_000
  await turns()
  assert.deepEqual([asked, (await tasksOf(order)).length], [2, 1], 'tried again, told once')
  isBroken = false
  wall += 120_000
  await turns()
  assert.deepEqual([await nodesOf(order), await tasksOf(order)], [['n2'], [['nodeClosed', 'agent', true]]])
  assert.deepEqual(await leftAt('n1'), { state: 'closed', moved: 1, left: 0 })
})

test('what fails again and again is left to its task; a process that starts tries anew', async () => {
  await openNode(deps, 'n1', PERSON)
  const order = idOf(await place(hub, orderOf('tea', 1)))
  assert.deepEqual(await nodesOf(order), ['n1'])
  ;[isBroken, asked] = [true, 0]
  await closeNode(deps, 'n1', { reason: 'flood', begun: 'finish' }, PERSON)
  for (let hour = 0; hour < 24; hour++, wall += 3_600_000) await turns()
  assert.deepEqual([asked, warned.at(-1)], [6, 'work could not leave a node that closed and is tried no more; its task stays'])
  assert.deepEqual(await tasksOf(order), [['nodeClosed', 'agent', false]])
  await openNode(deps, 'n1', PERSON)
  await closeNode(deps, 'n1', { reason: 'flood again', begun: 'finish' }, PERSON)
  await turns()
  assert.equal(asked, 7, 'a new closure tries what the one before gave up')
  isBroken = false
  await closureChore(deps, { warn: (_data, message) => void warned.push(message) }).runOnce()
  assert.deepEqual([await nodesOf(order), await tasksOf(order)], [['n2'], [['nodeClosed', 'agent', true]]])
})

test('a node that opened before the next try keeps the work', async () => {
  await openNode(deps, 'n1', PERSON)
  const order = idOf(await place(hub, orderOf('tea', 1)))
  ;[isBroken, asked] = [true, 0]
  await closeNode(deps, 'n1', { reason: 'flood', begun: 'finish' }, PERSON)
  await turns()
  await openNode(deps, 'n1', PERSON)
  isBroken = false
  wall += 3_600_000
  await turns()
  assert.deepEqual([asked, await nodesOf(order)], [1, ['n1']])
})
