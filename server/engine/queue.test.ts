import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Fault } from '../kernel/fault.ts'
import { type Attempt, type Lane, lanes } from './command.ts'
import { CommandQueue } from './queue.ts'

let made = 0
const attempt = (lane: Lane): Attempt => ({
  command: { kind: `c${made++}` },
  context: { actor: { kind: 'person', id: 'test' }, lane },
  enqueuedAt: 0,
  rounds: 0,
  lookUp: false,
  resolve: () => undefined,
  reject: () => undefined,
})
const filled = (counts: Readonly<Record<Lane, number>>, limit = 10_000): CommandQueue => {
  const queue = new CommandQueue(limit)
  for (const lane of lanes) for (let i = 0; i < counts[lane]; i++) queue.put(attempt(lane))
  return queue
}
const tally = (taken: readonly Attempt[]) => lanes.map((lane) => taken.filter((one) => one.context.lane === lane).length)

/** What waits in each lane, how much is taken, and of which lanes it is. */
const shares: readonly [Record<Lane, number>, number, readonly number[]][] = [
  [{ interactive: 500, bulk: 500, clock: 500 }, 100, [60, 30, 10]],
  [{ interactive: 500, bulk: 0, clock: 0 }, 100, [100, 0, 0]],
  [{ interactive: 5, bulk: 500, clock: 500 }, 100, [5, 85, 10]],
  [{ interactive: 500, bulk: 3, clock: 500 }, 100, [87, 3, 10]],
  [{ interactive: 0, bulk: 0, clock: 500 }, 100, [0, 0, 100]],
  [{ interactive: 500, bulk: 500, clock: 500 }, 3, [1, 1, 1]],
  [{ interactive: 2, bulk: 2, clock: 2 }, 100, [2, 2, 2]],
]
for (const [counts, max, expected] of shares)
  test(`of ${JSON.stringify(counts)} a batch of ${max} takes ${expected.join(', ')}`, () => {
    assert.deepEqual(tally(filled(counts).take(max)), expected)
  })

test('nothing is lost, doubled or overtaken within its lane, whatever is put, taken and put back', () => {
  const step = fc.oneof(
    fc.record({ put: fc.constantFrom(...lanes) }),
    fc.record({ take: fc.integer({ min: 1, max: 9 }), back: fc.integer({ min: 0, max: 9 }) }),
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const queue = new CommandQueue(1000)
      const waiting: Record<Lane, Attempt[]> = { interactive: [], bulk: [], clock: [] }
      for (const one of steps) {
        if ('put' in one) {
          const put = attempt(one.put)
          queue.put(put)
          waiting[one.put].push(put)
          continue
        }
        const taken = queue.take(one.take)
        for (const lane of lanes) {
          const mine = taken.filter((each) => each.context.lane === lane)
          assert.deepEqual(mine, waiting[lane].splice(0, mine.length))
        }
        const back = taken.slice(0, one.back)
        queue.putBack(back)
        for (const lane of lanes) waiting[lane].unshift(...back.filter((each) => each.context.lane === lane))
        assert.equal(queue.length, waiting.interactive.length + waiting.bulk.length + waiting.clock.length)
      }
    }),
  )
})

test('a full lane refuses with a fault to come back later, and leaves room in the others', () => {
  const queue = filled({ interactive: 3, bulk: 0, clock: 0 }, 3)
  assert.throws(
    () => queue.put(attempt('interactive')),
    (error) => error instanceof Fault && error.code === 'overloaded' && error.retry === 'later' && error.retryAfterSeconds === 1,
  )
  queue.put(attempt('clock'))
  assert.deepEqual([queue.hasRoom('interactive'), queue.hasRoom('clock'), queue.length], [false, true, 4])
})

test('who waits for room goes on when some was taken, and at once where there is some', async () => {
  const queue = filled({ interactive: 0, bulk: 3, clock: 0 }, 3)
  let woken = 0
  const waiting = [queue.room('bulk').then(() => woken++), queue.room('bulk').then(() => woken++)]
  await Promise.resolve()
  assert.equal(woken, 0)
  queue.take(1)
  await Promise.all(waiting)
  assert.equal(woken, 2)
  await queue.room('bulk')
})

test('commands that were taken out of a batch are never refused for want of room', () => {
  const queue = filled({ interactive: 3, bulk: 0, clock: 0 }, 3)
  const taken = queue.take(2)
  queue.put(attempt('interactive'))
  queue.put(attempt('interactive'))
  queue.putBack(taken)
  assert.deepEqual(queue.take(2), taken)
})
