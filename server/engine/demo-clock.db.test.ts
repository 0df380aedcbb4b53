import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, test } from 'node:test'
import { openTestDatabase, testDatabase } from '../../test/support/database.ts'
import { orderOf, place } from '../../test/support/engine-hubs.ts'
import { putFacts } from '../../test/support/read-hub.ts'
import { DAY, HOUR, instant, MINUTE } from '../kernel/time.ts'
import { parseMasterKeys } from '../store/master-key.ts'
import { DemoClock, demoStart } from './demo-clock.ts'
import { type Hub, openHub } from './hub.ts'

const masterKeys = parseMasterKeys(randomBytes(32).toString('hex'))
const silent = { info() {}, warn() {}, error() {} }
const WALL = Date.UTC(2026, 10, 25, 10, 17)

const db = await testDatabase()
let wall = WALL
const open = (demo: boolean, connection = db.connection): Promise<Hub> =>
  openHub({ connection, masterKeys, log: silent, demo, wallNow: () => wall, roles: new Set(['api']) })
const clockOf = (hub: Hub) => {
  assert.ok(hub.demoClock !== undefined, 'the hub has the demo’s clock')
  return hub.demoClock
}

test('an empty database becomes the demo’s: its time starts five days back and steps and runs as told, never back', async () => {
  const hub = await open(true)
  const clock = clockOf(hub)
  assert.deepEqual(clock.read(), { at: demoStart(WALL), rate: 1 })
  assert.ok(WALL - clock.read().at >= 5 * DAY && WALL - clock.read().at < 5 * DAY + 30 * MINUTE)
  const stepped = await clock.move({ advanceSeconds: 3600, rate: 60 })
  assert.deepEqual(stepped, { at: demoStart(WALL) + HOUR, rate: 60 })
  wall += 1000
  assert.equal(clock.read().at, stepped.at + MINUTE)
  await clock.move({ rate: 0 })
  wall += 5000
  assert.equal(clock.read().at, stepped.at + MINUTE)
  await hub.stop()
  const again = await open(true)
  assert.deepEqual(clockOf(again).read(), { at: stepped.at + MINUTE, rate: 0 })
  await again.stop()
})

test('a step is answered when what came due by it has been handled', async () => {
  const hub = await open(true)
  await putFacts(hub, 'item', 'sku', [{ sku: 'tea', name: 'Tea' }])
  await putFacts(hub, 'node', 'nodeId', [{ nodeId: 'n1', name: 'N1', kind: 'dc', place: { countryCode: 'CN' } }])
  await putFacts(hub, 'channel', 'channelId', [
    { channelId: 'shop', platform: 'direct', name: 'Shop', currency: 'CNY', shortage: 'review' },
  ])
  await place(hub, orderOf('tea'))
  const dueAt = async () => Number((await db.pool.query('select next_due_at from order_states')).rows[0].next_due_at)
  const before = await dueAt()
  const { at } = await clockOf(hub).move({ advanceSeconds: 86_400 })
  assert.ok(before > 0 && before < at, `review was due at ${before}, now is ${at}`)
  assert.ok((await dueAt()) > at, 'the breach was recorded and the clock runs on')
  await hub.stop()
})

/** The clock of a hub with a keeper that is due every half hour and notes when it worked. */
function keptClock(hub: Hub, whileWorking: () => Promise<unknown> = async () => undefined) {
  const worked: number[] = []
  const start = hub.clock.now()
  let dueAt = start + 30 * MINUTE
  const settle = async (): Promise<void> => {
    const now = hub.clock.now()
    if (now < dueAt) return
    worked.push((now - start) / MINUTE)
    dueAt = now + 30 * MINUTE
    await whileWorking()
  }
  const keepers = { dueAt: () => instant(dueAt), settle }
  const clock = new DemoClock({ pool: hub.pool, clock: hub.clock, wallNow: () => wall, handleDue: async () => 0, keepers })
  return { clock, worked, start }
}

