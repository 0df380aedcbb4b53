import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { permissions, permissionsOfRole, roles } from '../../../contract/access.ts'
import { authorise } from './authorise.ts'
import { canManage, grantFrom } from './grant.ts'
import type { Principal, Scope } from './principal.ts'
import { canSeeChannel, canSeeEvent, canSeeFact, canSeeOrder, isWithin, narrow, scopeToSqlParams, type EventFacts } from './scope.ts'

const names = (prefix: string) => fc.subarray(['1', '2', '3'].map((one) => prefix + one))
const orUndefined = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined })
const customer = fc.oneof(
  fc.record({ channelId: fc.constantFrom('c1', 'c2'), customerRef: fc.constantFrom('x', 'y') }),
  fc.record({ accountId: fc.constantFrom('a1', 'a2') }),
)
const scope: fc.Arbitrary<Scope> = fc
  .record({
    channels: orUndefined(names('c')),
    nodes: orUndefined(names('n')),
    carriers: orUndefined(names('k')),
    customer: orUndefined(customer),
  })
  .map((fields) => {
    const { channels, nodes, carriers, customer: own } = fields
    return {
      ...(channels === undefined ? {} : { channels }),
      ...(nodes === undefined ? {} : { nodes }),
      ...(carriers === undefined ? {} : { carriers }),
      ...(own === undefined ? {} : { customer: own }),
    }
  })
const order = fc.record({
  channelId: fc.constantFrom('c1', 'c2', 'c3'),
  nodeIds: names('n'),
  carrierIds: names('k'),
  customerRef: orUndefined(fc.constantFrom('x', 'y')),
  accountId: orUndefined(fc.constantFrom('a1', 'a2')),
})
const principal = (own: Scope, held: Principal['permissions'] = new Set(permissions)): Principal => ({
  credentialId: 'key_0000000000001',
  kind: 'key',
  name: 'k',
  role: 'admin',
  permissions: held,
  scope: own,
})

test('no scope sees all; an empty list sees none', () => {
  fc.assert(
    fc.property(order, (one) => {
      assert.ok(canSeeOrder({}, one))
      for (const list of ['channels', 'nodes', 'carriers']) assert.ok(!canSeeOrder({ [list]: [] }, one))
    }),
  )
})

test('an order is seen where its channel, a node, a carrier and the customer all lie inside', () => {
  const one = { channelId: 'c1', nodeIds: ['n1', 'n2'], carrierIds: ['k1'], customerRef: 'x', accountId: 'a1' }
  const seen: readonly Scope[] = [
    { channels: ['c1', 'c9'] },
    { nodes: ['n2'] },
    { carriers: ['k1'] },
    { customer: { channelId: 'c1', customerRef: 'x' } },
    { customer: { accountId: 'a1' } },
    { channels: ['c1'], nodes: ['n1'], carriers: ['k1'], customer: { accountId: 'a1' } },
  ]
  const unseen: readonly Scope[] = [
    { channels: ['c2'] },
    { nodes: ['n3'] },
    { carriers: ['k2'] },
    { customer: { channelId: 'c2', customerRef: 'x' } },
    { customer: { channelId: 'c1', customerRef: 'y' } },
    { customer: { accountId: 'a2' } },
    { channels: ['c1'], nodes: ['n3'] },
  ]
  for (const own of seen) assert.ok(canSeeOrder(own, one), JSON.stringify(own))
  for (const own of unseen) assert.ok(!canSeeOrder(own, one), JSON.stringify(own))
  assert.ok(!canSeeOrder({ customer: { channelId: 'c1', customerRef: 'x' } }, { ...one, customerRef: undefined }))
  assert.ok(!canSeeOrder({ nodes: ['n1'] }, { ...one, nodeIds: [] }))
})

test('a narrowed scope sees nothing that its parent does not, and stays where it was when nothing is asked', () => {
  let narrowed = 0
  fc.assert(
    fc.property(scope, scope, order, (parent, wanted, one) => {
      assert.deepEqual(narrow(parent, {}), { status: 'done', value: parent })
      const child = narrow(parent, wanted)
      if (child.status === 'refused') return
      narrowed += 1
      assert.ok(isWithin(parent, child.value))
      if (canSeeOrder(child.value, one)) assert.ok(canSeeOrder(parent, one))
      if (canSeeOrder(child.value, one)) assert.ok(canSeeOrder(wanted, one))
    }),
    { numRuns: 1000 },
  )
  assert.ok(narrowed > 20)
})

