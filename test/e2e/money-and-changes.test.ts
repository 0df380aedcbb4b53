import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { type Api, apiOf, at, listOf, type Reply, stockOf } from '../support/api.ts'
import { orderOf, placed, put, putFirstWorld } from '../support/first-world.ts'
import { hubFolder, startHubProcess } from '../support/hub-process.ts'

const dataDir = hubFolder()
const hub = await startHubProcess({ dataDir })
const api = apiOf(hub.url)
await putFirstWorld(api)
await put(api, '/v1/items', [{ sku: 'cup', name: 'Cup', weightGrams: 300 }])
await put(api, '/v1/stock', [{ sku: 'cup', nodeId: 'sh-1', onHand: 20, reason: 'count' }])

const keyOf = async (role: string): Promise<Api> =>
  api.as(String((await api('POST', '/v1/keys', { name: `${role} key`, role, scope: {} })).at('secret')))
const ok = (reply: Reply): Reply => {
  assert.equal(reply.status, 200, reply.text)
  return reply
}
const committed = async (sku: string) => at(await stockOf(api, sku, 'sh-1'), 'committed')

test('money moves by one capability for each kind of entry, granted to roles one by one', async () => {
  const orderId = await placed(api, orderOf('pay-1', { quantity: 2, paid: false }))
  const path = `/v1/orders/${orderId}/payments`
  const [agent, finance, floor] = [await keyOf('agent'), await keyOf('finance'), await keyOf('floor')]
  ok(await finance('POST', `${path}/authorise`, { method: 'card', amount: 25_600, paymentRef: 'p1' }))
  const over = await finance('POST', `${path}/capture`, { method: 'card', amount: 25_601, paymentRef: 'p1' })
  assert.deepEqual([over.status, over.at('code'), over.at('expected')], [409, 'capture_exceeds_authorised', { max: 25_600 }])
  const part = ok(await finance('POST', `${path}/capture`, { method: 'card', amount: 20_000, paymentRef: 'p1' }))
  assert.deepEqual([part.at('payments.state'), part.at('payments.authorised'), part.at('phase')], ['authorised', 5600, 'inFulfillment'])
  ok(await finance('POST', `${path}/capture`, { method: 'card', amount: 5600, paymentRef: 'p1' }))
  assert.equal((await agent('POST', `${path}/capture`, { method: 'card', amount: 1 })).at('code'), 'permission_missing')
  assert.equal((await floor('POST', `${path}/refund`, { method: 'card', amount: 1 })).status, 403)
  const refunded = ok(await agent('POST', `${path}/refund`, { method: 'card', amount: 600 }))
  assert.deepEqual([refunded.at('payments.refundable'), refunded.at('payments.due')], [25_000, 0], 'what was given back is not owed')
  const across = { method: 'voucher', amount: 1000, crossMethod: true }
  assert.equal((await agent('POST', `${path}/refund`, across)).at('code'), 'permission_missing')
  const tooMuch = await finance('POST', `${path}/refund`, { method: 'voucher', amount: 1000 })
  assert.deepEqual([tooMuch.at('code'), tooMuch.at('pointer')], ['refund_exceeds_captured', '/amount'])
  const gone = ok(await finance('POST', `${path}/refund`, across))
  assert.deepEqual([gone.at('payments.refundable'), gone.at('payments.methods.1.refunded')], [24_000, 1000])
  ok(await finance('POST', `${path}/adjust`, { amount: 1600 }))
  assert.equal((await api('GET', `/v1/orders/${orderId}`)).at('payments.due'), 0)
  assert.equal((await floor('GET', `/v1/orders/${orderId}`)).at('payments'), undefined)
})

test('an edit is proposed, previewed and confirmed in one step; the past stays readable', async () => {
  const orderId = await placed(api, orderOf('change-1', { quantity: 3 }))
  const before = Number(await committed('tea-500'))
  const proposed = ok(
    await api('POST', `/v1/orders/${orderId}/changes`, {
      lines: [{ lineRef: '1', quantity: 1 }],
      add: [{ lineRef: '2', sku: 'cup', quantity: 2, unitPrice: 4000 }],
      reason: 'buyer_asked',
    }),
  )
  const changeId = String(proposed.at('changes.0.changeId'))
  assert.deepEqual(
    [proposed.at('changes.0.state'), proposed.at('changes.0.preview.total'), proposed.at('changes.0.preview.dueBack')],
    ['proposed', { before: 38_400, after: 20_800 }, 17_600],
  )
  assert.deepEqual([proposed.at('totals.total'), await committed('tea-500'), await committed('cup')], [38_400, before, 0])
  const confirmed = ok(await api('POST', `/v1/orders/${orderId}/changes/${changeId}/confirm`, {}))
  assert.deepEqual(
    [confirmed.at('totals.total'), confirmed.at('lines.0.cancelled'), confirmed.at('lines.1.allocated'), confirmed.at('payments.due')],
    [20_800, 2, 2, -17_600],
  )
  assert.deepEqual([await committed('tea-500'), await committed('cup')], [before - 2, 2])
  const again = await api('POST', `/v1/orders/${orderId}/changes/${changeId}/confirm`, {})
  assert.deepEqual([again.status, again.at('code')], [404, 'change_unknown'])
  const then = ok(await api('GET', `/v1/orders/${orderId}?at=${encodeURIComponent(String(proposed.at('changes.0.proposedAt')))}`))
  assert.deepEqual([then.at('totals.total'), listOf(then.at('lines')).length], [38_400, 1])
  const listed = listOf((await api('GET', '/v1/orders?q=change-1')).at('items'))
  assert.equal(at(listed[0], 'total'), 20_800)
})

