import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hourOf } from '../world/hours.ts'
import { worldOf } from '../world/world.ts'
import { arrivesAt, shortPick, stepsOf } from './job.ts'

const world = worldOf(1)
const NOW = Date.parse('2026-11-25T03:10:00+08:00') // at night, when no warehouse works

const workAt = (nodeId: string, i: number, more: object = {}) => ({
  fulfillmentOrderId: `ful_${String(i).padStart(13, '0')}`,
  version: 1,
  orderId: 'ord_0000000000000',
  channelId: 'app',
  externalRef: `A${i}`,
  placedAt: new Date(NOW).toISOString(),
  nodeId,
  work: 'planned' as const,
  request: 'none' as const,
  carrierId: 'zto',
  serviceId: 'standard',
  deliverBy: new Date(NOW + 3 * 86_400_000).toISOString(),
  shipTo: { countryCode: 'CN', region: '浙江' },
  lines: [{ lineRef: '1', sku: 'TEA-001', quantity: 2, picked: 0, packed: 0, short: 0 }],
  parcels: [],
  isHeld: false,
  allowedActions: ['accept' as const],
  ...more,
})
const stepsAt = (nodeId: string, i: number, more: object = {}) =>
  stepsOf(workAt(nodeId, i, more), { seed: 1, node: world.nodes.find((node) => node.nodeId === nodeId), now: NOW, freeAt: 0 })

test('a front warehouse accepts work at once, others within the hour; it is done step by step in the hours of its node', () => {
  for (const nodeId of ['dc-001', 'fw-001', 'plant-1'])
    for (let i = 0; i < 50; i++) {
      const steps = stepsAt(nodeId, i)
      if (steps[0]?.row.action === 'reject') continue
      assert.deepEqual(
        steps.map(({ row }) => row.action),
        ['accept', 'start', 'pick', 'pack', 'handOver'],
      )
      assert.deepEqual(
        steps.map(({ at }) => at),
        steps.map(({ at }) => at).toSorted((a, b) => a - b),
      )
      const wait = (steps[0]?.at ?? 0) - NOW
      assert.ok(nodeId === 'fw-001' ? wait === 0 : wait >= 600_000 && wait <= 3_000_000, `${nodeId}: ${wait}`)
      assert.ok(hourOf(steps[1]?.at ?? 0) >= 7, `${nodeId} starts at ${hourOf(steps[1]?.at ?? 0)}`)
    }
})

test('the same work is done the same way, and goes on from where it stands', () => {
  assert.deepEqual(stepsAt('dc-001', 7), stepsAt('dc-001', 7))
  const begun = stepsAt('dc-001', 8, { work: 'inProgress' as const })
  assert.deepEqual(
    begun.map(({ row }) => row.action),
    ['pick', 'pack', 'handOver'],
  )
  assert.deepEqual(stepsAt('dc-001', 8, { work: 'handedOver' as const }), [])
})

test('some work is refused, some picks find less', () => {
  const all = Array.from({ length: 1500 }, (_, i) => stepsAt('dc-001', i)).flat()
  const share = (isIt: (row: (typeof all)[number]['row']) => boolean): number => all.filter(({ row }) => isIt(row)).length / 1500
  assert.ok(share((row) => row.action === 'reject') > 0.002)
  assert.ok(share((row) => row.action === 'pick' && row.short === true) > 0.002)
  assert.deepEqual(shortPick(workAt('dc-001', 1)), {
    fulfillmentOrderId: 'ful_0000000000001',
    action: 'pick',
    lines: [{ lineRef: '1', sku: 'TEA-001', quantity: 1 }],
    short: true,
  })
})

test('parcels arrive after they left and by day; riders within hours', () => {
  for (let i = 0; i < 200; i++) {
    const at = arrivesAt(workAt('dc-001', i), NOW, 1)
    assert.ok(at > NOW && hourOf(at) >= 6)
    const ride = arrivesAt(workAt('fw-001', i, { carrierId: 'qishou' }), NOW, 1)
    assert.ok(ride > NOW && ride - NOW < 4 * 3_600_000)
  }
})

test('what the buyer fetches is set aside and given out, packed and handed over never', () => {
  const steps = stepsAt('fw-001', 7, { pickup: {} }).filter(({ row }) => row.action !== 'reject')
  assert.deepEqual(
    steps.map(({ row }) => row.action),
    ['accept', 'start', 'pick', 'setReady', 'collect'],
  )
  const [collect] = stepsAt('fw-001', 7, { work: 'readyForPickup', pickup: {} })
  assert.ok(collect !== undefined && collect.row.action === 'collect' && collect.at > NOW)
})
