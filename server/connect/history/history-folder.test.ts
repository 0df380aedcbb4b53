import assert from 'node:assert/strict'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { BAZAAR, emptyFolder, plainBazaar, writeBazaar } from '../../../test/support/bazaar.ts'
import type { HistoryFactRow, HistoryRow, HistorySource, Rejection } from '../../engine/ports/history-source.ts'
import { Fault } from '../../kernel/fault.ts'
import { toIso } from '../../kernel/time.ts'
import { openHistoryFolder } from './history-folder.ts'
import { joinOrders } from './join.ts'
import { loadHistoryMapping, parseHistoryMapping } from './mapping.ts'
import { openTables } from './tables.ts'
import { timeReader } from './time-format.ts'

const olist = loadHistoryMapping('olist')

async function factsOf(source: HistorySource): Promise<{ facts: HistoryFactRow[]; rejections: Rejection[] }> {
  const facts: HistoryFactRow[] = []
  const rejections: Rejection[] = []
  for await (const one of source.facts()) {
    if ('rejection' in one) rejections.push(one.rejection)
    else facts.push(one)
  }
  return { facts, rejections }
}

async function readAll(folder: string, done = 0): Promise<Map<number, HistoryRow>> {
  const source = await openHistoryFolder(folder, olist)
  const known = new Set((await factsOf(source)).facts.map((one) => `${one.fact}:${one.key}`))
  const rows = new Map<number, HistoryRow>()
  for await (const row of source.orders(done, (fact, key) => known.has(`${fact}:${key}`))) rows.set(row.row, row)
  return rows
}

function orderAt(rows: ReadonlyMap<number, HistoryRow>, row: number): Extract<HistoryRow, { kind: 'order' }> {
  const found = rows.get(row)
  return found?.kind === 'order' ? found : assert.fail(`row ${row} is no order: ${JSON.stringify(found)}`)
}

const unreadable = (words: RegExp) => (error: unknown) =>
  error instanceof Fault && error.code === 'import_unreadable' && words.test(error.message)

test('an order is read with its lines, payments, customer and place; times are those of the marketplace', async () => {
  const { past, person } = orderAt(await readAll(writeBazaar(BAZAAR)), 1)
  assert.equal(toIso(past.placedAt), '2017-03-01T13:00:00.000Z')
  assert.deepEqual(
    past.lines.map(({ lineRef, sku, quantity, unitPrice, nodeId }) => [lineRef, sku, quantity, unitPrice, nodeId]),
    [
      ['1', 'p-hammock', 2, 9990, 's-1'],
      ['3', 'p-rope', 1, 550, 's-2'],
    ],
  )
  assert.equal(past.lines[0]?.shipBy === undefined ? '' : toIso(past.lines[0].shipBy), '2017-03-04T13:00:00.000Z')
  assert.deepEqual(past.money.totals, { lines: 20_530, discount: 0, shipping: 2250, tax: 0, total: 22_780 })
  assert.deepEqual(past.payments, [
    { method: 'credit_card', amount: 20_000, paymentRef: '1' },
    { method: 'voucher', amount: 2780, paymentRef: '2' },
  ])
  assert.deepEqual([past.customerRef, past.shipTo], ['u-1', { countryCode: 'BR', region: 'SP', city: 'são paulo, centro' }])
  assert.deepEqual(person, { customer: {}, shipTo: { postalCode: '01310' } })
  assert.deepEqual(past.flags, [])
})

test('what is odd is kept and flagged, and every status leads to its facts', async () => {
  const rows = await readAll(writeBazaar(BAZAAR))
  const seen = [2, 3, 4, 6, 7, 8, 9, 10].map((row) => {
    const { past } = orderAt(rows, row)
    return [past.externalRef, past.facts.map((one) => `${one.fact}${one.at === undefined ? '?' : ''}`).join(' '), past.flags.join(' ')]
  })
  assert.deepEqual(seen, [
    ['b-2', 'approved handedOver', ''],
    ['b-3', 'cancelled?', 'no_items'],
    ['b-4', 'approved unavailable?', 'no_items payments_missing'],
    ['b-5', 'approved invoiced?', 'customer_missing payments_differ'],
    ['b-6', 'approved processing?', 'seller_missing item_missing'],
    ['b-7', '', ''],
    ['b-8', 'approved', 'payments_missing'],
    ['b-9', 'approved handedOver delivered cancelled?', ''],
  ])
})

