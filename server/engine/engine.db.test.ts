import assert from 'node:assert/strict'
import { test } from 'node:test'
import { act, codeOf, fillShop, hubDatabase, idOf, keyed, orderOf, PERSON, place, placing } from '../../test/support/engine-hubs.ts'
import { Defect } from '../kernel/assert.ts'
import { statement } from '../store/database.ts'
import type { Hub } from './hub.ts'

const { open, said, rowsOf, countOf } = await hubDatabase()
const hub = await open()
await fillShop(hub, { tea: 100_000 })
const other = await open()

test('a second command with a key that is under way gets the answer of the first', async () => {
  const order = orderOf('tea')
  const context = keyed('in-flight', order)
  const outcomes = await Promise.all([place(hub, order, context), place(hub, order, context), place(hub, order, context)])
  assert.equal(new Set(outcomes.map(idOf)).size, 1)
  assert.equal(await countOf('order_refs', `external_ref = '${order.externalRef}'`), 1)
})

test('a key that is under way in another process is waited for, and gives the same answer', async () => {
  const order = orderOf('tea')
  const context = keyed('two-processes', order)
  const outcomes = await Promise.all([hub, other].flatMap((one) => [place(one, order, context), place(one, order, context)]))
  assert.equal(new Set(outcomes.map(idOf)).size, 1)
  assert.equal(await countOf('answers', `idempotency_key = 'two-processes'`), 1)
})

test('a key with another input is refused: under way, afterwards and in another process', async () => {
  const [one, two] = [orderOf('tea'), orderOf('tea')]
  const [first, second] = await Promise.all([place(hub, one, keyed('reused', one)), place(hub, two, keyed('reused', two))])
  assert.deepEqual([codeOf(first), codeOf(second)], ['done', 'idempotency_key_reused'])
  assert.equal(codeOf(await place(hub, two, keyed('reused', two))), 'idempotency_key_reused')
  assert.equal(codeOf(await place(other, two, keyed('reused', two))), 'idempotency_key_reused')
  assert.equal(await countOf('order_refs', `external_ref = '${two.externalRef}'`), 0)
})

test('who comes with the input that a key was answered with gets its answer, also while another input with it is under way', async () => {
  const [one, two] = [orderOf('tea'), orderOf('tea')]
  const first = await place(hub, one, keyed('owned', one))
  const outcomes = await Promise.all([two, one, two, one].map((order) => place(hub, order, keyed('owned', order))))
  assert.deepEqual(outcomes.map(codeOf), ['idempotency_key_reused', 'done', 'idempotency_key_reused', 'done'])
  assert.deepEqual(
    [outcomes[1], outcomes[3]].map((outcome) => outcome && idOf(outcome)),
    [idOf(first), idOf(first)],
  )
})

test('answers outlive the process: orders and refusals are told again after a restart', async () => {
  const third = await open()
  const [good, bad] = [orderOf('tea'), orderOf('tea', 1, { channelId: 'nowhere' })]
  const orderId = idOf(await place(third, good, keyed('kept', good)))
  const refused = await place(third, bad, keyed('kept-refusal', bad))
  await third.stop()
  const fourth = await open()
  const again = await place(fourth, good, keyed('kept', good))
  assert.deepEqual([idOf(again), again.status === 'done' && again.value.version], [orderId, 3])
  assert.deepEqual(await place(fourth, bad, keyed('kept-refusal', bad)), refused)
  await fourth.stop()
})

test('of two processes that take in the same reference one makes the order and both answer with it', async () => {
  for (let round = 0; round < 10; round++) {
    const order = orderOf('tea')
    const outcomes = await Promise.all([place(hub, order), place(other, order), place(hub, order), place(other, order)])
    assert.equal(new Set(outcomes.map(idOf)).size, 1)
    assert.equal(outcomes.filter((one) => one.status === 'done' && one.value.fresh === true).length, 1)
  }
})

test('another order under a reference that is taken is refused, whoever took it', async () => {
  const order = orderOf('tea')
  const changed = { ...order, note: 'another' }
  const outcomes = await Promise.all([place(hub, order), place(other, changed)])
  assert.deepEqual(outcomes.map(codeOf).toSorted(), ['done', 'external_ref_conflict'])
  assert.equal(codeOf(await place(hub, { ...order, note: 'a third' })), 'external_ref_conflict')
})

