import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Sent, type Tap, TapQueue } from './taps.ts'

class Shelf {
  readonly values = new Map<string, string>()
  getItem = (key: string): string | null => this.values.get(key) ?? null
  setItem = (key: string, value: string): void => void this.values.set(key, value)
}
const tap = (key: string): Tap => ({ key, fulfillmentOrderId: 'ful_1', action: 'start', body: {} })

function queueOn(shelf: Shelf, answers: () => Sent, sent: string[], refused: string[] = [], who = 'ann'): TapQueue {
  const send = (one: Tap): Promise<Sent> => {
    sent.push(one.key)
    return Promise.resolve(answers())
  }
  return new TapQueue(
    shelf,
    who,
    send,
    () => undefined,
    (one) => refused.push(one.key),
  )
}

test('taps made without a network are kept over a reload and sent once, in order, when it is back', async () => {
  const shelf = new Shelf()
  const sent: string[] = []
  const offline = queueOn(shelf, () => ({ status: 'offline' }), sent)
  await offline.add(tap('a'))
  await offline.add(tap('b'))
  assert.deepEqual(
    offline.waiting.map((one) => one.key),
    ['a', 'b'],
  )
  sent.length = 0
  const back = queueOn(shelf, () => ({ status: 'done' }), sent)
  await back.flush()
  await back.flush()
  assert.deepEqual(sent, ['a', 'b'])
  assert.deepEqual(back.waiting, [])
})

test('a tap that the hub refuses is told and does not hold up the others', async () => {
  const shelf = new Shelf()
  const refused: string[] = []
  const queue = queueOn(shelf, () => ({ status: 'refused', error: 'no' }), [], refused)
  await queue.add(tap('a'))
  await queue.add(tap('b'))
  assert.deepEqual([refused, queue.waiting], [['a', 'b'], []])
})

test('what another program left in the store is no reason to fail', () => {
  const shelf = new Shelf()
  shelf.setItem('fulcrum.taps.ann', '{"broken')
  assert.deepEqual(queueOn(shelf, () => ({ status: 'done' }), []).waiting, [])
})

test('two tabs keep each other’s taps, and each is sent once', async () => {
  const shelf = new Shelf()
  const sent: string[] = []
  const [left, right] = [queueOn(shelf, () => ({ status: 'offline' }), []), queueOn(shelf, () => ({ status: 'offline' }), [])]
  await left.add(tap('a'))
  await right.add(tap('b'))
  await left.add(tap('c'))
  await queueOn(shelf, () => ({ status: 'done' }), sent).flush()
  assert.deepEqual([sent, left.waiting, right.waiting], [['a', 'b', 'c'], [], []])
})

test('nobody sends the taps of another person who used the same device', async () => {
  const shelf = new Shelf()
  const sent: string[] = []
  await queueOn(shelf, () => ({ status: 'offline' }), []).add(tap('a'))
  await queueOn(shelf, () => ({ status: 'done' }), sent, [], 'bob').flush()
  assert.deepEqual(sent, [])
})
