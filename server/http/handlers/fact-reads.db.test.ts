import assert from 'node:assert/strict'
import { test } from 'node:test'
import { asked, codeOf, place, putFacts, readHub, someone, valueOf } from '../../../test/support/read-hub.ts'
import { fillWorld, NODES, nthOrder } from '../../../test/support/small-world.ts'
import type { Refused, Success } from '../handler.ts'
import type { Scope } from '../../domain/access/principal.ts'

const { hub, deps, reads } = await readHub(1)
await fillWorld(hub)
for (let n = 0; n < 6; n++) await place(hub, nthOrder(n))
const none = { params: undefined, query: {}, body: undefined }
const admin = asked(someone('admin'))
/** A page of any list: its rows and where it goes on. */
function pageOf(name: string, reply: Success<unknown> | Refused): { readonly items: readonly object[]; readonly next: unknown } {
  const page: object = Object(valueOf<unknown>(name, reply))
  const items: unknown = Reflect.get(page, 'items')
  assert.ok(Array.isArray(items))
  return { items, next: Reflect.get(page, 'next') }
}
const scoped = (scope: Scope) => asked(someone('integrator', scope))

test('every kind of fact has a list and a read, and they agree', async () => {
  const kinds = [
    [
      'item',
      'tea-500',
      await reads['item.list'](admin, none),
      await reads['item.get'](admin, { ...none, params: { sku: 'tea-500' }, query: undefined }),
    ],
    [
      'node',
      'sh-1',
      await reads['node.list'](admin, none),
      await reads['node.get'](admin, { ...none, params: { nodeId: 'sh-1' }, query: undefined }),
    ],
    [
      'channel',
      'b2b',
      await reads['channel.list'](admin, none),
      await reads['channel.get'](admin, { ...none, params: { channelId: 'b2b' }, query: undefined }),
    ],
    [
      'carrier',
      'sf',
      await reads['carrier.list'](admin, none),
      await reads['carrier.get'](admin, { ...none, params: { carrierId: 'sf' }, query: undefined }),
    ],
    [
      'account',
      'acme',
      await reads['account.list'](admin, none),
      await reads['account.get'](admin, { ...none, params: { accountId: 'acme' }, query: undefined }),
    ],
    [
      'supply',
      'po-1',
      await reads['supply.list'](admin, none),
      await reads['supply.get'](admin, { ...none, params: { supplyId: 'po-1' }, query: undefined }),
    ],
  ] as const
  for (const [kind, key, list, one] of kinds) {
    const value: object = Object(valueOf<unknown>(`${kind}.get`, one))
    const { items } = pageOf(`${kind}.list`, list)
    assert.ok(Object.values(value).includes(key), `${kind} ${key}`)
    assert.deepEqual(
      items.filter((row) => Object.values(row).includes(key)),
      [value],
    )
  }
})

test('a fact that is not there is unknown, and a list of nothing is empty', async () => {
  assert.equal(codeOf(await reads['rate.get'](admin, { ...none, params: { rateId: 'x' }, query: undefined })), 'entity_unknown')
  for (const name of ['lane.list', 'rate.list', 'calendar.list', 'taxRule.list', 'complianceRule.list', 'emissionFactor.list'] as const)
    assert.deepEqual(pageOf(name, await reads[name](admin, none)).items, [])
})

test('pages of a list join to the whole list in the order of keys', async () => {
  const wanted = Array.from({ length: 25 }, (_, i) => `it-${String(i).padStart(2, '0')}`)
  await putFacts(
    hub,
    'item',
    'sku',
    wanted.map((sku) => ({ sku, name: sku })),
  )
  await putFacts(
    hub,
    'calendar',
    'calendarId',
    wanted.map((calendarId) => ({ calendarId, name: calendarId, zone: 'UTC', workdays: [1, 2, 3] })),
  )
  for (const name of ['item.list', 'calendar.list'] as const) {
    const found: string[] = []
    let cursor: string | undefined
    do {
      const page = pageOf(name, await reads[name](admin, { ...none, query: { limit: 7, ...(cursor === undefined ? {} : { cursor }) } }))
      assert.ok(page.items.length > 0 && page.items.length <= 7)
      found.push(...page.items.map((row) => String(Reflect.get(row, 'sku') ?? Reflect.get(row, 'calendarId'))))
      cursor = typeof page.next === 'string' ? page.next : undefined
    } while (cursor !== undefined)
    assert.deepEqual(
      found.filter((key) => key.startsWith('it-')),
      wanted,
    )
    assert.deepEqual(found, found.toSorted())
  }
})

