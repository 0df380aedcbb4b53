import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Sent, type Tap, TapQueue } from './taps.ts'

class Shelf {
  value: string | null = null
  getItem = (): string | null => this.value
  setItem = (_: string, value: string): void => {
    this.value = value
  }
}
const tap = (key: string): Tap => ({ key, fulfillmentOrderId: 'ful_1', action: 'start', body: {} })

function queueOn(shelf: Shelf, answers: () => Sent, sent: string[], refused: string[] = []): TapQueue {
  const send = (one: Tap): Promise<Sent> => {
    sent.push(one.key)
    return Promise.resolve(answers())
  }
  return new TapQueue(
    shelf,
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
  shelf.value = '{"broken'
  assert.deepEqual(queueOn(shelf, () => ({ status: 'done' }), []).waiting, [])
})