test('of two changes that expect the same version one succeeds', async () => {
  const orderId = idOf(await place(hub, orderOf('tea')))
  const hold = (by: Hub, holdId: string) =>
    act(by, orderId, { action: 'hold', reason: 'asked', scope: 'order', holdId }, { ...PERSON, expectedVersion: 3 })
  const outcomes = await Promise.all([hold(hub, 'h1'), hold(hub, 'h2'), hold(other, 'h3')])
  assert.deepEqual(outcomes.map(codeOf).toSorted(), ['done', 'version_conflict', 'version_conflict'])
  const conflict = outcomes.find((one) => one.status === 'refused')
  assert.deepEqual(conflict?.status === 'refused' && [conflict.expected, conflict.got], [3, 4])
})

test('changes of one order that come together build on each other', async () => {
  const orderId = idOf(await place(hub, orderOf('tea')))
  const holds = await Promise.all(
    Array.from({ length: 20 }, (_, i) =>
      act(i % 2 === 0 ? hub : other, orderId, { action: 'hold', reason: `asked ${i}`, scope: 'order', holdId: `h${i}` }),
    ),
  )
  assert.deepEqual([...new Set(holds.map(codeOf))], ['done'])
  const versions = holds.map((one) => (one.status === 'done' ? one.value.version : 0))
  assert.deepEqual(
    versions.toSorted((a, b) => Number(a) - Number(b)),
    Array.from({ length: 20 }, (_, i) => 4 + i),
  )
})

test('a command on which a rule throws is parked with its trace, and the rest goes on', async () => {
  const seal = () => {
    throw new Error('the rule is broken')
  }
  const broken = hub.engine.submit(placing(hub, orderOf('tea'), { seal }), { ...PERSON, traceId: 'trace-1' })
  const others = Promise.all(Array.from({ length: 20 }, () => place(hub, orderOf('tea'))))
  await assert.rejects(broken, (error) => error instanceof Defect && /the rule is broken/.test(error.message))
  assert.deepEqual([...new Set((await others).map(codeOf))], ['done'])
  let parked: { kind: string; error: string; trace_id: string }[] = []
  while (parked.length === 0) parked = await rowsOf(`select kind, error, trace_id from parked_commands where trace_id = 'trace-1'`)
  assert.deepEqual([parked[0]?.kind, /the rule is broken\n +at /.test(parked[0]?.error ?? '')], ['placeOrder', true])
  assert.ok(said.some((message) => message.startsWith('a command was parked')))
})

const violating = statement('testViolation', `insert into stock (item_no, node_no) values ($1::integer, $2::integer)`)

test('a command that breaks the commit is found and parked alone; the others of its batch are done', async () => {
  const culprit = orderOf('tea')
  const bodyWrites = () => [{ statement: violating, values: [1, 1] }]
  const innocent = Array.from({ length: 30 }, () => orderOf('tea'))
  const outcomes = await Promise.allSettled([
    ...innocent.slice(0, 15).map((order) => place(hub, order)),
    hub.engine.submit(placing(hub, culprit, { bodyWrites }), { ...PERSON, traceId: 'trace-2' }),
    ...innocent.slice(15).map((order) => place(hub, order)),
  ])
  assert.deepEqual(
    outcomes.map((one, i) => (one.status === 'fulfilled' ? codeOf(one.value) : `rejected ${i}`)).filter((one) => one !== 'done'),
    ['rejected 15'],
  )
  assert.equal(await countOf('order_refs', `external_ref = '${culprit.externalRef}'`), 0)
  assert.equal(idOf(await place(hub, culprit)).startsWith('ord_'), true, 'its reference is free for a good command')
})

test('refusals leave an audit event and nothing else', async () => {
  const order = orderOf('tea', 1, { channelId: 'nowhere' })
  await place(hub, order)
  assert.equal(await countOf('events', `type = 'order.refused' and data::json->>'externalRef' = '${order.externalRef}'`), 1)
  assert.equal(await countOf('order_refs', `external_ref = '${order.externalRef}'`), 0)
})
