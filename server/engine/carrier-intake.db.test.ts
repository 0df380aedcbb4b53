import assert from 'node:assert/strict'
import { test } from 'node:test'
import { permissionsOfRole } from '../../contract/access.ts'
import { act, fillShop, hubDatabase, idOf, orderOf, PERSON, place } from '../../test/support/engine-hubs.ts'
import { carrierMapper } from '../connect/carriers/carrier-mapper.ts'
import { present } from '../kernel/assert.ts'
import { idFromInt8, idToInt8, type OrderId } from '../kernel/ids.ts'
import { orderKeyOf, readOrders } from '../store/order-reads.ts'
import { verifyDatabase } from '../store/verify/verify-database.ts'
import { putFacts } from '../../test/support/read-hub.ts'
import { CarrierIntake } from './carrier-intake.ts'
import type { CarrierMapper, MappedScan } from './ports/carrier-mapper.ts'

const { open, rowsOf, countOf } = await hubDatabase()
const hub = await open()
await fillShop(hub, { tea: 1000 })
const services = [{ serviceId: 's', name: 'S', mode: 'road', transitDays: { min: 1, max: 2 } }]
await putFacts(hub, 'carrier', 'carrierId', [{ carrierId: 'sf', name: 'SF', services, scanFormat: 'sf-express' }])

/** The real mappings; a later version of SF's knows one code more. */
const real = carrierMapper()
const learned = (scan: MappedScan): MappedScan => (scan.code === '9999' ? { ...scan, meaning: 'delivered', flags: [] } : scan)
const later: CarrierMapper = {
  ...real,
  versions: new Map([...real.versions, ['sf-express', 99]]),
  mapScans: (facts, text) => {
    const mapped = real.mapScans(facts, text)
    return { ...mapped, version: 99, parcels: mapped.parcels.map((one) => ({ ...one, scans: one.scans.map(learned) })) }
  },
}
const intakeOf = (mapper: CarrierMapper) => new CarrierIntake({ ...hub, now: () => hub.clock.now(), mapper })
const intake = intakeOf(real)
const principal = {
  credentialId: 'key_0000000000001',
  kind: 'key',
  name: 'carrier',
  role: 'carrier',
  permissions: new Set(permissionsOfRole.carrier),
  scope: {},
} as const

