import assert from 'node:assert/strict'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { Compile } from 'typebox/compile'
import fc from 'fast-check'
import { roles, type Role } from '../../../contract/access.ts'
import { Order } from '../../../contract/entities/order.ts'
import { Event } from '../../../contract/events.ts'
import { fang, fullEvents, fullOrder, viewerOf, type Personal } from '../../../test/support/personal-order.ts'
import type { ReservationId } from '../../kernel/ids.ts'
import { instant } from '../../kernel/time.ts'
import { presentChannel, presentFact, presentNode, presentStock } from './present-fact.ts'
import { presentEvent } from './present-event.ts'
import { ERASED, presentOrder, presentOrderSummary } from './present-order.ts'
import { presentReservation } from './present-reservation.ts'
import { presentSourcing } from './present-sourcing.ts'
import { canSeeCarrier, canSeeNode } from './scope.ts'
import type { Scope } from './principal.ts'
import type { Viewer } from './sight.ts'

/** After a meant change: `node server/domain/access/present.test.ts --write-golden`, and read the difference. */
const WRITE = process.argv.includes('--write-golden')
const folder = new URL('../../../test/golden/', import.meta.url)

function golden(name: string, shown: unknown): void {
  const file = new URL(`${name}.json`, folder)
  if (WRITE) {
    mkdirSync(new URL('.', file), { recursive: true })
    writeFileSync(file, `${JSON.stringify(shown, null, 2)}\n`)
  }
  assert.deepEqual(JSON.parse(JSON.stringify(shown)), JSON.parse(readFileSync(file, 'utf8')), name)
}

/** As each role usually comes: those who do part of the work see their own part. */
const usualScope: Readonly<Record<Role, Scope>> = {
  customer: { customer: { channelId: 'shop-cn', customerRef: fang.customerRef } },
  agent: {},
  finance: {},
  floor: { nodes: ['sh-1'] },
  carrier: { carriers: ['sf'] },
  executive: {},
  integrator: {},
  admin: {},
}
const usualViewer = (role: Role): Viewer => viewerOf(role, usualScope[role])

const summary = {
  orderId: 'ord_00000000000a1',
  version: 3,
  channelId: 'shop-cn',
  externalRef: 'A-1',
  placedAt: '2026-11-21T08:00:00.000Z',
  receivedAt: '2026-11-21T08:00:00.000Z',
  state: 'accepted' as const,
  phase: 'inFulfillment' as const,
  paymentState: 'paid' as const,
  currency: 'CNY',
  total: 26_200,
  customerName: fang.name,
  accountId: 'acc-1',
  accountName: 'Blue Door Ltd',
  countryCode: 'CN',
  city: '杭州',
  lineCount: 2,
  unitCount: 2,
  nodeIds: ['sh-1', 'gz-1'],
  openHolds: 1,
  reviewReasons: ['credit_exceeded'],
  nextDueAt: '2026-11-21T08:00:00.000Z',
  allowedActions: ['approve' as const, 'cancel' as const, 'payments' as const],
}
const decision = {
  decisionId: 'dec_00000000000a1',
  state: 'applied' as const,
  decidedAt: '2026-11-21T08:00:00.000Z',
  policyVersion: '1',
  pricesVersion: '7',
  exact: true,
  cost: { freight: 900 },
  weights: { freight: 1 },
  plan: [
    { nodeId: 'sh-1', carrierId: 'sf', lineRef: '1', score: 0.5 },
    { nodeId: 'gz-1', carrierId: 'jd', lineRef: '2', score: 0.7 },
  ],
  candidates: [{ nodeId: 'gz-1', score: 0.7 }],
  rejected: { 'bj-1': 'capacity_full' },
}

