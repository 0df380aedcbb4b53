import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Caller } from '../../../test/sim/callers.ts'
import { Journal } from '../../../test/sim/journal.ts'
import { chance } from '../../../test/sim/random.ts'
import { openWorld, seedFacts, type World } from '../../../test/sim/world.ts'
import { idFromInt8 } from '../../kernel/ids.ts'
import { type CheckName, invariants } from './report.ts'
import { verifyDatabase } from './verify-database.ts'

let world: World
before(async () => {
  const random = chance(5)
  world = await openWorld({ random, hubs: 1 })
  await seedFacts(world)
  const journal = new Journal()
  const cart = { kind: 'makeReservation', key: 'cart', sku: 'tea', quantity: 1, expiresInSeconds: 900, inputHash: new Uint8Array(32) }
  await world.hubs[0]?.engine.submit(cart as never, { actor: { kind: 'person', id: 'usr_test' }, lane: 'interactive' })
  await Promise.all(Array.from({ length: 8 }, (_, i) => new Caller(world, journal, random.fork(), `v${i}`, (context) => context).run(25)))
  await packWhatCanBe()
})
after(() => world.stop())

/** Of what waits at nodes, all that nothing stops is packed. */
async function packWhatCanBe(): Promise<void> {
  const { rows } = await world.db.pool.query<{ order_id: string; id: string }>(
    `select order_id, fulfillment_order_id as id from fulfillment_orders where work in ('planned', 'ready')`,
  )
  for (const { order_id, id } of rows)
    for (const verb of ['start', 'pick', 'pack']) {
      const action = { action: 'work', fulfillmentOrderId: idFromInt8('ful', id), verb }
      const command = { kind: 'actOnOrder', orderId: idFromInt8('ord', order_id), action }
      await world.hubs[0]?.engine.submit(command as never, { actor: { kind: 'person', id: 'usr_test' }, lane: 'interactive' })
    }
}

const violated = async (repair = false): Promise<{ readonly checks: CheckName[]; readonly repaired: readonly string[] }> => {
  const report = await verifyDatabase(world.db.pool, { repair, pageSize: 7 })
  return { checks: report.checks.filter((one) => one.violations > 0).map((one) => one.check), repaired: report.repaired }
}

test('a database that only a hub wrote violates nothing, and every check looked at something', async () => {
  const report = await verifyDatabase(world.db.pool, { pageSize: 7 })
  assert.deepEqual(
    report.checks.flatMap((one) => one.examples),
    [],
  )
  assert.ok(report.isClean)
  const blind = report.checks.filter((one) => one.checked === 0).map((one) => one.check)
  assert.deepEqual(blind, ['log.archives', 'bodies.orders'], 'checks that saw nothing')
  assert.equal(report.checks.length, Object.keys(invariants).length)
})

type Planted = { readonly name: string; readonly sql: string; readonly checks: readonly CheckName[]; readonly mended: boolean }

