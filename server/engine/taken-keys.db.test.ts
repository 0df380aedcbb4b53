import assert from 'node:assert/strict'
import { test } from 'node:test'
import { codeOf, fillShop, hubDatabase, idOf, keyed, orderOf, PERSON, place } from '../../test/support/engine-hubs.ts'
import type { PersonId } from '../kernel/ids.ts'
import { verifyDatabase } from '../store/verify/verify-database.ts'
import type { CommandContext, CommandOutcome } from './command.ts'

const { db, open, rowsOf, countOf } = await hubDatabase()
const hub = await open()
await fillShop(hub, { tea: 10 })

const put = (sku: string, name: string, context: CommandContext = PERSON): Promise<CommandOutcome> =>
  hub.engine.submit({ kind: 'putFacts', fact: 'item', rows: [{ index: 0, key: sku, doc: { sku, name } }] } as never, context)
const nameOf = async (sku: string) =>
  (await rowsOf<{ name: string }>(`select doc ->> 'name' as name from items where sku = $1`, [sku]))[0]?.name

test('a fact that is sent again with its key is answered as before and changes nothing, whatever came between', async () => {
  const key = keyed('facts-1', 'one')
  const first = await put('cup', 'first', key)
  await put('cup', 'second')
  const events = await countOf('events')
  assert.deepEqual(await put('cup', 'first', key), first)
  assert.deepEqual([await nameOf('cup'), hub.memory.items.get('cup')?.doc.name, await countOf('events')], ['second', 'second', events])
})

test('a fact under a key of another input is refused and not written', async () => {
  await put('pot', 'first', keyed('facts-2', 'one'))
  assert.equal(codeOf(await put('pot', 'other', keyed('facts-2', 'two'))), 'idempotency_key_reused')
  assert.equal(await nameOf('pot'), 'first')
})

test('facts of one batch are each told their own version, also beside one whose key is taken', async () => {
  await put('a', 'first', keyed('facts-3', 'one'))
  const outcomes = await Promise.all([
    put('a', 'other', keyed('facts-3', 'two')),
    put('b', 'first', keyed('facts-4', 'one')),
    put('a', 'second'),
    put('c', 'first'),
  ])
  assert.deepEqual(
    outcomes.map((outcome) =>
      outcome.status === 'done' ? outcome.value.rows?.map((row) => `${row.key} ${row.status} ${row.version}`).join() : outcome.code,
    ),
    ['idempotency_key_reused', 'b created 1', 'a updated 2', 'c created 1'],
  )
})

test('a person is not erased under a key of another input', async () => {
  const [one, other] = await Promise.all([place(hub, orderOf('tea')), place(hub, orderOf('tea'))])
  const erase = (outcome: CommandOutcome, input: string) =>
    hub.engine.submit(
      { kind: 'erasePerson', personId: `per_${idOf(outcome).slice(4)}` as PersonId, reason: 'asked' } as never,
      keyed('erase', input),
    )
  assert.equal(codeOf(await erase(one, 'one')), 'done')
  assert.equal(codeOf(await erase(other, 'other')), 'idempotency_key_reused')
  assert.equal(await countOf('persons', 'erased_at is not null'), 1)
})

test('after all that the log tells of every version', async () => {
  const report = await verifyDatabase(db.pool)
  assert.deepEqual(
    report.checks.filter((one) => one.violations > 0),
    [],
  )
})