for (const role of roles) {
  test(`golden: what the role ${role} sees of an order, a list row, its events, its sourcing and stock`, () => {
    const viewer = usualViewer(role)
    golden(`order/${role}`, presentOrder(viewer, fullOrder(fang)))
    golden(`order-summary/${role}`, presentOrderSummary(viewer, summary))
    golden(
      `events/${role}`,
      fullEvents(fang).map((event) => presentEvent(viewer, event)),
    )
    golden(`inside/${role}`, {
      sourcing: presentSourcing(viewer, decision) ?? null,
      stock: presentStock(viewer, stockAt('sh-1')) ?? null,
      stockElsewhere: presentStock(viewer, stockAt('gz-1')) ?? null,
      reservation: presentReservation(viewer, reservationAt('sh-1'), instant(0)) ?? null,
      reservationElsewhere: presentReservation(viewer, reservationAt('gz-1'), instant(0)) ?? null,
      node: presentNode(viewer, node) ?? null,
      channel:
        presentChannel(viewer, {
          channelId: 'shop-cn',
          platform: 'direct',
          name: 'Shop',
          hasSecret: true,
          secret: 'psst-psst',
          version: 1,
        }) ?? null,
      rate: presentFact(viewer, 'rate', 'r-1', { rateId: 'r-1', base: 900 }, { carrierId: 'sf' }) ?? null,
    })
  })
}

const stockAt = (nodeId: string) => ({
  sku: 'tea-500',
  nodeId,
  onHand: 100,
  soft: 1,
  firm: 2,
  committed: 3,
  safety: 4,
  backorderLimit: 5,
  available: 95,
  version: 1,
})
const reservationAt = (nodeId: string) => ({
  reservationId: 'rsv_00000000000a1' as ReservationId,
  key: 'cart-1',
  channelId: 'shop-cn',
  sku: 'tea-500',
  nodeId,
  quantity: 2,
  state: 'soft' as const,
  expiresAt: instant(Date.parse('2026-11-21T08:15:00Z')),
  version: 1,
})
const node = {
  nodeId: 'sh-1',
  name: '上海一号仓',
  kind: 'dc' as const,
  place: { countryCode: 'CN' },
  capacityPerDay: 500,
  handlingPerOrder: 300,
  handlingPerUnit: 20,
  channels: ['shop-cn', 'shop-us'],
  version: 1,
}

/** Texts that cannot occur by chance in the rest of an order. */
const mark = (letter: string) => fc.stringMatching(/^[a-z]{6,12}$/).map((text) => `${letter}${letter.toLowerCase()}Q${text}`)
const personal: fc.Arbitrary<Personal> = fc.record({
  name: mark('N'),
  recipient: mark('R'),
  phone: fc.stringMatching(/^1[3-9]\d{9}$/),
  email: mark('E').map((local) => `${local}@mail.example`),
  companyName: mark('C'),
  district: mark('D'),
  postalCode: fc.stringMatching(/^9[0-9]{6}7$/),
  line1: mark('L'),
  line2: mark('M'),
  customerRef: mark('F'),
  note: mark('T'),
})

const never: Readonly<Record<Role, readonly (keyof Personal)[]>> = {
  customer: ['note'],
  agent: [],
  finance: ['name', 'recipient', 'phone', 'email', 'district', 'postalCode', 'line1', 'line2', 'note'],
  floor: ['name', 'phone', 'email', 'companyName', 'customerRef', 'note'],
  carrier: ['name', 'phone', 'email', 'companyName', 'customerRef', 'note'],
  executive: ['name', 'recipient', 'phone', 'email', 'companyName', 'district', 'postalCode', 'line1', 'line2', 'customerRef', 'note'],
  integrator: [],
  admin: [],
}

test('no personal text reaches a role that must not see it, in orders, lists or events', () => {
  let looked = 0
  fc.assert(
    fc.property(personal, (who) => {
      for (const role of roles) {
        const viewer = usualViewer(role)
        const shown = JSON.stringify([
          presentOrder(viewer, fullOrder(who)),
          presentOrderSummary(viewer, { ...summary, customerName: who.name }),
          fullEvents(who).map((event) => presentEvent(viewer, event)),
        ])
        for (const field of never[role]) {
          looked += 1
          assert.ok(!shown.includes(who[field]), `${role} sees ${field}`)
        }
      }
    }),
  )
  assert.ok(looked > 200)
})

