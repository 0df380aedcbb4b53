import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Api, apiOf, at, listOf } from '../support/api.ts'
import { openEvents } from '../support/event-source.ts'
import { orderOf, placed, put, putFirstWorld } from '../support/first-world.ts'
import { hubFolder, startHubProcess } from '../support/hub-process.ts'

const hub = await startHubProcess({ dataDir: hubFolder() })
const api = apiOf(hub.url)
await putFirstWorld(api)
const service = { serviceId: 'standard', name: 'Standard', mode: 'road', transitDays: { min: 1, max: 3 } }
await put(api, '/v1/carriers', [
  { carrierId: 'sf', name: '顺丰速运', services: [service], scanFormat: 'sf-express' },
  { carrierId: 'kuaidi100', name: '快递100', services: [{ ...service, serviceId: 'none' }], closed: true },
  { carrierId: 'own', name: 'Own drivers', services: [{ ...service, serviceId: 'van', mode: 'van' }] },
])

const keyOf = async (role: string, scope: object = {}): Promise<Api> =>
  api.as(String((await api('POST', '/v1/keys', { name: `${role} key`, role, scope })).at('secret')))

type Shipped = { readonly orderId: string; readonly parcelIds: readonly string[] }
let orders = 0

/** An order of `quantity` whose units are packed one by one into parcels with these numbers; handed over unless told otherwise. */
async function shipped(
  numbers: readonly string[],
  more: { carrierId?: string; serviceId?: string; handOver?: boolean } = {},
): Promise<Shipped> {
  const { carrierId = 'sf', serviceId = 'standard', handOver = true } = more
  const orderId = await placed(api, orderOf(`scan-${++orders}`, { quantity: numbers.length }))
  const id = String((await api('GET', `/v1/orders/${orderId}`)).at('fulfillmentOrders.0.fulfillmentOrderId'))
  const parcels = numbers.map((trackingNo) => ({
    carrierId,
    serviceId,
    trackingNo,
    weightGrams: 600,
    lines: [{ lineRef: '1', quantity: 1 }],
  }))
  const steps: readonly (readonly [string, object])[] = [
    ['start', {}],
    ['pick', {}],
    ['pack', { parcels }],
    ...(handOver ? [['handOver', {}] as const] : []),
  ]
  let reply = await api('GET', `/v1/fulfillment-orders/${id}`)
  for (const [action, body] of steps) {
    reply = await api('POST', `/v1/fulfillment-orders/${id}/${action}`, body)
    assert.equal(reply.status, 200, reply.text)
  }
  return { orderId, parcelIds: listOf(reply.at('parcels')).map((parcel) => String(at(parcel, 'parcelId'))) }
}

