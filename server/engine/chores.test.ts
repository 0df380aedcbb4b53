import assert from 'node:assert/strict'
import { test } from 'node:test'
import { instant } from '../kernel/time.ts'
import { type Chore, Chores } from './chores.ts'

/** A chore whose turns the test ends: `turn()` resolves when the next one begins, with the means to end it. */
function chore(name: string, everyMs: number) {
  type Turn = { end(hasMore?: boolean): void; fail(error: Error): void }
  const begun: Turn[] = []
  let waiting: ((turn: Turn) => void) | undefined
  let atOnce = 0
  let most = 0
  const runOnce = async (): Promise<boolean> => {
    most = Math.max(most, ++atOnce)
    const { promise, resolve, reject } = Promise.withResolvers<boolean>()
    const turn = { end: (hasMore = false) => resolve(hasMore), fail: reject }
    if (waiting === undefined) begun.push(turn)
    else waiting(turn)
    waiting = undefined
    return promise.finally(() => (atOnce -= 1))
  }
  const one: Chore = { name, everyMs, runOnce }
  const turn = (): Promise<Turn> => {
    const first = begun.shift()
    return first === undefined ? new Promise((resolve) => (waiting = resolve)) : Promise.resolve(first)
  }
  return { one, turn, begun, most: () => most }
}

test('a chore comes again at its turn, at once where there is more, and never twice at the same time', { timeout: 10_000 }, async () => {
  const idle = chore('idle', 1)
  const keepAlive = setInterval(() => undefined, 1000) // chores do not keep a process alive by themselves
  const chores = new Chores([idle.one], () => assert.fail('nothing fails'))
  chores.start()
  for (let i = 0; i < 4; i++) (await idle.turn()).end(i % 2 === 0)
  const last = await idle.turn()
  assert.deepEqual([chores.report('idle').runs, idle.most(), idle.begun.length], [4, 1, 0])
  last.end()
  await chores.stop()
  clearInterval(keepAlive)
})

test('a chore that fails is reported, counted and tried again; the others do not notice', { timeout: 10_000 }, async () => {
  const [weak, strong] = [chore('weak', 1), chore('strong', 1)]
  const keepAlive = setInterval(() => undefined, 1000)
  const failures: string[] = []
  const chores = new Chores([weak.one, strong.one], (name, error) => failures.push(`${name}: ${String(error)}`))
  chores.start()
  ;(await weak.turn()).fail(new Error('no database'))
  ;(await strong.turn()).end()
  ;(await weak.turn()).end()
  const third = await weak.turn()
  assert.deepEqual(failures, ['weak: Error: no database'])
  assert.deepEqual(
    [chores.report('weak').runs, chores.report('weak').failures, chores.report('weak').lastError],
    [2, 1, 'Error: no database'],
  )
  third.end()
  const next = await strong.turn()
  assert.equal(chores.report('strong').failures, 0)
  next.end()
  await chores.stop()
  clearInterval(keepAlive)
})

test('stopping waits for what is under way and starts nothing more', { timeout: 10_000 }, async () => {
  const slow = chore('slow', 1)
  const keepAlive = setInterval(() => undefined, 1000)
  const chores = new Chores([slow.one], () => undefined)
  chores.start()
  const turn = await slow.turn()
  let isStopped = false
  const stopping = chores.stop().then(() => (isStopped = true))
  await new Promise((resolve) => setImmediate(resolve))
  assert.equal(isStopped, false)
  turn.end(true)
  await stopping
  assert.deepEqual([chores.report('slow').runs, slow.begun.length], [1, 0])
  clearInterval(keepAlive)
})

test('a chore that never ran says so', () => {
  assert.deepEqual(new Chores([], () => undefined).report('none'), { runs: 0, failures: 0, lastError: undefined })
})

test('settling lets chores that go by business time work until there is no more, within a bound, after the turn under way; others not', async () => {
  const keeper = { ...chore('keeper', 1_000_000), dueAt: 700 }
  const other = chore('other', 1_000_000)
  const one: Chore = { ...keeper.one, byBusinessTime: true, dueAt: () => instant(keeper.dueAt) }
  const chores = new Chores(
    [one, { ...one, dueAt: () => instant(900), name: 'later', runOnce: async () => true }, other.one],
    () => undefined,
  )
  assert.equal(chores.dueAt(), 700)
  await chores.settle(3)
  assert.equal(chores.report('later').runs, 0, 'stopped chores do nothing')
  chores.start()
  const settled = Promise.all([chores.settle(3), chores.settle(3)])
  for (const hasMore of [true, false, false]) (await keeper.turn()).end(hasMore)
  await settled
  assert.deepEqual([chores.report('keeper').runs, keeper.most(), chores.report('later').runs, chores.report('other').runs], [3, 1, 6, 0])
  await chores.stop()
})