const wall = (minutesAgo: number): string =>
  new Date(hub.clock.now() - minutesAgo * 60_000 + 8 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ')
const route = (mailNo: string, opcode: string, minutesAgo: number) => ({
  mailNo,
  opcode,
  acceptTime: wall(minutesAgo),
  acceptAddress: '上海',
  remark: '王芳 13800000000',
})
async function post(...scans: readonly object[]) {
  const rawBody = Buffer.from(JSON.stringify({ data: { body: scans } }))
  const outcome = await intake.take({ carrierId: 'sf', rawBody, principal, context: PERSON })
  assert.ok(outcome.status === 'done', JSON.stringify(outcome))
  return outcome.value.results
}

/** An order packed into one parcel with this number and handed over. */
async function shipped(trackingNo: string): Promise<OrderId> {
  const orderId = idOf(await place(hub, orderOf('tea')))
  const work = present((await orderRow(orderId)).state.fulfillmentOrders[0], 'the work')
  for (const [verb, more] of [
    ['start', {}],
    ['pick', {}],
    ['pack', { parcels: [{ carrierId: 'sf', serviceId: 's', trackingNo }] }],
    ['handOver', { occurredAt: hub.clock.now() - 3_600_000 }],
  ] as const) {
    const outcome = await act(hub, orderId, { action: 'work', fulfillmentOrderId: work.fulfillmentOrderId, verb, ...more })
    assert.equal(outcome.status, 'done', JSON.stringify(outcome))
  }
  return orderId
}
const orderRow = async (orderId: OrderId) => present((await readOrders(hub.pool, [orderKeyOf(orderId)]))[0], 'the order')
const parcelState = async (orderId: OrderId) => (await orderRow(orderId)).state.fulfillmentOrders[0]?.parcels?.[0]?.state

test('the events that scans lead to name the kept body as their cause, also when it waited for its parcel', async () => {
  await post(route('SF-CAUSE-2', '50', 60))
  const orders = [await shipped('SF-CAUSE-1'), await shipped('SF-CAUSE-2')]
  await post(route('SF-CAUSE-1', '50', 60))
  while ((await intake.retry(50)) > 0);
  for (const [i, orderId] of orders.entries()) {
    const bodies = await rowsOf<{ body_id: string }>(`select body_id from scan_bodies where tracking_no = $1`, [`SF-CAUSE-${i + 1}`])
    const causes = await rowsOf<{ cause: string }>(`select distinct cause from events where order_id = $1 and type like 'parcel.%'`, [
      idToInt8(orderId),
    ])
    assert.deepEqual(
      causes.map((one) => one.cause),
      bodies.map((one) => idFromInt8('inb', one.body_id)),
    )
    assert.equal(bodies.length, 1)
  }
})

test('scans of a void label are kept and move nothing; the number means the parcel that has it now', async () => {
  const orderId = idOf(await place(hub, orderOf('tea')))
  const { fulfillmentOrderId } = present((await orderRow(orderId)).state.fulfillmentOrders[0], 'the work')
  const parcelsWith = (trackingNo: string) => ({ parcels: [{ carrierId: 'sf', serviceId: 's', trackingNo }] })
  const step = async (verb: 'start' | 'pick' | 'pack' | 'unpack' | 'handOver', more: object = {}) =>
    assert.equal((await act(hub, orderId, { action: 'work', fulfillmentOrderId, verb, ...more })).status, 'done', verb)
  await step('start')
  await step('pick')
  for (const trackingNo of ['SF-VOID', 'SF-AGAIN']) {
    await step('pack', parcelsWith(trackingNo))
    await step('unpack')
  }
  await step('pack', parcelsWith('SF-AGAIN'))
  await step('handOver')
  const before = await orderRow(orderId)
  const [told] = await post(route('SF-VOID', '50', 0), route('SF-VOID', '80', 0))
  assert.deepEqual([told?.result, told?.state], ['applied', 'voided'])
  assert.equal((await post(route('SF-VOID', '50', 0)))[0]?.result, 'same')
  const after = await orderRow(orderId)
  assert.deepEqual([after.state.lines, after.state.clocks], [before.state.lines, before.state.clocks])
  assert.equal(await countOf('scans', `tracking_no = 'SF-VOID' and parcel_id is not null`), 2)
  // The scan lies before the last packing: it is of the label all the same.
  assert.equal((await post(route('SF-AGAIN', '50', 30)))[0]?.state, 'collected')
  const rows = await rowsOf<{ tracking_no: string; state: string }>(
    `select tracking_no, state from parcels where order_id = $1 order by packed_at, parcel_id`,
    [idToInt8(orderId)],
  )
  assert.deepEqual(
    rows.map((one) => [one.tracking_no, one.state]),
    [
      ['SF-VOID', 'voided'],
      ['SF-AGAIN', 'voided'],
      ['SF-AGAIN', 'collected'],
    ],
  )
})

test('a code that a later mapping knows is taken up from the kept body, once', async () => {
  const orderId = await shipped('SF-1')
  await post(route('SF-1', '50', 30), route('SF-1', '9999', 10))
  assert.equal(await parcelState(orderId), 'collected')
  assert.equal(await intake.retry(50), 0, 'the mapping that read it has nothing new to say')
  assert.equal(await intakeOf(later).retry(50), 1)
  assert.equal(await parcelState(orderId), 'delivered')
  assert.equal(await countOf('scans', `tracking_no = 'SF-1' and meaning = 'delivered'`), 1)
  assert.equal(await intakeOf(later).retry(50), 0)
})

test('scans before their parcel wait for it, and count once it is there', async () => {
  const [kept] = await post(route('SF-2', '50', 30), route('SF-2', '30', 20))
  assert.equal(kept?.result, 'unmatched')
  assert.equal(await intake.retry(50), 0)
  const orderId = await shipped('SF-2')
  assert.equal(await intake.retry(50), 1)
  assert.equal(await parcelState(orderId), 'inTransit')
  assert.equal(await countOf('scans', `tracking_no = 'SF-2' and parcel_id is not null`), 2)
  assert.equal(await intake.retry(50), 0)
})

test('parcels of one body are sealed apart: who is erased takes the words about their parcel along, and no other’s', async () => {
  const [first, second] = [await shipped('SF-3'), await shipped('SF-4')]
  await post(route('SF-3', '50', 30), route('SF-4', '50', 20))
  const personId = idFromInt8('per', idToInt8(first))
  const erased = await hub.engine.submit({ kind: 'erasePerson', personId, reason: 'asked' } as never, PERSON)
  assert.equal(erased.status, 'done')
  const bodies = await rowsOf<{ order_id: string; has_key: boolean }>(
    `select b.order_id, p.wrapped_key is not null as has_key
     from scan_bodies as b join persons as p on p.shard = b.shard and p.person_id = b.person_id
     where b.tracking_no in ('SF-3', 'SF-4') order by b.tracking_no`,
  )
  assert.deepEqual(bodies, [
    { order_id: idToInt8(first), has_key: false },
    { order_id: idToInt8(second), has_key: true },
  ])
  const words = await rowsOf<{ n: number }>(
    `select count(*)::int as n from scans where code || coalesce(place::text, '') || flags::text like '%1380%'`,
  )
  assert.deepEqual(words, [{ n: 0 }])
})

test('the same body from many senders at once counts once', async () => {
  const orderId = await shipped('SF-5')
  const results = (await Promise.all(Array.from({ length: 12 }, () => post(route('SF-5', '50', 30), route('SF-5', '80', 5))))).flat()
  assert.equal(results.filter((one) => one.result === 'applied').length, 1)
  assert.equal(await parcelState(orderId), 'delivered')
  assert.equal(await countOf('scan_bodies', `tracking_no = 'SF-5'`), 1)
})

test('a delivery teaches its lane once', async () => {
  const before = await rowsOf<{ n: number }>(`select count(*)::int as n from lane_history where lane = 'carried|*|*|*|*'`)
  const total = async () =>
    (await rowsOf<{ w: number }>(`select coalesce(sum(weight), 0)::float8 as w from lane_history where lane = 'carried|*|*|*|*'`))[0]?.w ??
    0
  const was = await total()
  await shipped('SF-6')
  await post(route('SF-6', '50', 300), route('SF-6', '80', 5))
  const once = await total()
  assert.ok(once > was && before.length === 1)
  await post(route('SF-6', '80', 5), route('SF-6', '8000', 4), route('SF-6', '80', 3))
  assert.equal(await total(), once)
})

test('a delivery that a person tells of teaches its lane too', async () => {
  const observed = async () =>
    (await rowsOf<{ n: number }>(`select count(*)::int as n from lane_history where lane like 'carried|sf|s|%'`))[0]?.n ?? 0
  const was = await observed()
  const orderId = await shipped('SF-7')
  const { fulfillmentOrderId } = present((await orderRow(orderId)).state.fulfillmentOrders[0], 'the work')
  assert.equal((await act(hub, orderId, { action: 'work', fulfillmentOrderId, verb: 'deliver' })).status, 'done')
  assert.ok((await observed()) > was)
})

test('a number that only another carrier has stays kept, and is not told of again', async () => {
  await putFacts(hub, 'carrier', 'carrierId', [{ carrierId: 'jd', name: 'JD', services, scanFormat: 'fulcrum' }])
  await shipped('SF-8')
  const body = { scans: [{ trackingNo: 'SF-8', meaning: 'delivered', occurredAt: new Date(hub.clock.now()).toISOString() }] }
  await intake.take({ carrierId: 'jd', rawBody: Buffer.from(JSON.stringify(body)), principal, context: PERSON })
  const told = () => countOf('events', `type = 'scans.kept'`)
  const before = await told()
  for (let i = 0; i < 3; i++) await intake.retry(50)
  assert.deepEqual([await told(), await countOf('scan_bodies', `tracking_no = 'SF-8' and state = 'unmatched'`)], [before, 1])
})

test('what scans wrote is what the log leads to', async () => {
  const report = await verifyDatabase(hub.pool)
  assert.deepEqual(
    report.checks.flatMap((check) => check.examples),
    [],
  )
})
