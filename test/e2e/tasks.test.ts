import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Api, apiOf, at, listOf, type Reply, stockOf } from '../support/api.ts'
import { count, NODE, orderOf, placed, put, putFirstWorld } from '../support/first-world.ts'
import { hubFolder, startHubProcess } from '../support/hub-process.ts'

const hub = await startHubProcess({ dataDir: hubFolder() })
const api = apiOf(hub.url)
await putFirstWorld(api)
await put(api, '/v1/nodes', [
  { ...NODE, nodeId: 'hz-1', name: '杭州仓', place: { countryCode: 'CN', region: '浙江', city: '杭州', lat: 30.27, lng: 120.15 } },
  { ...NODE, nodeId: 'bj-1', name: '北京仓', place: { countryCode: 'CN', region: '北京', city: '北京', lat: 39.9, lng: 116.4 } },
])

const keyOf = async (role: string, scope: object = {}): Promise<Api> =>
  api.as(String((await api('POST', '/v1/keys', { name: `${role} key`, role, scope })).at('secret')))
const workOf = async (orderId: string, no = 0): Promise<string> =>
  String((await api('GET', `/v1/orders/${orderId}`)).at(`fulfillmentOrders.${no}.fulfillmentOrderId`))
const act = (id: string, action: string, body: object = {}, as: Api = api): Promise<Reply> =>
  as('POST', `/v1/fulfillment-orders/${id}/${action}`, body)
const tasksOf = async (orderId: string, as: Api = api, query = ''): Promise<readonly unknown[]> =>
  listOf((await as('GET', `/v1/tasks?limit=200${query}`)).at('items')).filter((task) => at(task, 'orderId') === orderId)
const itemOf = async (sku: string, stock: Record<string, number>): Promise<void> => {
  await put(api, '/v1/items', [{ sku, name: sku, weightGrams: 300 }])
  for (const [nodeId, units] of Object.entries(stock)) await count(api, sku, nodeId, units)
}

test('work moves to the node that is named, with its stock, and comes to nothing where it does not fit', async () => {
  await itemOf('jar', { 'hz-1': 5, 'bj-1': 2 })
  const orderId = await placed(api, orderOf('move-1', { sku: 'jar', quantity: 2 }))
  const id = await workOf(orderId)
  const unknown = await act(id, 'move', { reason: 'staff', toNodeId: 'sh-9' })
  assert.deepEqual([unknown.status, unknown.at('code')], [422, 'node_unknown'])
  const unfit = await act(id, 'move', { reason: 'staff', toNodeId: 'sh-1' })
  assert.deepEqual([unfit.status, unfit.at('code')], [409, 'no_node_fits'])
  const moved = await act(id, 'move', { reason: 'staff', toNodeId: 'bj-1' })
  assert.deepEqual([moved.status, moved.at('work'), moved.at('reason')], [200, 'cancelled', 'staff'], moved.text)
  assert.equal((await api('GET', `/v1/fulfillment-orders/${await workOf(orderId, 1)}`)).at('nodeId'), 'bj-1')
  assert.deepEqual([at(await stockOf(api, 'jar', 'hz-1'), 'committed'), at(await stockOf(api, 'jar', 'bj-1'), 'committed')], [0, 2])
  const sourcing = await api('GET', `/v1/orders/${orderId}/sourcing`)
  assert.equal(listOf(sourcing.at('decisions')).length, 2)
})

