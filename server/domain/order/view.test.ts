import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fang, type Personal } from '../../../test/support/personal-order.ts'
import type { OrderInput } from '../../../contract/entities/order.ts'
import { instant } from '../../kernel/time.ts'
import { parseId } from '../../kernel/ids.ts'
import { initialState } from './evolve.ts'
import { splitPerson } from './person.ts'
import type { Order, OrderIntake } from './state.ts'
import { viewOrder, viewOrderSummary } from './view.ts'

const orderId = parseId('ord', 'ord_0123456789abc')
assert.ok(orderId)
const intake: OrderIntake = {
  orderId,
  shard: 1,
  channelId: 'shop-cn',
  externalRef: 'A-1',
  placedAt: instant(0),
  receivedAt: instant(1000),
  currency: 'CNY',
  requiresPayment: true,
  totals: { lines: 100, discount: 0, shipping: 0, tax: 0, total: 100 },
  shipTo: { countryCode: 'CN', city: '杭州', lat: 30.28, lng: 120.13 },
  lines: [{ lineRef: '1', sku: 'tea', quantity: 2, unitPrice: 50, discount: 0, tax: 0, total: 100 }],
}
const order: Order = { intake, state: initialState(intake) }

const input = (person: Personal): Pick<OrderInput, 'customer' | 'shipTo' | 'note'> => ({
  customer: {
    name: person.name,
    phone: person.phone,
    email: person.email,
    companyName: person.companyName,
    customerRef: person.customerRef,
  },
  shipTo: {
    countryCode: 'CN',
    city: '杭州',
    name: person.recipient,
    district: person.district,
    postalCode: person.postalCode,
    line1: person.line1,
    line2: person.line2,
    lat: 30.2741,
    lng: 120.1551,
  },
  note: person.note,
})

test('what is personal in an order is split off whole, and the contact is the buyer’s', () => {
  const { person, contact } = splitPerson(input(fang))
  for (const key of ['name', 'recipient', 'phone', 'email', 'companyName', 'district', 'postalCode', 'line1', 'line2', 'note'] as const)
    assert.ok(JSON.stringify(person).includes(JSON.stringify(fang[key]).slice(1, -1)), key)
  assert.deepEqual(contact, { countryCode: 'CN', name: fang.name, phone: fang.phone, email: fang.email })
})

for (const [title, customer, expected] of [
  ['a buyer whose fields a platform masked', { name: '王*', phone: '138****0000' }, { name: '李雷', phone: '13900000000' }],
  ['no buyer at all', undefined, { name: '李雷', phone: '13900000000' }],
  ['a buyer without a phone', { name: '王芳' }, { name: '王芳', phone: '13900000000' }],
] as const)
  test(`${title} is found by what the recipient has`, () => {
    const { contact } = splitPerson({
      ...(customer === undefined ? {} : { customer }),
      shipTo: { countryCode: 'CN', name: '李雷', phone: '13900000000' },
    })
    assert.deepEqual(contact, { countryCode: 'CN', ...expected })
  })

test('the view joins order and person, and the exact place of the person replaces the rounded one', () => {
  const view = viewOrder(order, splitPerson(input(fang)).person, { channelName: '店', itemName: () => '茶' })
  assert.equal(view.customer?.name, fang.name)
  assert.equal(view.shipTo?.lat, 30.2741)
  assert.equal(view.lines[0]?.name, '茶')
  assert.equal(view.channelName, '店')
  assert.equal(view.payments?.due, 100)
  assert.equal(view.payments?.state, 'unpaid')
})

test('an order whose person was erased, or never was, shows no person and keeps its books', () => {
  const erased = viewOrder(order, 'erased')
  assert.equal(erased.personErased, true)
  assert.deepEqual(erased.shipTo, { countryCode: 'CN', city: '杭州', lat: 30.28, lng: 120.13 })
  assert.equal(viewOrder(order, undefined).customer, undefined)
  assert.equal(viewOrderSummary(order, 'erased').customerName, 'erased')
  assert.equal(erased.totals?.total, 100)
})

test('checks that never ran say so instead of looking passed', () => {
  const { checks } = viewOrder(order, undefined)
  assert.deepEqual([...new Set(Object.values(checks).map((check) => `${check.verdict} ${check.reason}`))], ['notApplicable not_checked'])
})