test('keepers that go by business time work at the times a step passes, each at its own', async () => {
  const hub = await open(true)
  const { clock, worked, start } = keptClock(hub)
  assert.equal((await clock.move({ advanceSeconds: 80 * 60, rate: 0 })).at, start + 80 * MINUTE)
  assert.deepEqual(worked, [30, 60])
  const { at, rate } = await clock.move({ advanceSeconds: 7 * 86_400 })
  assert.deepEqual([at, rate], [start + 80 * MINUTE + 7 * DAY, 0])
  assert.ok(worked.length < 100, 'a long step stops a bounded number of times')
  await hub.stop()
})

test('history is told of while it is lived; who says how fast time runs ends it where it stands, also within a step', async () => {
  const hub = await open(true)
  await clockOf(hub).move({ rate: 1 })
  const pause = () => kept.clock.move({ rate: 0 })
  const kept = keptClock(hub, async () => void (kept.worked.length === 3 && (await pause())))
  const until = instant(kept.start + 5 * HOUR)
  const step = { advanceSeconds: 3600, historyUntil: until }
  const first = await kept.clock.move(step)
  assert.deepEqual(first, { at: kept.start + HOUR, rate: 1, history: { from: kept.start, until } })
  const paused = { at: instant(kept.start + 90 * MINUTE), rate: 0 }
  assert.deepEqual(await kept.clock.move(step), paused)
  assert.deepEqual(await kept.clock.move(step), paused, 'a step of a history that is over is not taken')
  assert.deepEqual(await kept.clock.move({ advanceSeconds: 60 }), { at: paused.at + MINUTE, rate: 0 }, 'a visitor’s is')
  await hub.stop()
})

test('what a step of history made due waits for what the world tells of it: until the next move, and not for ever', async () => {
  const hub = await open(true)
  const handledAt: number[] = []
  const handleDue = async () => {
    handledAt.push((hub.clock.now() - start) / MINUTE)
    return 0
  }
  await clockOf(hub).move({ rate: 0 })
  const start = hub.clock.now()
  const keepers = { dueAt: () => undefined, settle: async () => undefined }
  const clock = new DemoClock({ pool: hub.pool, clock: hub.clock, wallNow: () => wall, handleDue, keepers })
  const step = { advanceSeconds: 3600, historyUntil: instant(start + 2 * HOUR) }
  await clock.move(step)
  assert.deepEqual([handledAt, clock.isUntold], [[], true])
  await clock.move(step)
  assert.deepEqual([handledAt, clock.isUntold], [[60], true], 'the first, before time goes on')
  wall += 20_000
  assert.equal(clock.isUntold, false, 'a world that says no more holds nothing up')
  await clock.move({ historyUntil: step.historyUntil })
  assert.deepEqual([handledAt, clock.isUntold, clock.read().history], [[60, 120], false, undefined])
  await clock.move({ advanceSeconds: 3600 })
  assert.deepEqual([handledAt, clock.isUntold], [[60, 120, 180], false], 'a visitor’s step is answered when it is handled')
  await hub.stop()
})

test('history is over when it has come to its end', async () => {
  const hub = await open(true)
  const { clock, start } = keptClock(hub)
  await clock.move({ rate: 1 })
  const other = keptClock(hub)
  const step = { advanceSeconds: 3600, historyUntil: instant(start + 2 * HOUR) }
  assert.ok((await other.clock.move(step)).history !== undefined)
  assert.deepEqual(await other.clock.move(step), { at: start + 2 * HOUR, rate: 1 })
  await hub.stop()
})

test('a database in which something has happened never becomes the demo’s', async () => {
  const other = await openTestDatabase()
  after(() => other.close())
  const hub = await open(false, other.connection)
  await putFacts(hub, 'item', 'sku', [{ sku: 'tea', name: 'Tea' }])
  await hub.stop()
  const again = await open(true, other.connection)
  assert.equal(again.demoClock, undefined)
  assert.equal(again.clock.now(), wall)
  await again.stop()
})
