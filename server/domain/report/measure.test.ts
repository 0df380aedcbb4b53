import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Measure, exceptionOf, measureAfter } from './measure.ts'

type Given = Parameters<typeof measureAfter>[1]
const event = (type: string, version: number, at: number, data: Given['data'] = {}): Given => ({
  type,
  subjectVersion: version,
  nodeIds: ['sh-1'],
  carrierIds: null,
  occurredAt: at,
  recordedAt: at + 1,
  data,
})
const costs: Readonly<Record<number, number>> = { 1: 700, 2: 300 }
const after = (events: readonly Given[], promisedBy?: number) =>
  events.reduce<Measure | undefined>((before, one) => measureAfter(before, one, (decisionNo) => costs[decisionNo], promisedBy), undefined)
const sourced = (decisionNo: number, deliverBy: number): Given['data'] => ({
  decisionNo,
  promise: { deliverBy: new Date(deliverBy).toISOString(), co2eGrams: 100 * decisionNo },
})

const cases: readonly [name: string, events: readonly Given[], expected: { readonly [K in keyof Measure]?: Measure[K] | undefined }][] = [
  [
    'the first piece of work ends a stage, the last one decides about the promise',
    [event('fulfillment.delivered', 1, 50), event('fulfillment.delivered', 2, 40), event('fulfillment.delivered', 3, 90)],
    { deliveredAt: 40, lastDeliveredAt: 90 },
  ],
  [
    'the first promise stands, whatever is promised later',
    [event('order.sourced', 1, 1, sourced(1, 1000)), event('order.sourced', 2, 2, sourced(2, 9000))],
    { promisedAt: 1000, co2eGrams: 200, cost: 1000 },
  ],
  [
    'a decision whose stock was given up costs nothing',
    [event('order.sourced', 1, 1, sourced(1, 1000)), event('order.stockReleased', 2, 2), event('order.sourced', 3, 3, sourced(2, 1000))],
    { cost: 300 },
  ],
  [
    'an event that is known already changes nothing',
    [event('order.sourced', 1, 1, sourced(1, 1000)), event('order.sourced', 1, 1, sourced(1, 1000))],
    { cost: 700, version: 1 },
  ],
  [
    'a past fact is a milestone where its time is known',
    [
      event('order.historyRecorded', 1, 5, { fact: 'approved' }),
      event('order.historyRecorded', 2, 7, { fact: 'delivered', detail: { time: 'unknown' } }),
    ],
    { acceptedAt: 5, deliveredAt: undefined },
  ],
]

for (const [name, events, expected] of cases)
  test(`measures: ${name}`, () => {
    const measured = after(events)
    for (const [key, value] of Object.entries(expected)) assert.deepEqual(measured?.[key as keyof Measure], value, key)
  })

test('measures: what the channel promised the buyer goes before the hub’s own promise', () => {
  assert.equal(after([event('order.received', 1, 1), event('order.sourced', 2, 2, sourced(1, 1000))], 500)?.promisedAt, 500)
})

test('exceptions: each event that tells of something going wrong is one, with its node; the others are none', () => {
  const backordered = { lines: [{ backordered: 0 }, { backordered: 2 }] }
  assert.deepEqual(exceptionOf(event('fulfillment.shortPicked', 1, 1, { nodeId: 'sh-1' })), { kind: 'short', nodeId: 'sh-1' })
  assert.deepEqual(exceptionOf({ ...event('order.sourced', 1, 1, backordered), nodeIds: ['sh-1', 'gz-1'] }), {
    kind: 'noStock',
    nodeId: undefined,
  })
  assert.deepEqual(exceptionOf(event('order.held', 1, 1)), { kind: 'hold', nodeId: 'sh-1' })
  assert.deepEqual(exceptionOf(event('parcel.moved', 1, 1, { to: 'lost', nodeId: 'gz-1' })), { kind: 'parcelTrouble', nodeId: 'gz-1' })
  for (const fine of [event('order.sourced', 1, 1), event('parcel.moved', 1, 1, { to: 'inTransit' }), event('order.accepted', 1, 1)])
    assert.equal(exceptionOf(fine), undefined)
})