/** `mended`: a repair brings the database back to clean; otherwise it leaves the row to a person, and the test takes it back itself. */
const planted: readonly Planted[] = [
  {
    name: 'reserved units of a position that nothing holds',
    sql: `update stock set soft = soft + 3 where (item_no, node_no) = (1, 1)`,
    checks: ['stock.reserved'],
    mended: true,
  },
  { name: 'exposure that no order owes', sql: `update accounts set exposure = exposure + 1`, checks: ['account.exposure'], mended: true },
  {
    name: 'capacity that no fulfillment order takes',
    sql: `update node_capacity set used = used + 1`,
    checks: ['node.capacity'],
    mended: true,
  },
  {
    name: 'supply that no order counts on',
    sql: `update supply set reserved = reserved + 3 where supply_id = 'po-1'`,
    checks: ['supply.reserved'],
    mended: true,
  },
  {
    name: 'a due time that no clock has',
    sql: `update order_states set next_due_at = '2030-01-01' where order_id = (select min(order_id) from order_states)`,
    checks: ['order.phase'],
    mended: true,
  },
  {
    name: 'a phase that the state does not have',
    sql: `update order_states set phase = 'delivered' where order_id = (select min(order_id) from order_states)`,
    checks: ['order.phase'],
    mended: true,
  },
  {
    name: 'a state that the log does not lead to',
    sql: `update order_states set doc = replace(doc, '"decisionNo":1', '"decisionNo":7') where order_id = (select min(order_id) from order_states where doc like '%"decisionNo":1%')`,
    checks: ['order.state'],
    mended: true,
  },
  {
    name: 'a reservation of another size',
    sql: `update reservations set quantity = quantity + 5 where (holder_id, line_no, item_no, node_no) = (select holder_id, line_no, item_no, node_no from reservations where kind = 'committed' limit 1)`,
    checks: ['order.reservations', 'stock.reserved'],
    mended: true,
  },
  {
    name: 'a fulfillment order that was lost',
    sql: `delete from fulfillment_orders where fulfillment_order_id = (select min(fulfillment_order_id) from fulfillment_orders)`,
    checks: ['order.fulfillmentOrders'],
    mended: true,
  },
  {
    name: 'a clock that does not run',
    sql: `delete from clocks where order_id = (select min(order_id) from clocks)`,
    checks: ['order.clocks'],
    mended: true,
  },
  {
    name: 'units on hand that no move explains',
    sql: `update stock set on_hand = on_hand + 100 where (item_no, node_no) = (1, 1)`,
    checks: ['stock.moves'],
    mended: false,
  },
  {
    name: 'a grant beyond what is there',
    sql: `update stock set safety = safety + 1000 where (item_no, node_no) = (1, 1)`,
    checks: ['stock.granted'],
    mended: false,
  },
  {
    name: 'a payment row that was lost',
    sql: `delete from payments where (order_id, entry_no) = (select order_id, entry_no from payments limit 1)`,
    checks: ['order.payments'],
    mended: false,
  },
  {
    name: 'an event that was lost',
    sql: `delete from events where position = (select max(position) from events where subject_kind = 'order')`,
    checks: ['log.dense', 'order.state'],
    mended: false,
  },
  {
    name: 'a reference that was lost',
    sql: `delete from order_refs where order_id = (select min(order_id) from orders)`,
    checks: ['refs.orders'],
    mended: false,
  },
  {
    name: 'an order whose first event was lost',
    sql: `delete from events where position = (select min(position) from events where type = 'order.received')`,
    checks: ['log.dense', 'order.received', 'log.subjects'],
    mended: false,
  },
  { name: 'a fact changed behind the log', sql: `update nodes set version = version + 1`, checks: ['log.facts'], mended: false },
  {
    name: 'a state row that was lost',
    // One that no sum counts: what the sums would lose with it could be repaired.
    sql: `delete from order_states where order_id = (select min(order_id) from order_states where doc not like '%capacityDay%' and doc::json ->> 'exposure' = '0')`,
    checks: ['orders.rows'],
    mended: false,
  },
  {
    name: 'totals that the lines do not add up to',
    sql: `update orders set total = total + 1, intake = jsonb_set(intake::jsonb, '{totals,total}', to_jsonb(total + 1))::text where order_id = (select min(order_id) from orders)`,
    checks: ['order.totals'],
    mended: false,
  },
  {
    name: 'an answer that names no order',
    sql: `update answers set answer = '{"status":"done","value":{"orderId":"ord_0000000000001"}}' where idempotency_key = (select min(idempotency_key) from answers)`,
    checks: ['answers.orders'],
    mended: false,
  },
  {
    name: 'a parcel with another label than its order says',
    sql: `update parcels set tracking_no = 'X' where parcel_id = (select min(parcel_id) from parcels)`,
    checks: ['order.parcels'],
    mended: true,
  },
  {
    name: 'a parcel that is missing',
    sql: `delete from parcels where parcel_id = (select min(parcel_id) from parcels)`,
    checks: ['order.parcels'],
    mended: true,
  },
  {
    name: 'a parcel of which more is said than its order knows',
    sql: `update parcels set doc = replace(doc, '{', '{"weightGrams":7,') where parcel_id = (select min(parcel_id) from parcels)`,
    checks: ['order.parcels'],
    mended: true,
  },
  {
    name: 'a decision row without its event',
    sql: `insert into sourcing_decisions (shard, order_id, decision_no, state, decided_at, doc) select shard, order_id, 99, 'applied', now(), '{}' from orders limit 1`,
    checks: ['order.decisions'],
    mended: false,
  },
  {
    name: 'a body applied to no order',
    sql: `insert into channel_bodies (shard, body_id, person_id, channel_id, order_id, state, input_hash, received_at, sealed, issues) values (0, 1, 1, 'shop', 1, 'applied', '', now(), '', '[]')`,
    checks: ['bodies.orders'],
    mended: false,
  },
]

for (const { name, sql, checks, mended } of planted) {
  test(`verify finds ${name}, and ${mended ? 'repairs it' : 'leaves it to a person'}`, async () => {
    const { pool } = world.db
    const { rows: tables } = await pool.query<{ name: string }>(
      `select c.relname as name from pg_class as c join pg_namespace as n on n.oid = c.relnamespace where c.relkind in ('r', 'p') and not c.relispartition and n.nspname = 'public'`,
    )
    const table = /(?:update|delete from|insert into) (\w+)/.exec(sql)?.[1]
    assert.ok(tables.some((one) => one.name === table))
    await pool.query(`create table kept as table ${table}`)
    try {
      const { rowCount } = await pool.query(sql)
      assert.ok((rowCount ?? 0) > 0, 'nothing was planted')
      const found = await violated()
      for (const check of checks)
        assert.ok(found.checks.includes(check), `expected ${check}, found ${found.checks.join(', ') || 'nothing'}`)
      const after = await violated(true)
      assert.deepEqual(after.checks.length === 0, mended, `after the repair: ${after.checks.join(', ')}`)
      assert.equal(after.repaired.length > 0, mended, `repaired: ${after.repaired.join(' | ')}`)
    } finally {
      if (!mended) await pool.query(`set session_replication_role = replica; delete from ${table}; set session_replication_role = origin`)
      if (!mended) await restore(String(table))
      await pool.query('drop table kept')
    }
    assert.deepEqual((await violated()).checks, [])
  })
}

/** Puts back what was kept; generated columns keep their numbers. */
async function restore(table: string): Promise<void> {
  await world.db.pool.query(`insert into ${table} overriding system value table kept`)
}
