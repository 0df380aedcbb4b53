import assert from 'node:assert/strict'
import { test } from 'node:test'
import { act, codeOf, fillShop, hubDatabase, idOf, orderOf, PERSON, place } from '../../../test/support/engine-hubs.ts'
import { idToInt8 } from '../../kernel/ids.ts'
import { verifyDatabase } from '../../store/verify/verify-database.ts'

const { db, open, rowsOf } = await hubDatabase()
const deaf = await open()
await fillShop(deaf, { tea: 1000 })
const other = await open()
await deaf.follower.stop() // it hears nothing of what the other does: what it remembers of an order is old whenever the other was there

const hold = { action: 'hold', reason: 'asked', scope: 'order', holdId: 'h' }
const release = { action: 'release', holdId: 'h' }

test('a refusal never stands on an order as this process remembers it', async () => {
  const orderId = idOf(await place(deaf, orderOf('tea')))
  assert.equal(codeOf(await act(deaf, orderId, release)), 'action_not_allowed')
  assert.equal(codeOf(await act(other, orderId, hold)), 'done')
  assert.equal(codeOf(await act(deaf, orderId, release)), 'done')
})

test('a version that the sender saw elsewhere is not refused because this process remembers an older one', async () => {
  const orderId = idOf(await place(deaf, orderOf('tea')))
  const held = await act(other, orderId, hold)
  const seen = { ...PERSON, expectedVersion: held.status === 'done' ? (held.value.version ?? 0) : 0 }
  assert.equal(codeOf(await act(deaf, orderId, release, seen)), 'done')
})

test('a change that was decided on an old order is decided again on the order as it is', async () => {
  const orderId = idOf(await place(deaf, orderOf('tea')))
  assert.equal(codeOf(await act(other, orderId, { action: 'cancel', reason: 'asked' })), 'done')
  assert.equal(codeOf(await act(deaf, orderId, hold)), 'action_not_allowed')
})

test('steps that two processes send at once to the same orders leave what the log tells', async () => {
  const orderIds = await Promise.all(Array.from({ length: 20 }, async () => idOf(await place(deaf, orderOf('tea')))))
  for (let round = 0; round < 5; round++) {
    const holds = orderIds.flatMap((orderId) =>
      [deaf, other].flatMap((hub, i) =>
        [0, 1].map((n) => act(hub, orderId, { ...hold, reason: `asked ${round} ${i} ${n}`, holdId: `h${round}-${i}-${n}` })),
      ),
    )
    assert.deepEqual([...new Set((await Promise.all(holds)).map(codeOf))], ['done'])
  }
  const versions = await rowsOf<{ version: number; holds: number }>(
    `select version, json_array_length(doc::json -> 'holds') as holds from order_states where order_id in (${orderIds.map(idToInt8).join(', ')})`,
  )
  assert.deepEqual([...new Set(versions.map((row) => row.holds))], [20])
  assert.equal(new Set(versions.map((row) => row.version)).size, 1)
  const report = await verifyDatabase(db.pool)
  assert.deepEqual(
    report.checks.flatMap((one) => one.examples),
    [],
  )
})