const beijing = (minutesAgo: number): string =>
  new Date(Date.now() - minutesAgo * 60_000 + 8 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ')
const route = (mailNo: string, opcode: string, minutesAgo: number) => ({
  mailNo,
  opcode,
  acceptTime: beijing(minutesAgo),
  acceptAddress: '上海集散中心',
  remark: '顺丰',
})
const sf = (...scans: readonly object[]) => ({ data: { body: scans }, success: true })
const post = (carrierId: string, body: object | string, as: Api = api) => as('POST', `/v1/carriers/${carrierId}/scans`, body)

test('scans move parcel, lines and phase; the order carries them with their meaning, place, arrival and emissions', async () => {
  const { orderId, parcelIds } = await shipped(['SF-100', 'SF-101'])
  const told = await post('sf', sf(route('SF-100', '50', 50), route('SF-100', '30', 40)))
  assert.deepEqual([told.status, told.at('results.0.result'), told.at('results.0.state')], [200, 'applied', 'inTransit'], told.text)
  const parcel = await api('GET', `/v1/parcels/${String(parcelIds[0])}`)
  assert.deepEqual(
    [
      parcel.at('state'),
      parcel.at('orderId'),
      parcel.at('scans.0.meaning'),
      parcel.at('scans.0.code'),
      parcel.at('scans.0.place.name'),
      parcel.at('scans.1.meaning'),
    ],
    ['inTransit', orderId, 'departed', '30', '上海集散中心', 'collected'],
  )
  assert.ok(Number(parcel.at('co2eGrams')) > 0 && String(parcel.at('legs.0.sourceRow')) !== '')

  await post('sf', sf(route('SF-100', '44', 30), route('SF-100', '80', 20)))
  const half = await api('GET', `/v1/orders/${orderId}`)
  assert.deepEqual([half.at('phase'), half.at('lines.0.shipped'), half.at('lines.0.delivered')], ['inTransit', 2, 1])
  await post('sf', sf(route('SF-101', '80', 10)))
  const whole = await api('GET', `/v1/orders/${orderId}`)
  assert.deepEqual([whole.at('phase'), whole.at('lines.0.delivered'), whole.at('fulfillmentOrders.0.work')], ['delivered', 2, 'done'])
  assert.deepEqual([whole.at('parcels.0.state'), whole.at('parcels.1.state')], ['delivered', 'delivered'])
  assert.equal(whole.at('co2eGrams'), Number(whole.at('parcels.0.co2eGrams')) + Number(whole.at('parcels.1.co2eGrams')))
  const events = listOf((await api('GET', `/v1/orders/${orderId}/events?limit=50`)).at('items'))
  const types = events.map((event) => String(at(event, 'type')))
  const first = events.find((event) => at(event, 'type') === 'parcel.scanned')
  const then = await api('GET', `/v1/orders/${orderId}?at=${String(at(first, 'recordedAt'))}`)
  assert.deepEqual(
    listOf(then.at('parcels.0.scans')).map((scan) => at(scan, 'meaning')),
    ['departed', 'collected'],
    'of the past, the scans that were known then',
  )
  assert.deepEqual(types.slice(-5), ['parcel.scanned', 'parcel.moved', 'parcel.scanned', 'parcel.moved', 'fulfillment.delivered'])
})

test('the same scans again, in any order, change nothing', async () => {
  const { orderId } = await shipped(['SF-200'])
  const [a, b, c] = [route('SF-200', '50', 50), route('SF-200', '44', 20), route('SF-200', '80', 10)]
  await post('sf', sf(c, a))
  const version = (await api('GET', `/v1/orders/${orderId}`)).at('version')
  for (const body of [sf(c, a), sf(a, c), sf(a, a, c)]) assert.equal((await post('sf', body)).at('results.0.result'), 'same')
  assert.equal((await api('GET', `/v1/orders/${orderId}`)).at('version'), version)
  const late = await post('sf', sf(b))
  assert.deepEqual([late.at('results.0.result'), late.at('results.0.state')], ['applied', 'delivered'])
})

test('what follows a delivery and cannot be true is kept and flagged', async () => {
  const { parcelIds } = await shipped(['SF-300'])
  await post('sf', sf(route('SF-300', '80', 20), route('SF-300', '31', 10)))
  const parcel = await api('GET', `/v1/parcels/${String(parcelIds[0])}`)
  assert.deepEqual(
    [parcel.at('state'), parcel.at('scans.0.meaning'), parcel.at('scans.0.flags')],
    ['delivered', 'arrived', ['contradictory']],
  )
})

test('an unknown code is kept and flagged, and moves nothing', async () => {
  const { parcelIds } = await shipped(['SF-400'])
  const reply = await post('sf', sf(route('SF-400', '50', 20), route('SF-400', '9999', 10)))
  assert.deepEqual([reply.at('results.0.state'), reply.at('results.0.unknownCodes')], ['collected', ['9999']])
  const parcel = await api('GET', `/v1/parcels/${String(parcelIds[0])}`)
  assert.deepEqual(
    [parcel.at('scans.0.code'), parcel.at('scans.0.meaning'), parcel.at('scans.0.flags')],
    ['9999', undefined, ['codeUnknown']],
  )
})

test('an aggregator tells of another carrier’s parcel; a carrier of its own does not', async () => {
  const { parcelIds } = await shipped(['SF-500'])
  const stranger = await post('own', { scans: [{ trackingNo: 'SF-500', meaning: 'delivered', occurredAt: new Date().toISOString() }] })
  assert.deepEqual([stranger.status, stranger.at('results.0.result')], [202, 'unmatched'])
  const told = { status: 'polling', lastResult: { nu: 'SF-500', data: [{ ftime: beijing(5), context: 'x', status: '签收' }] } }
  const form = await api('POST', '/v1/carriers/kuaidi100/scans', `param=${encodeURIComponent(JSON.stringify(told))}`, {
    'content-type': 'application/x-www-form-urlencoded',
  })
  assert.equal(form.at('results.0.result'), 'applied', form.text)
  assert.equal((await api('GET', `/v1/parcels/${String(parcelIds[0])}`)).at('state'), 'delivered')
})

test('a collection that nobody handed over hands over; stock leaves with it', async () => {
  const { orderId } = await shipped(['OWN-1'], { carrierId: 'own', serviceId: 'van', handOver: false })
  const scans = [
    {
      trackingNo: 'OWN-1',
      meaning: 'collected',
      occurredAt: new Date(Date.now() - 60_000).toISOString(),
      place: { city: '上海', countryCode: 'CN' },
    },
  ]
  assert.equal((await post('own', { scans })).at('results.0.result'), 'applied')
  const order = await api('GET', `/v1/orders/${orderId}`)
  assert.deepEqual([order.at('fulfillmentOrders.0.work'), order.at('lines.0.shipped'), order.at('phase')], ['handedOver', 1, 'inTransit'])
})

test('scans that come before their parcel is packed are taken up once it is', async () => {
  const start = String((await api('GET', '/v1/events?limit=1000')).at('cursor'))
  // Made once: its times are those of now.
  const body = sf(route('SF-600', '50', 30), route('SF-600', '80', 5))
  const early = await post('sf', body)
  assert.deepEqual([early.status, early.at('results.0.result')], [202, 'unmatched'])
  assert.equal((await post('sf', body)).at('results.0.result'), 'same')
  const { orderId } = await shipped(['SF-600'])
  const stream = await openEvents(api, `/v1/stream?orderId=${orderId}&types=fulfillment.delivered`, { 'last-event-id': start })
  assert.equal((await stream.next()).event, 'fulfillment.delivered')
  await stream.close()
  const order = await api('GET', `/v1/orders/${orderId}`)
  assert.deepEqual([order.at('parcels.0.state'), listOf(order.at('parcels.0.scans')).length], ['delivered', 2], order.text)
})

test('once a lane has delivered, the next parcel on it has an arrival with an interval beside its promise', async () => {
  for (const no of ['SF-700', 'SF-701', 'SF-702']) {
    await shipped([no])
    await post('sf', sf(route(no, '50', 1500), route(no, '80', 60)))
  }
  const { orderId } = await shipped(['SF-703'])
  await post('sf', sf(route('SF-703', '50', 10)))
  const order = await api('GET', `/v1/orders/${orderId}`)
  const [from, eta, to] = ['from', 'at', 'to'].map((name) => Date.parse(String(order.at(`parcels.0.eta.${name}`))))
  assert.ok(from !== undefined && eta !== undefined && to !== undefined && from <= eta && eta <= to, order.text)
  assert.ok(eta > Date.now())
  assert.equal(order.at('eta.at'), order.at('parcels.0.eta.at'))
  assert.ok(String(order.at('parcels.0.promisedBy')).endsWith('Z'))
})

test('parcels are listed by carrier and state, latest first, page by page', async () => {
  const seen: unknown[] = []
  let cursor = ''
  do {
    const page = await api('GET', `/v1/parcels?carrierId=sf&state=delivered&limit=2${cursor}`)
    assert.equal(page.status, 200, page.text)
    seen.push(...listOf(page.at('items')))
    cursor = page.at('next') === undefined ? '' : `&cursor=${String(page.at('next'))}`
  } while (cursor !== '')
  const ids = seen.map((one) => String(at(one, 'parcelId')))
  assert.deepEqual(
    [ids, new Set(ids).size, seen.every((one) => at(one, 'state') === 'delivered')],
    [ids.toSorted().toReversed(), seen.length, true],
  )
  assert.ok(seen.length >= 7, `saw ${seen.length}`)
  const named = listOf((await api('GET', '/v1/parcels?trackingNo=SF-101')).at('items'))
  assert.deepEqual(
    named.map((one) => at(one, 'trackingNo')),
    ['SF-101'],
  )
})

test('an order is found by the tracking number of a parcel of it, by those who may see that parcel alone', async () => {
  const { orderId, parcelIds } = await shipped(['SF-9700', 'SF-9701'])
  const found = async (by: Api, q: string) => listOf((await by('GET', `/v1/orders?q=${q}`)).at('items')).map((one) => at(one, 'orderId'))
  for (const q of ['SF-9700', 'SF-9701', String(parcelIds[0])]) assert.deepEqual(await found(api, q), [orderId], q)
  assert.deepEqual(await found(api, 'SF-970'), [], 'a number is matched as a whole')
  assert.deepEqual(await found(await keyOf('carrier', { carriers: ['sf'] }), 'SF-9700'), [orderId])
  assert.deepEqual(await found(await keyOf('carrier', { carriers: ['own'] }), 'SF-9700'), [])
  assert.deepEqual(await found(await keyOf('floor', { nodes: ['hz-1'] }), 'SF-9700'), [])
})

test('a carrier posts and sees its own parcels alone; who may not post is refused', async () => {
  const sfKey = await keyOf('carrier', { carriers: ['sf'] })
  const { parcelIds } = await shipped(['SF-800'])
  assert.equal((await post('sf', sf(route('SF-800', '50', 5)), sfKey)).at('results.0.result'), 'applied')
  assert.equal((await post('own', { scans: [] }, sfKey)).at('code'), 'scope_violation')
  assert.equal((await post('sf', sf(), await keyOf('floor'))).status, 403)
  assert.equal((await post('nobody', {})).at('code'), 'entity_unknown')
  assert.equal((await sfKey('GET', `/v1/parcels/${String(parcelIds[0])}`)).at('state'), 'collected')
  const ownKey = await keyOf('carrier', { carriers: ['own'] })
  assert.equal((await ownKey('GET', `/v1/parcels/${String(parcelIds[0])}`)).at('code'), 'parcel_unknown')
  const mine = listOf((await ownKey('GET', '/v1/parcels')).at('items'))
  assert.deepEqual([...new Set(mine.map((one) => at(one, 'carrierId')))], ['own'])
})

test('what holds no scan is kept and says why', async () => {
  const reply = await post('sf', { success: false, errorMsg: '单号不存在' })
  assert.deepEqual([reply.status, reply.at('results'), reply.at('issues.0.code')], [202, [], 'carrier_error'])
  assert.equal((await post('sf', 'no json at all')).at('issues.0.code'), 'not_json')
})
