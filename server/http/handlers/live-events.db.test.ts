import assert from 'node:assert/strict'
import { test } from 'node:test'
import { place, readHub, someone } from '../../../test/support/read-hub.ts'
import { fillWorld, nthOrder } from '../../../test/support/small-world.ts'
import type { Principal } from '../../domain/access/principal.ts'
import type { StreamMessage } from '../stream.ts'
import { liveEvents } from './live-events.ts'

const { hub } = await readHub()
await fillWorld(hub)
const subscribe = liveEvents({ pool: hub.pool, follower: hub.follower })

/** What a principal's stream was told so far, from now on. */
async function streamOf(principal: Principal): Promise<StreamMessage[]> {
  const told: StreamMessage[] = []
  const deliver = (messages: readonly StreamMessage[]): boolean => told.push(...messages) > 0
  const outcome = await subscribe(principal, {}, undefined, {
    deliver,
    drained: () => Promise.resolve(),
    end: (reason) => assert.fail(reason),
  })
  assert.equal(outcome.status, 'done')
  return told
}
const received = (told: readonly StreamMessage[]): StreamMessage | undefined => told.find((one) => one.type === 'order.received')

test('clients of one role and scope are told one text, those of another role or scope their own', async () => {
  const agents = [await streamOf(someone('agent')), await streamOf(someone('agent'))]
  const floor = await streamOf(someone('floor'))
  const elsewhere = await streamOf(someone('agent', { channels: ['nowhere'] }))
  await place(hub, nthOrder(1))
  await hub.follower.settled()
  for (let turns = 0; agents.some((told) => received(told) === undefined) || received(floor) === undefined; turns++) {
    assert.ok(turns < 1000, 'the streams were told nothing')
    await hub.follower.settled()
  }
  const [first, second] = agents.map(received)
  assert.equal(first?.json, second?.json)
  assert.ok(first?.json.includes('"totals"'))
  assert.ok(received(floor)?.json.includes('"totals"') === false)
  assert.equal(received(elsewhere), undefined)
})
