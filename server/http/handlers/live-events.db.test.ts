import assert from 'node:assert/strict'
import { test } from 'node:test'
import { asked, place, readHub, someone, valueOf } from '../../../test/support/read-hub.ts'
import { fillWorld, nthOrder } from '../../../test/support/small-world.ts'
import type { Event } from '../../../contract/events.ts'
import type { Principal } from '../../domain/access/principal.ts'
import type { StreamMessage } from '../stream.ts'
import { liveEvents } from './live-events.ts'

const { hub, reads } = await readHub()
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

/** Everything that the log says from a place on, as moments of its subjects. */
async function loggedAfter(after: string): Promise<string[]> {
  const all: string[] = []
  for (let cursor = after; ;) {
    const page = valueOf(
      'event.list',
      await reads['event.list'](asked(someone('agent')), { params: undefined, query: { after: cursor, limit: 1000 }, body: undefined }),
    )
    all.push(...page.events.map((event) => momentOf(event)))
    if (!page.more) return all
    cursor = page.cursor
  }
}
const momentOf = ({ subject }: Pick<Event, 'subject'>): string => `${subject.id} ${subject.version}`

for (const [waitingMax, source] of [
  [10_000, 'memory'],
  [5, 'the log, because more waits than may'],
] as const)
  test(`a client that reads slowly is told everything once, at its own pace, from ${source}`, async () => {
    const told: string[] = []
    const full = Promise.withResolvers<void>()
    const read = Promise.withResolvers<void>()
    let isReading = false
    const outcome = await liveEvents({ pool: hub.pool, follower: hub.follower, waitingMax })(someone('agent'), {}, undefined, {
      deliver: (messages) => {
        told.push(...messages.map(({ json }) => momentOf(JSON.parse(json) as Event)))
        return isReading || messages.length === 0
      },
      drained: () => {
        full.resolve()
        return read.promise
      },
      end: (reason) => assert.fail(reason),
    })
    assert.ok(outcome.status === 'done')
    const from = outcome.value.position()
    for (let n = 0; n < 10; n++) await place(hub, nthOrder(waitingMax + n))
    await full.promise
    const before = told.length
    for (let n = 10; n < 20; n++) await place(hub, nthOrder(waitingMax + n))
    await hub.follower.settled()
    assert.equal(told.length, before, 'nothing more is told to who has not read')
    isReading = true
    read.resolve()
    const wanted = await loggedAfter(from)
    for (let turns = 0; told.length < wanted.length; turns++) {
      assert.ok(turns < 1000, `${told.length} of ${wanted.length} events were told`)
      await hub.follower.settled()
    }
    assert.deepEqual(told.toSorted(), wanted.toSorted())
    outcome.value.stop()
  })