test('an event of an order is seen exactly where its order is; what is unknown is outside', () => {
  fc.assert(
    fc.property(scope, order, (own, one) => {
      assert.equal(canSeeEvent(own, { subject: { kind: 'order', id: 'o' }, ...one }), canSeeOrder(own, one))
    }),
  )
  const bare = (kind: string): EventFacts => ({ subject: { kind, id: 'x' } })
  for (const kind of ['order', 'stock', 'fact', 'audit', 'body', 'new']) {
    assert.ok(canSeeEvent({}, bare(kind)))
    for (const own of [{ nodes: ['n1'] }, { customer: { accountId: 'a1' } }, { carriers: ['k1'] }])
      assert.ok(!canSeeEvent(own, bare(kind)), kind)
  }
})

test('stock is seen by those inside the firm, at their nodes', () => {
  const event = { subject: { kind: 'stock', id: 's' }, nodeIds: ['n1'] }
  assert.ok(canSeeEvent({ nodes: ['n1'] }, event))
  assert.ok(canSeeEvent({ channels: ['c1'] }, event))
  for (const own of [{ nodes: ['n2'] }, { carriers: ['k1'] }, { customer: { accountId: 'a1' } }]) assert.ok(!canSeeEvent(own, event))
})

test('a fact is seen where what it belongs to is', () => {
  assert.ok(canSeeFact({ channels: ['c1'] }, 'channel', 'c1') && !canSeeFact({ channels: ['c1'] }, 'channel', 'c2'))
  assert.ok(canSeeFact({ nodes: ['n1'] }, 'node', 'n1') && !canSeeFact({ nodes: ['n1'] }, 'node', 'n2'))
  assert.ok(canSeeFact({ carriers: ['k1'] }, 'rate', 'r', { carrierId: 'k1' }) && !canSeeFact({ carriers: ['k1'] }, 'rate', 'r'))
  assert.ok(
    canSeeFact({ nodes: ['n1'] }, 'supply', 's', { nodeId: 'n1' }) && !canSeeFact({ nodes: ['n1'] }, 'supply', 's', { nodeId: 'n2' }),
  )
  assert.ok(canSeeFact({ channels: ['c1'] }, 'item', 'i') && !canSeeFact({ customer: { accountId: 'a' } }, 'item', 'i'))
  assert.ok(canSeeFact({ customer: { accountId: 'a' } }, 'account', 'a') && !canSeeFact({ customer: { accountId: 'a' } }, 'account', 'b'))
  assert.ok(canSeeFact({}, 'anything', 'x') && !canSeeFact({ channels: ['c1'] }, 'anything', 'x'))
  assert.ok(!canSeeChannel({ customer: { channelId: 'c1', customerRef: 'x' } }, 'c2'))
})

test('scope as parameters says the same, null meaning no limit', () => {
  const none = { channels: null, nodes: null, carriers: null, customerChannelId: null, customerRef: null, accountId: null }
  assert.deepEqual(scopeToSqlParams({}), none)
  assert.deepEqual(scopeToSqlParams({ nodes: [], customer: { accountId: 'a' } }), { ...none, nodes: [], accountId: 'a' })
  const own = { channels: ['c'], customer: { channelId: 'c', customerRef: 'x' } }
  assert.deepEqual(scopeToSqlParams(own), { ...none, channels: ['c'], customerChannelId: 'c', customerRef: 'x' })
})

test('a grant never exceeds its role, its giver or its giver’s scope, and its giver may manage it', () => {
  const wanted = fc.record({
    role: fc.constantFrom(...roles),
    permissions: orUndefined(fc.subarray([...permissions])),
    scope: orUndefined(scope),
  })
  let given = 0
  fc.assert(
    fc.property(scope, fc.subarray([...permissions]), wanted, (own, held, asked) => {
      const giver = principal(own, new Set(held))
      const grant = grantFrom(giver, asked)
      if (grant.status === 'refused') return
      given += 1
      const { role, permissions: may, scope: reach } = grant.value
      assert.ok(may.every((one) => permissionsOfRole[role].includes(one) && giver.permissions.has(one)))
      assert.ok(canManage(giver, grant.value))
      if (role === 'customer') assert.ok(reach.customer !== undefined)
      if (role === 'carrier') assert.ok(reach.carriers !== undefined)
    }),
    { numRuns: 4000 },
  )
  assert.ok(given > 10)
})

test('a missing permission is named', () => {
  const who = principal({}, new Set(['order.read']))
  assert.equal(authorise(who, 'order.read'), undefined)
  assert.equal(authorise(who, 'signedIn'), undefined)
  assert.deepEqual([authorise(who, 'order.pay')?.code, authorise(who, 'order.pay')?.expected], ['permission_missing', 'order.pay'])
})