test('units are split off, held, released and merged again', async () => {
  await itemOf('pan', { 'hz-1': 5 })
  const orderId = await placed(api, orderOf('split-1', { sku: 'pan', quantity: 3 }))
  const id = await workOf(orderId)
  const split = await act(id, 'split', { lines: [{ lineRef: '1', quantity: 1 }] })
  assert.deepEqual([split.status, split.at('lines.0.quantity')], [200, 2], split.text)
  const part = await workOf(orderId, 1)
  const held = await act(part, 'hold', { reason: 'damage_check' })
  assert.deepEqual([held.at('isHeld'), held.at('hold.reason')], [true, 'damage_check'])
  assert.equal((await act(id, 'merge', { with: [part] })).at('code'), 'action_not_allowed')
  await act(part, 'release')
  const merged = await act(id, 'merge', { with: [part] })
  assert.deepEqual([merged.status, merged.at('lines.0.quantity')], [200, 3], merged.text)
  assert.equal((await api('GET', `/v1/fulfillment-orders/${part}`)).at('mergedInto'), id)
})

test('what no node has is a task: listed by due time, taken on, ended; a floor sees tasks of its node alone', async () => {
  await itemOf('urn', { 'hz-1': 2 })
  const orderId = await placed(api, orderOf('task-1', { sku: 'urn', quantity: 2 }))
  await act(await workOf(orderId), 'reject', { reason: 'no_staff' })
  const [task] = await tasksOf(orderId)
  assert.deepEqual(
    [at(task, 'kind'), at(task, 'owner'), at(task, 'state'), at(task, 'externalRef'), at(task, 'allowedActions')],
    ['stockMissing', 'agent', 'open', 'task-1', ['assign', 'done']],
  )
  assert.deepEqual(at(task, 'items'), [{ sku: 'urn', name: 'urn', quantity: 2 }])
  assert.ok((await tasksOf(orderId, api, '&unassigned=true')).length === 1)
  const taskId = String(at(task, 'taskId'))
  const floor = await keyOf('floor', { nodes: ['hz-1'] })
  assert.deepEqual(await tasksOf(orderId, floor), [])
  assert.equal((await floor('POST', `/v1/tasks/${taskId}/assign`, {})).at('code'), 'task_unknown')
  const agent = await keyOf('agent')
  const taken = await agent('POST', `/v1/tasks/${taskId}/assign`, {})
  assert.match(String(taken.at('assignee')), /^key_/)
  assert.equal((await tasksOf(orderId, agent, `&assignee=${String(taken.at('assignee'))}&owner=agent&kind=stockMissing`)).length, 1)
  assert.deepEqual(await tasksOf(orderId, api, '&unassigned=true'), [])
  const ended = await agent('POST', `/v1/tasks/${taskId}/done`, { reason: 'bought' })
  assert.deepEqual([ended.at('state'), ended.at('reason'), ended.at('allowedActions')], ['done', 'bought', []])
  assert.equal((await agent('POST', `/v1/tasks/${taskId}/done`, { reason: 'again' })).at('code'), 'action_not_allowed')
  assert.deepEqual(await tasksOf(orderId), [])
  assert.equal((await tasksOf(orderId, api, '&state=done')).length, 1)
})