test('a channel says that it has a secret and never shows it', async () => {
  const { items } = valueOf('channel.list', await reads['channel.list'](admin, none))
  assert.deepEqual(
    items.map((row) => [row.channelId, row.hasSecret]),
    [
      ['b2b', false],
      ['shop-cn', true],
      ['shop-eu', false],
    ],
  )
  assert.doesNotMatch(JSON.stringify(items), /sealed/)
})

test('the exposure of an account is what its orders owe now', async () => {
  const account = valueOf('account.get', await reads['account.get'](admin, { ...none, params: { accountId: 'acme' }, query: undefined }))
  assert.equal(account.exposure, 2 * 3 * 12_800)
})

test('facts outside the scope are in no list and unknown to a read', async () => {
  const who = scoped({ nodes: ['sh-1'], channels: ['shop-eu'] })
  assert.deepEqual(
    valueOf('node.list', await reads['node.list'](who, none)).items.map((row) => row.nodeId),
    ['sh-1'],
  )
  assert.deepEqual(
    valueOf('channel.list', await reads['channel.list'](who, none)).items.map((row) => row.channelId),
    ['shop-eu'],
  )
  assert.deepEqual(valueOf('supply.list', await reads['supply.list'](who, none)).items, [])
  assert.deepEqual(valueOf('account.list', await reads['account.list'](who, none)).items, [])
  assert.equal(codeOf(await reads['node.get'](who, { ...none, params: { nodeId: 'gz-1' }, query: undefined })), 'entity_unknown')
})

test('stock is what the database holds, within the nodes of the scope, page by page', async () => {
  const all = async (scope: Scope, query: object): Promise<string[]> => {
    const found: string[] = []
    let cursor: string | undefined
    do {
      const more = cursor === undefined ? {} : { cursor }
      const page = valueOf('stock.list', await reads['stock.list'](scoped(scope), { ...none, query: { ...query, ...more, limit: 2 } }))
      for (const row of page.items) {
        assert.equal(row.available, row.onHand - row.soft - row.firm - row.committed - row.safety + row.backorderLimit)
        assert.equal(row.name, hub.memory.items.get(row.sku)?.doc.name)
        found.push(`${row.sku} ${row.nodeId}`)
      }
      cursor = page.next
    } while (cursor !== undefined)
    return found.toSorted()
  }
  const every = ['cup-1', 'tea-500'].flatMap((sku) => NODES.toSorted().map((nodeId) => `${sku} ${nodeId}`))
  assert.deepEqual(await all({}, {}), every)
  assert.deepEqual(
    await all({ nodes: ['gz-1'] }, {}),
    every.filter((row) => row.endsWith('gz-1')),
  )
  assert.deepEqual(
    await all({}, { sku: 'cup-1' }),
    every.filter((row) => row.startsWith('cup-1')),
  )
  assert.deepEqual(
    await all({}, { nodeId: 'bj-1' }),
    every.filter((row) => row.endsWith('bj-1')),
  )
  assert.deepEqual(await all({ nodes: ['gz-1'] }, { nodeId: 'bj-1', sku: 'cup-1' }), [])
  assert.deepEqual(await all({ carriers: ['sf'] }, {}), [])
  assert.deepEqual(await all({}, { sku: 'unknown' }), [])
})

const available = async (scope: Scope, query: { sku: string; channelId?: string; nodeId?: string }) =>
  valueOf('availability.get', await reads['availability.get'](scoped(scope), { params: undefined, query, body: undefined }))

