import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { BAZAAR, type BazaarRows, emptyFolder, plainBazaar, writeBazaar } from '../../test/support/bazaar.ts'
import { readHub } from '../../test/support/read-hub.ts'
import { openHistoryFolder } from '../../server/connect/history/history-folder.ts'
import { loadHistoryMapping } from '../../server/connect/history/mapping.ts'
import { phaseOf } from '../../server/domain/order/derive.ts'
import type { Hub } from '../../server/engine/hub.ts'
import { shardOfRef } from '../../server/kernel/ids.ts'
import { instant } from '../../server/kernel/time.ts'
import { readOrderAt } from '../../server/store/order-history.ts'
import { orderKeyOf, readOrderByRef } from '../../server/store/order-reads.ts'
import { readPersons } from '../../server/store/person-reads.ts'
import { runImport } from './run-import.ts'

const LOG_SHARDS = 2
const hubHere = async (): Promise<Hub> => (await readHub(LOG_SHARDS)).hub

async function importBazaar(hub: Hub, rows: BazaarRows, options: { stopAfter?: number; windowMax?: number; reportFolder?: string } = {}) {
  const source = await openHistoryFolder(writeBazaar(rows), loadHistoryMapping('olist'))
  const stop = new AbortController()
  const { report, rejectedFile } = await runImport({
    hub,
    source,
    reportFolder: options.reportFolder ?? emptyFolder(),
    signal: stop.signal,
    ...(options.windowMax === undefined ? {} : { windowMax: options.windowMax }),
    onProgress: (now) => {
      if (options.stopAfter !== undefined && now.rowsDone >= options.stopAfter) stop.abort()
    },
  })
  const rejected = readFileSync(rejectedFile, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as { table: string; row: number; code: string; reason: { en: string; zh: string } })
  return { report, rejected }
}

async function orderOf(hub: Hub, ref: string) {
  return (await readOrderByRef(hub.pool, shardOfRef('olist', ref), 'olist', ref)) ?? assert.fail(`no order ${ref}`)
}

async function countRows(hub: Hub): Promise<Record<string, number>> {
  const tables = [
    'orders',
    'order_refs',
    'order_states',
    'persons',
    'payments',
    'fulfillment_orders',
    'events',
    'items',
    'nodes',
    'stock',
    'reservations',
    'clocks',
    'parked_commands',
  ]
  const counts: Record<string, number> = {}
  for (const table of tables) counts[table] = Number((await hub.pool.query(`select count(*) as n from ${table}`)).rows[0].n)
  return counts
}

test('a history is recorded whole, what cannot be taken is reported with its reason, and a second run changes nothing', async () => {
  const hub = await hubHere()
  const { report, rejected } = await importBazaar(hub, BAZAAR)
  assert.deepEqual([report.state, report.rowsDone, report.recorded, report.existing, report.blank], ['done', 15, 9, 0, 1])
  assert.deepEqual(report.rejected, { time_wrong: 1, status_unknown: 1, amount_wrong: 1, order_repeated: 1, columns_wrong: 1 })
  assert.deepEqual(report.facts, { channel: { created: 1, known: 0 }, node: { created: 2, known: 0 }, item: { created: 2, known: 0 } })
  assert.deepEqual(
    rejected.map(({ table, row }) => `${table} ${row}`),
    ['lines 11', 'items 3', 'items 4', 'orders 11', 'orders 12', 'orders 13', 'orders 14', 'orders 15'],
  )
  assert.ok(rejected.every(({ code, reason }) => reason.en !== code && reason.zh !== code))
  const counts = await countRows(hub)
  assert.deepEqual([counts['orders'], counts['persons'], counts['stock'], counts['reservations'], counts['clocks']], [9, 9, 0, 0, 0])

  const again = await importBazaar(hub, BAZAAR)
  assert.deepEqual([again.report.recorded, again.report.existing, again.report.rejected], [0, 9, report.rejected])
  assert.deepEqual(again.report.facts['item'], { created: 0, known: 2 })
  assert.deepEqual(await countRows(hub), counts)
})