test('a row that cannot be taken says where, what was expected and what was got', async () => {
  const rows = await readAll(writeBazaar(BAZAAR))
  const rejections = [...rows.values()].flatMap((row) => (row.kind === 'rejected' ? [row.rejection] : []))
  assert.deepEqual(
    rejections.map(({ row, key, code, column, got, cause }) => [row, key, code, column, got, cause]),
    [
      [11, 'b-10', 'time_wrong', 'order_purchase_timestamp', '3/10/2017 10:00', undefined],
      [12, 'b-11', 'status_unknown', 'order_status', 'teleported', undefined],
      [13, 'b-12', 'amount_wrong', 'price', 'five', { table: 'lines', row: 10 }],
      [14, 'b-1', 'order_repeated', undefined, undefined, undefined],
      [15, 'b-13', 'columns_wrong', undefined, '4', undefined],
    ],
  )
  assert.equal(rows.get(5)?.kind, 'blank')
  assert.equal(rows.size, 15)
})

test('rows of other tables that belong to no order are told', async () => {
  const source = await openHistoryFolder(writeBazaar(BAZAAR), olist)
  assert.deepEqual(source.strays, [{ table: 'lines', row: 11, key: 'b-99', code: 'order_missing' }])
  assert.equal(source.rows, 15)
})

test('sellers are nodes and products items, named so that a person tells them apart; wrong rows are told', async () => {
  const { facts, rejections } = await factsOf(await openHistoryFolder(writeBazaar(BAZAAR), olist))
  assert.deepEqual(
    facts.map(({ fact, key, doc }) => [fact, key, doc['name']]),
    [
      ['channel', 'olist', 'Olist'],
      ['node', 's-1', 'sao paulo · s-1'],
      ['node', 's-2', 'brasilia (df) · s-2'],
      ['item', 'p-hammock', 'garden · p-hammoc'],
      ['item', 'p-rope', 'p-rope'],
    ],
  )
  assert.deepEqual(facts[1]?.doc['place'], { countryCode: 'BR', region: 'SP', city: 'sao paulo', postalCode: '04726' })
  assert.deepEqual([facts[1]?.doc['zone'], facts[3]?.doc['lengthMm'], facts[3]?.doc['weightGrams']], ['America/Sao_Paulo', 400, 1200])
  assert.deepEqual(
    rejections.map(({ table, row, key, code }) => [table, row, key, code]),
    [
      ['items', 3, 'p-wrong', 'fact_wrong'],
      ['items', 4, undefined, 'fact_wrong'],
    ],
  )
})

test('places of postal codes, where there is such a table, come with their middle', async () => {
  const folder = writeBazaar(BAZAAR)
  const points = ['01310,-23.5614,-46.6559', '01310,-23.5606,-46.6571', '01310,42.18,-8.72', '70740,-15.74,-47.89', '70740,far,away']
  writeFileSync(join(folder, 'geolocation.csv'), ['geolocation_zip_code_prefix,geolocation_lat,geolocation_lng', ...points].join('\r\n'))
  assert.deepEqual(orderAt(await readAll(folder), 1).past.shipTo, {
    countryCode: 'BR',
    region: 'SP',
    city: 'são paulo, centro',
    lat: -23.56,
    lng: -46.66,
  })
})