test('availability leaves each channel’s buffer at every node and shows dated supply', async () => {
  const whole = await available({}, { sku: 'tea-500' })
  const buffered = await available({}, { sku: 'tea-500', channelId: 'shop-cn' })
  assert.equal(whole.nodes.length, 3)
  assert.equal(
    whole.available,
    whole.nodes.reduce((sum, node) => sum + node.available, 0),
  )
  assert.equal(
    buffered.available,
    whole.nodes.reduce((sum, node) => sum + Math.max(0, node.available - 5), 0),
  )
  assert.deepEqual(whole.nodes.find((node) => node.nodeId === 'gz-1')?.supply, [{ availableAt: '2026-12-24T00:00:00.000Z', quantity: 40 }])
  const own = await available({ channels: ['shop-cn'] }, { sku: 'tea-500' })
  assert.deepEqual(own, { ...buffered, asOf: own.asOf })
})

test('a bundle can be promised as often as its scarcest component allows', async () => {
  const [tea, cup, set] = [
    await available({}, { sku: 'tea-500' }),
    await available({}, { sku: 'cup-1' }),
    await available({}, { sku: 'set-1' }),
  ]
  assert.equal(set.available, Math.min(tea.available, Math.floor(cup.available / 2)))
})

test('availability counts the nodes of the scope alone, and tells outsiders no node', async () => {
  const own = await available({ nodes: ['gz-1'] }, { sku: 'tea-500' })
  assert.deepEqual(
    own.nodes.map((node) => node.nodeId),
    ['gz-1'],
  )
  assert.equal(own.available, own.nodes[0]?.available)
  const customer = asked(someone('customer', { customer: { channelId: 'shop-cn', customerRef: 'C0' } }))
  const seen = valueOf(
    'availability.get',
    await reads['availability.get'](customer, { params: undefined, query: { sku: 'tea-500' }, body: undefined }),
  )
  assert.deepEqual(seen.nodes, [])
  assert.equal(seen.available, (await available({}, { sku: 'tea-500', channelId: 'shop-cn' })).available)
  const unknown = await reads['availability.get'](customer, {
    params: undefined,
    query: { sku: 'tea-500', channelId: 'b2b' },
    body: undefined,
  })
  assert.equal(codeOf(unknown), 'channel_unknown')
  assert.equal(codeOf(await reads['availability.get'](admin, { params: undefined, query: { sku: 'x' }, body: undefined })), 'item_unknown')
})

test('a promise dates a basket from nodes of the scope, and what is short names its units', async () => {
  const ask = async (who: typeof admin, sku: string, quantity: number) =>
    valueOf(
      'promise.options',
      await reads['promise.options'](who, {
        params: undefined,
        query: undefined,
        body: {
          channelId: 'shop-cn',
          shipTo: { countryCode: 'CN', region: '广东', city: '广州', lat: 23.13, lng: 113.26 },
          lines: [{ sku, quantity }],
        },
      }),
    )
  const options = await ask(admin, 'tea-500', 1)
  assert.ok(options.options.length > 0)
  assert.ok((options.options[0]?.deliverBy ?? '') > options.asOf)
  const own = await ask(scoped({ nodes: ['sh-1'] }), 'tea-500', 1)
  assert.deepEqual([...new Set(own.options.flatMap((option) => option.nodeIds))], ['sh-1'])
  const short = await ask(admin, 'tea-500', 900_000)
  assert.equal(short.reason, 'stock_short')
  assert.ok((short.missing?.[0]?.quantity ?? 0) > 0)
  const customer = asked(someone('customer', { customer: { channelId: 'shop-cn', customerRef: 'C0' } }))
  assert.deepEqual((await ask(customer, 'tea-500', 1)).options[0]?.nodeIds, [])
  assert.ok(deps.now() > 0)
})

test('items are found by a part of what they are called, without case; a search that finds nothing is an empty page', async () => {
  const found = async (q: string) =>
    valueOf('item.list', await reads['item.list'](admin, { ...none, query: { q } })).items.map((row) => row.sku)
  assert.ok((await found('TEA-5')).includes('tea-500'))
  assert.deepEqual(await found('no such thing'), [])
  const page = valueOf('item.list', await reads['item.list'](admin, { ...none, query: { q: '-', limit: 1 } }))
  assert.equal(page.items.length, 1)
})