test('no amount of money reaches floor or carrier', () => {
  for (const role of ['floor', 'carrier'] as const) {
    const shown = JSON.stringify([
      presentOrder(usualViewer(role), fullOrder(fang)),
      fullEvents(fang).map((event) => presentEvent(usualViewer(role), event)),
    ])
    for (const amount of [25_600, 26_200, 12_900, 12_800, 1450, 2900, 36_200])
      assert.ok(!shown.includes(String(amount)), `${role} sees ${amount}`)
    assert.ok(!/unitPrice|totals|payments|"tax":\d|credit":\{"accountId/.test(shown))
  }
})

test('a customer sees no reason of the hub and no person who works here', () => {
  const viewer = usualViewer('customer')
  const shown = JSON.stringify([presentOrder(viewer, fullOrder(fang)), fullEvents(fang).map((event) => presentEvent(viewer, event))])
  for (const inner of ['stock_short', 'credit_exceeded', 'age_unproved', 'timesContradictory', 'usr_00000000000a9', '36200']) {
    assert.ok(!shown.includes(inner), `a customer sees ${inner}`)
  }
})

test('of other nodes and carriers nobody with a scope sees anything, in orders, events, stock or sourcing', () => {
  const scoped = fc.record({
    role: fc.constantFrom(...roles),
    nodes: fc.option(fc.subarray(['sh-1', 'gz-1', 'bj-1']), { nil: undefined }),
    carriers: fc.option(fc.subarray(['sf', 'jd']), { nil: undefined }),
  })
  fc.assert(
    fc.property(scoped, ({ role, nodes, carriers }) => {
      const viewer = viewerOf(role, { ...(nodes === undefined ? {} : { nodes }), ...(carriers === undefined ? {} : { carriers }) })
      const { externalRef, ...order } = presentOrder(viewer, fullOrder(fang))
      const shown = JSON.stringify([
        order,
        presentOrderSummary(viewer, summary),
        fullEvents(fang).map((event) => presentEvent(viewer, event)),
        presentSourcing(viewer, decision),
        presentStock(viewer, stockAt('gz-1')),
      ])
      assert.ok(externalRef.length > 0)
      for (const carrierId of ['sf', 'jd']) {
        if (!canSeeCarrier(viewer.scope, carrierId)) assert.ok(!new RegExp(`"${carrierId}["/]`).test(shown), `${role} sees ${carrierId}`)
      }
      for (const nodeId of ['sh-1', 'gz-1', 'bj-1'])
        if (!canSeeNode(viewer.scope, nodeId)) assert.ok(!shown.includes(nodeId), `${role} sees ${nodeId}`)
    }),
  )
})

test('what is presented keeps the shape of the contract', () => {
  const order = Compile(Order)
  const event = Compile(Event)
  for (const role of roles) {
    for (const personErased of [false, true]) {
      const shown = presentOrder(usualViewer(role), { ...fullOrder(fang), personErased })
      assert.deepEqual([...order.Errors(shown)], [], role)
    }
    for (const one of fullEvents(fang)) assert.ok(event.Check(presentEvent(usualViewer(role), one)))
  }
})

test('an erased person is shown as erased to every role, whatever the input still holds', () => {
  for (const role of roles) {
    const shown = presentOrder(usualViewer(role), { ...fullOrder(fang), personErased: true })
    const { name, recipient, phone, email, line1, line2, district, postalCode } = fang
    assert.ok(shown.flags?.includes('personErased'))
    if (role !== 'executive') assert.equal(shown.shipTo?.name, ERASED)
    const block = JSON.stringify([shown.customer, shown.shipTo])
    for (const text of [name, recipient, phone, email, line1, line2, district, postalCode])
      assert.ok(!block.includes(text), `${role}: ${text}`)
  }
})

test('allowed actions are those that the permissions allow, whatever the role', () => {
  assert.deepEqual(presentOrder(viewerOf('agent', {}, ['order.read', 'order.hold']), fullOrder(fang)).allowedActions, ['hold', 'release'])
  assert.deepEqual(presentOrder(viewerOf('executive'), fullOrder(fang)).allowedActions, [])
})

test('an admin is shown every field that an order can have', () => {
  const order = { ...fullOrder(fang), pickup: { nodeId: 'sh-1' }, changes: [] }
  assert.deepEqual(Object.keys(presentOrder(viewerOf('admin'), order)).toSorted(), Object.keys(Order.properties).toSorted())
})