test('line ends and a byte order mark make no difference; other contents are another import', async () => {
  const [unix, windows] = [writeBazaar(BAZAAR), writeBazaar(BAZAAR, '\r\n')]
  const pasts = async (folder: string) => [...(await readAll(folder)).values()].map((row) => (row.kind === 'order' ? row.past : row.kind))
  assert.deepEqual(await pasts(windows), await pasts(unix))
  const idOf = async (folder: string) => (await openHistoryFolder(folder, olist)).importId
  assert.equal(await idOf(unix), await idOf(writeBazaar(BAZAAR)))
  assert.notEqual(await idOf(unix), await idOf(windows))
})

test('reading goes on after any row, and chunks of any size give the same orders', async () => {
  const folder = writeBazaar(plainBazaar(30))
  const whole = await readAll(folder)
  assert.deepEqual([...(await readAll(folder, 17)).values()], [...whole.values()].slice(17))
  const tables = await openTables(folder, olist)
  const joined = async (chunkMax: number) => {
    const all = []
    for await (const chunk of joinOrders(tables, 0, chunkMax)) all.push(...chunk)
    return all
  }
  const expected = await joined(1000)
  assert.equal(expected.length, 30)
  for (const chunkMax of [1, 7, 30]) assert.deepEqual(await joined(chunkMax), expected)
})

test('a folder that is no history says what is missing', async () => {
  await assert.rejects(openHistoryFolder('/nowhere', olist), unreadable(/does not exist/))
  await assert.rejects(openHistoryFolder(emptyFolder(), olist), unreadable(/no table of orders .* orders\.csv/))
  const twice = writeBazaar(BAZAAR)
  writeFileSync(join(twice, 'customers (1).csv'), 'customer_id\n')
  await assert.rejects(openHistoryFolder(twice, olist), unreadable(/customers \(1\)\.csv and customers\.csv/))
  const short = writeBazaar(BAZAAR)
  writeFileSync(join(short, 'sellers.csv'), 'seller_id\n')
  await assert.rejects(openHistoryFolder(short, olist), unreadable(/sellers\.csv has no column "seller_zip_code_prefix"/))
  const open = writeBazaar(BAZAAR)
  writeFileSync(
    join(open, 'order_items.csv'),
    'order_id,order_item_id,product_id,seller_id,shipping_limit_date,price,freight_value\n"b-1,1\n',
  )
  await assert.rejects(openHistoryFolder(open, olist), unreadable(/line 2 has no end/))
})

test('orders and lines are enough for a history', async () => {
  const folder = writeBazaar(BAZAAR)
  for (const file of ['order_payments.csv', 'customers.csv', 'sellers.csv', 'products.csv', 'product_category_name_translation.csv'])
    rmSync(join(folder, file))
  const { past } = orderAt(await readAll(folder), 1)
  assert.deepEqual([past.payments, past.flags, past.shipTo], [[], ['seller_missing'], { countryCode: 'BR' }])
})

test('a mapping that is wrong is refused with the place', () => {
  assert.throws(() => parseHistoryMapping({ ...olist, statuses: { sold: 'flown' } }, 'mine'), unreadable(/mine is wrong at \/statuses/))
  assert.throws(() => parseHistoryMapping({ ...olist, timeFormats: ['whenever'] }, 'mine'), unreadable(/timeFormats/))
  assert.throws(() => loadHistoryMapping('amazon'), unreadable(/expected a mapping \(olist\)/))
  assert.throws(() => loadHistoryMapping('/nowhere/map.json'), unreadable(/cannot be read/))
})

test('times are read in the formats and the zone of the mapping, summer time included', () => {
  const read = timeReader(['YYYY-MM-DD HH:mm:ss', 'M/D/YYYY H:mm'], 'America/Sao_Paulo')
  const seen = ['2017-07-01 12:00:00', '2017-12-01 12:00:00', '12/1/2017 9:05', '2017-13-01 12:00:00', '2017-12-01'].map((text) => {
    const at = read(text)
    return at === undefined ? undefined : toIso(at)
  })
  assert.deepEqual(seen, ['2017-07-01T15:00:00.000Z', '2017-12-01T14:00:00.000Z', '2017-12-01T11:05:00.000Z', undefined, undefined])
})