test('each order stands where its status says, and any past moment of it can be read', async () => {
  const hub = await hubHere()
  await importBazaar(hub, BAZAAR)
  const phases = await Promise.all(
    ['b-1', 'b-2', 'b-3', 'b-4', 'b-5', 'b-6', 'b-7', 'b-8', 'b-9'].map(async (ref) => {
      const { intake, state } = await orderOf(hub, ref)
      return `${ref} ${phaseOf(intake, state)} ${state.flags.join(' ')}`.trim()
    }),
  )
  assert.deepEqual(phases, [
    'b-1 delivered',
    'b-2 inTransit handed_over_before_approved',
    'b-3 cancelled no_items',
    'b-4 cancelled no_items payments_missing',
    'b-5 inFulfillment customer_missing payments_differ',
    'b-6 inFulfillment seller_missing item_missing',
    'b-7 awaitingPayment',
    'b-8 inFulfillment payments_missing',
    'b-9 delivered cancelled_after_hand_over',
  ])
  const { intake } = await orderOf(hub, 'b-1')
  const at = async (time: string) => {
    const then = await readOrderAt(hub.pool, intake, LOG_SHARDS, instant(Date.parse(time)), 'occurred')
    return then === undefined || then === 'archived' ? String(then) : phaseOf(then.intake, then.state)
  }
  assert.deepEqual(
    await Promise.all(
      ['2017-03-01T12:59:00Z', '2017-03-01T13:02:00Z', '2017-03-02T00:00:00Z', '2017-03-04T00:00:00Z', '2017-03-08T00:00:00Z'].map(at),
    ),
    ['undefined', 'awaitingPayment', 'inFulfillment', 'inTransit', 'delivered'],
  )
  const persons = await readPersons(hub.pool, hub.vault, [orderKeyOf(intake.orderId)])
  assert.deepEqual(persons.get(intake.orderId), { customer: {}, shipTo: { postalCode: '01310' } })
})

test('an import that is stopped goes on where it was: nothing lost, nothing twice, the same report', async () => {
  const [whole, parted] = [await hubHere(), await hubHere()]
  const rows = plainBazaar(400)
  const once = await importBazaar(whole, rows, { windowMax: 20 })
  const reportFolder = emptyFolder()
  const first = await importBazaar(parted, rows, { windowMax: 20, stopAfter: 100, reportFolder })
  assert.equal(first.report.state, 'stopped')
  assert.ok(first.report.rowsDone >= 100 && first.report.rowsDone < 400, `stopped after ${first.report.rowsDone}`)
  assert.equal((await countRows(parted))['orders'], first.report.recorded)
  const second = await importBazaar(parted, rows, { windowMax: 20, stopAfter: first.report.rowsDone + 60, reportFolder })
  assert.equal(second.report.state, 'stopped')
  const third = await importBazaar(parted, rows, { windowMax: 20, reportFolder })
  assert.deepEqual([once.report.recorded, once.report.rejected], [360, { time_wrong: 40 }])
  assert.deepEqual({ ...third.report, facts: {} }, { ...once.report, facts: {} })
  assert.deepEqual(third.rejected, once.rejected)
  assert.deepEqual(await countRows(parted), await countRows(whole))
})

test('an order that the hub has otherwise is left alone and reported; facts edited since stay edited', async () => {
  const hub = await hubHere()
  await importBazaar(hub, plainBazaar(3))
  const edited = { nodeId: 's-1', name: 'Our own name', kind: 'supplier', place: { countryCode: 'BR' } }
  await hub.engine.submit({ kind: 'putFacts', fact: 'node', rows: [{ index: 0, key: 's-1', doc: edited }] } as never, {
    actor: { kind: 'person', id: 'usr_1' },
    lane: 'interactive',
  })
  const before = await orderOf(hub, 'n-2')
  const changed = plainBazaar(3)
  const rows = { ...changed, 'order_items.csv': ['n-1,1,p-1,s-1,,1.00,1.00', 'n-2,1,p-1,s-1,,99.00,1.00', 'n-3,1,p-1,s-1,,3.00,1.00'] }
  const { report, rejected } = await importBazaar(hub, rows)
  assert.deepEqual([report.recorded, report.existing, report.rejected], [0, 2, { external_ref_conflict: 1 }])
  assert.deepEqual(
    rejected.map(({ row }) => row),
    [2],
  )
  assert.deepEqual(await orderOf(hub, 'n-2'), before)
  assert.equal(hub.memory.nodes.get('s-1')?.doc.name, 'Our own name')
})
