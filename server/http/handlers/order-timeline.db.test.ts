import assert from 'node:assert/strict'
import { test } from 'node:test'
import { act, asked, place, readHub, someone, valueOf } from '../../../test/support/read-hub.ts'
import { fillWorld, nthOrder } from '../../../test/support/small-world.ts'
import type { OrderId } from '../../kernel/ids.ts'

const { hub, reads } = await readHub()
await fillWorld(hub)
const ids: OrderId[] = []
for (let n = 0; n < 12; n++) ids.push(await place(hub, nthOrder(n)))
const held = ids[2] ?? assert.fail('an order')
await act(hub, held, { action: 'hold', reason: 'fraud', scope: 'order', holdId: 'hld_1' })
await act(hub, held, { action: 'release' })
const ended = ids[3] ?? assert.fail('an order')
await act(hub, ended, { action: 'cancel', reason: 'asked' })
const agent = asked(someone('agent'))
const timeline = async (orderId: OrderId, who = agent) =>
  valueOf('order.timeline', await reads['order.timeline'](who, { params: { orderId }, query: {}, body: undefined }))
const get = async (orderId: OrderId, query: object = {}) =>
  valueOf('order.get', await reads['order.get'](agent, { params: { orderId }, query, body: undefined }))

test('each milestone stands for one version, and its phase is what ?at= says of that moment', async () => {
  for (const orderId of ids) {
    const { milestones, phase } = await timeline(orderId)
    const now = await get(orderId)
    assert.equal(phase, now.phase)
    assert.deepEqual(
      milestones.map((one) => one.version),
      Array.from({ length: now.version }, (_, i) => i + 1),
    )
    for (const [i, { recordedAt, ...one }] of milestones.entries()) {
      if (milestones[i + 1]?.recordedAt === recordedAt) continue
      const then = await get(orderId, { at: recordedAt })
      assert.deepEqual([then.version, then.phase], [one.version, one.phase])
    }
  }
})

test('milestones come in pages that make up the whole life, each with all phases', async () => {
  const whole = await timeline(held)
  const page = async (cursor?: string, orderId = held) =>
    reads['order.timeline'](agent, {
      params: { orderId },
      query: { limit: 2, ...(cursor === undefined ? {} : { cursor }) },
      body: undefined,
    })
  const versions: number[] = []
  let cursor: string | undefined
  do {
    const { milestones, phases, next } = valueOf('order.timeline', await page(cursor))
    assert.ok(milestones.length <= 2 && phases.length === whole.phases.length)
    versions.push(...milestones.map((one) => one.version))
    cursor = next
  } while (cursor !== undefined)
  assert.deepEqual(
    versions,
    whole.milestones.map((one) => one.version),
  )
  const other = await page(valueOf('order.timeline', await page()).next, ended)
  assert.equal(other.status === 'refused' ? other.code : other.status, 'cursor_invalid')
})

test('phases follow each other without a gap, and the last lasts until now', async () => {
  const { phases, asOf, milestones } = await timeline(held)
  assert.deepEqual(phases.map((one) => one.phase).filter((one) => one === 'onHold').length, 1)
  for (const [i, span] of phases.entries()) {
    assert.equal(span.until, phases[i + 1]?.from)
    assert.equal(span.durationMs, Date.parse(span.until ?? asOf) - Date.parse(span.from))
  }
  assert.equal(
    milestones.reduce((sum, one) => sum + one.durationMs, 0),
    Date.parse(milestones.at(-1)?.recordedAt ?? '') - Date.parse(milestones[0]?.recordedAt ?? ''),
  )
})

test('a milestone names who did it and the clock that ran up to it', async () => {
  const { milestones } = await timeline(held)
  const released = milestones.find((one) => one.type === 'order.holdReleased')
  assert.deepEqual(
    released?.clocks.map(({ clock, state, breaches }) => ({ clock, state, breaches })),
    [{ clock: 'hold', state: 'met', breaches: 0 }],
  )
  assert.equal(released?.actor.kind, 'person')
  assert.deepEqual([milestones[0]?.cause, released?.cause], ['order.place', 'order.release'])
  const last = (await timeline(ended)).milestones.at(-1)
  assert.equal(last?.type, 'order.cancelled')
  assert.ok(last?.clocks.every((clock) => clock.state !== 'running') && last.clocks.length > 0)
})

test('every title stands in both languages', async () => {
  for (const orderId of ids) {
    const { milestones, phases } = await timeline(orderId)
    const titles = [...milestones, ...phases, ...milestones.flatMap((one) => one.clocks)].map((one) => one.title)
    assert.ok(titles.length > 2)
    for (const { en, zh } of titles) assert.ok(/^[A-Z]/.test(en) && /\p{Script=Han}/u.test(zh), `${en} / ${zh}`)
  }
})

test('who is told no reasons sees no clocks and no names', async () => {
  const { milestones } = await timeline(held, asked(someone('customer', { customer: { channelId: 'none', customerRef: 'none' } }))).catch(
    () => ({ milestones: [] }),
  )
  assert.deepEqual(milestones, [], 'out of scope')
  const carrier = await timeline(held, asked(someone('carrier')))
  assert.ok(carrier.milestones.every((one) => one.cause === undefined))
  assert.ok(carrier.milestones.every((one) => one.clocks.length === 0 && one.actor.id === 'hidden'))
})