test('a new address waits sealed, takes its place with the confirmation, and never stands in the log', async () => {
  const orderId = await placed(api, orderOf('change-2'))
  const address = {
    countryCode: 'CN',
    region: '江苏',
    city: '南京',
    line1: '中山路 9 号',
    name: '李雷',
    phone: '13911112222',
    lat: 32.06,
    lng: 118.8,
  }
  const proposed = ok(await api('POST', `/v1/orders/${orderId}/changes`, { address }))
  assert.deepEqual([proposed.at('changes.0.edits.shipTo.city'), proposed.at('shipTo.city')], ['南京', '杭州'])
  assert.ok(!JSON.stringify(proposed.at('changes')).includes('中山路'))
  const confirmed = ok(await api('POST', `/v1/orders/${orderId}/changes/${String(proposed.at('changes.0.changeId'))}/confirm`, {}))
  assert.deepEqual(
    [confirmed.at('shipTo.city'), confirmed.at('shipTo.line1'), confirmed.at('shipTo.name'), confirmed.at('customer.name')],
    ['南京', '中山路 9 号', '李雷', '王芳'],
  )
  assert.equal(confirmed.at('lines.0.allocated'), 1)
  const events = (await api('GET', `/v1/orders/${orderId}/events`)).text
  assert.ok(events.includes('order.changed') && !events.includes('中山路') && !events.includes('"sealed"'))
})

test('part of an order is cancelled with the money due back shown, also after a repeated request', async () => {
  const orderId = await placed(api, orderOf('part-1', { quantity: 4 }))
  const cancel = () =>
    api('POST', `/v1/orders/${orderId}/lines/cancel`, { lines: [{ lineRef: '1', quantity: 3 }] }, { 'idempotency-key': 'part' })
  const first = ok(await cancel())
  assert.deepEqual([first.at('lines.0.cancelled'), first.at('payments.due'), first.at('state')], [3, -38_400, 'accepted'])
  assert.equal(ok(await cancel()).at('version'), first.at('version'))
  const rest = ok(await api('POST', `/v1/orders/${orderId}/lines/cancel`, { lines: [{ lineRef: '1', quantity: 1 }] }))
  assert.deepEqual([rest.at('state'), rest.at('payments.due'), rest.at('payments.refundable')], ['cancelled', -51_200, 51_200])
})

test('holds say who releases them, and each role finds its own', async () => {
  const [agent, finance, floor] = [await keyOf('agent'), await keyOf('finance'), await keyOf('floor')]
  const orderId = await placed(api, orderOf('hold-1'))
  const put_ = (body: object, as: Api = agent) => as('POST', `/v1/orders/${orderId}/hold`, body)
  ok(await put_({ reason: 'chargeback_risk', scope: 'money', releasableBy: ['finance'], note: 'called the bank' }))
  const held = ok(await put_({ reason: 'gift_note', scope: 'line', lineRef: '1' }))
  assert.equal(ok(await put_({ reason: 'gift_note', scope: 'line', lineRef: '1' })).at('version'), held.at('version'))
  assert.equal((await put_({ scope: 'line', lineRef: '7' })).at('code'), 'hold_target_unknown')
  const listed = async (as: Api, query: string) =>
    listOf(ok(await as('GET', `/v1/holds?${query}`)).at('items')).map((one) => at(one, 'reason'))
  assert.deepEqual(
    [await listed(agent, 'mine=true'), await listed(finance, 'mine=true')],
    [['gift_note'], ['chargeback_risk', 'gift_note']],
  )
  assert.deepEqual(await listed(agent, 'scope=money'), ['chargeback_risk'])
  const page = ok(await agent('GET', '/v1/holds?limit=1'))
  assert.equal(listOf(ok(await agent('GET', `/v1/holds?limit=1&cursor=${String(page.at('next'))}`)).at('items')).length, 1)
  assert.equal(at(listOf((await finance('GET', '/v1/holds?scope=money')).at('items'))[0], 'note'), undefined)
  assert.equal((await floor('GET', '/v1/holds')).status, 403)
  const money = String(held.at('holds.0.holdId'))
  const refused = await agent('POST', `/v1/orders/${orderId}/release`, { holdId: money })
  assert.deepEqual([refused.status, refused.at('code'), refused.at('expected')], [403, 'hold_not_yours', ['finance']])
  assert.equal((await api('POST', `/v1/orders/${orderId}/payments/refund`, { method: 'card', amount: 1 })).at('code'), 'action_not_allowed')
  ok(await finance('POST', `/v1/orders/${orderId}/release`, { holdId: money }))
  ok(await agent('POST', `/v1/orders/${orderId}/release`, {}))
  assert.deepEqual(await listed(api, ''), [])
})

test('after all of it the database is what its log says, to the cent', async () => {
  const env = { ...process.env, DATABASE_URL: '', FULCRUM_DATA_DIR: dataDir }
  const verify = fileURLToPath(new URL('../../bin/verify.ts', import.meta.url))
  const output = await new Promise<string>((resolve) => {
    execFile(process.execPath, [verify], { env }, (error, stdout, stderr) => resolve(`${error?.code ?? 0} ${stdout}${stderr}`))
  })
  assert.match(output, /^0 /)
})