test('a task can be given to those who work on tasks: active users, of a shared node where the asker is bound to nodes', async () => {
  const password = 'a-long-password-1'
  for (const [login, role, scope] of [
    ['mei', 'agent', {}],
    ['north', 'floor', { nodes: ['bj-1'] }],
    ['south', 'floor', { nodes: ['hz-1', 'sh-1'] }],
    ['boss', 'executive', {}],
    ['gone', 'agent', {}],
  ] as const)
    assert.equal((await api('POST', '/v1/users', { login, name: login, role, scope, password })).status, 201)
  const gone = listOf((await api('GET', '/v1/users?limit=200')).at('items')).find((user) => at(user, 'login') === 'gone')
  assert.equal((await api('PATCH', `/v1/users/${String(at(gone, 'userId'))}`, { disabled: true })).status, 200)
  const namesOf = async (as: Api): Promise<unknown[]> =>
    listOf((await as('GET', '/v1/tasks/assignees?limit=200')).at('items'))
      .map((one) => at(one, 'name'))
      .filter((name) => ['mei', 'north', 'south', 'boss', 'gone'].includes(String(name)))
  assert.deepEqual(await namesOf(api), ['mei', 'north', 'south'])
  assert.deepEqual(await namesOf(await keyOf('floor', { nodes: ['hz-1'] })), ['mei', 'south'])
  assert.equal((await (await keyOf('executive'))('GET', '/v1/tasks/assignees')).status, 403)
  await itemOf('jug', { 'hz-1': 1 })
  const orderId = await placed(api, orderOf('task-2', { sku: 'jug' }))
  await act(await workOf(orderId), 'reject', { reason: 'no_staff' })
  const give = (assignee: unknown): Promise<Reply> =>
    tasksOf(orderId).then(([task]) => api('POST', `/v1/tasks/${String(at(task, 'taskId'))}/assign`, { assignee }))
  const idOf = async (login: string): Promise<unknown> =>
    at(
      listOf((await api('GET', '/v1/users?limit=200')).at('items')).find((user) => at(user, 'login') === login),
      'userId',
    )
  for (const nobody of ['usr_x', 'mei', await idOf('boss'), await idOf('gone')]) {
    const refused = await give(nobody)
    assert.deepEqual([refused.status, refused.at('code'), refused.at('got')], [422, 'assignee_unknown', nobody])
  }
  const made = async (name: string, more: object) => api('POST', '/v1/keys', { name, role: 'agent', ...more })
  const [revoked, expired, inForce] = [
    await made('revoked', {}),
    await made('expired', { expiresAt: new Date(Date.now() + 900).toISOString() }),
    await made('in force', { expiresAt: new Date(Date.now() + 3_600_000).toISOString() }),
  ]
  assert.equal((await api('DELETE', `/v1/keys/${String(revoked.at('credentialId'))}`)).status, 200)
  const expiring = api.as(String(expired.at('secret')))
  while ((await expiring('GET', '/v1/tasks?limit=1')).status === 200);
  for (const key of [revoked, expired]) {
    const refused = await give(key.at('credentialId'))
    assert.deepEqual([refused.status, refused.at('code')], [422, 'assignee_unknown'], String(key.at('name')))
  }
  const offered = listOf((await api('GET', '/v1/tasks/assignees?limit=200')).at('items')).map((one) => String(at(one, 'assignee')))
  assert.ok(offered.length > 0 && offered.every((one) => one.startsWith('usr_')), 'people are offered, no keys')
  assert.equal((await tasksOf(orderId, api, '&unassigned=true')).length, 1, 'what nobody took stays in the list of what nobody took')
  assert.equal((await give(inForce.at('credentialId'))).at('assignee'), inForce.at('credentialId'))
  assert.equal((await give(await idOf('mei'))).at('assignee'), await idOf('mei'))
  const page = await api('GET', '/v1/tasks/assignees?limit=1')
  const next = await api('GET', `/v1/tasks/assignees?limit=1&cursor=${String(page.at('next'))}`)
  assert.notEqual(next.at('items.0.assignee'), page.at('items.0.assignee'))
})

test('a list of tasks is paged by key, due first', async () => {
  await itemOf('vat', { 'hz-1': 5 })
  for (let i = 0; i < 5; i++) await act(await workOf(await placed(api, orderOf(`page-${i}`, { sku: 'vat' }))), 'reject', { reason: 'x' })
  const seen: unknown[] = []
  let cursor = ''
  do {
    const page = await api('GET', `/v1/tasks?limit=2${cursor}`)
    assert.equal(page.status, 200, page.text)
    seen.push(...listOf(page.at('items')))
    cursor = page.at('next') === undefined ? '' : `&cursor=${String(page.at('next'))}`
  } while (cursor !== '')
  const due = seen.map((task) => String(at(task, 'dueAt')))
  assert.deepEqual(due, due.toSorted())
  assert.ok(seen.length >= 5 && new Set(seen.map((task) => at(task, 'taskId'))).size === seen.length)
})
