import assert from 'node:assert/strict'
import { test } from 'node:test'
import { editsOf, openOf, visibleAddress, wantedOf, type Wish } from './change-edits.ts'

const line = (lineRef: string, rest: object = {}) => ({
  lineRef,
  quantity: 3,
  cancelled: 1,
  packed: 1,
  shipped: 0,
  delivered: 0,
  unitPrice: 500,
  discount: 0,
  total: 1000,
  ...rest,
})
const lines = [line('1'), line('2', { cancelled: 0, packed: 0, total: 1500 })]
const wish = (rest: Partial<Wish>): Wish => ({ lines: {}, added: [], ...rest })

const cases: readonly (readonly [string, Partial<Wish>, unknown])[] = [
  ['nothing touched', {}, undefined],
  ['the same values typed again', { lines: { '1': { quantity: 2, unitPrice: 500, discount: 0 } } }, undefined],
  ['a note alone', { note: 'called' }, undefined],
  ['fewer units', { lines: { '1': { quantity: 1 } } }, { lines: [{ lineRef: '1', quantity: 1 }] }],
  ['a line removed', { lines: { '2': { quantity: 0 } } }, { lines: [{ lineRef: '2', quantity: 0 }] }],
  ['a price', { lines: { '2': { unitPrice: 450 } }, note: ' fair ' }, { lines: [{ lineRef: '2', unitPrice: 450 }], note: 'fair' }],
  [
    'two items added take references that are free',
    {
      added: [
        { sku: 'a', quantity: 1, unitPrice: 10 },
        { sku: '', quantity: 1, unitPrice: 0 },
        { sku: 'b', quantity: 2, unitPrice: 20 },
      ],
    },
    {
      add: [
        { lineRef: '3', sku: 'a', quantity: 1, unitPrice: 10 },
        { lineRef: '4', sku: 'b', quantity: 2, unitPrice: 20 },
      ],
    },
  ],
  ['an address without a country is none', { address: { city: '杭州' } }, undefined],
  ['an address', { address: { countryCode: 'CN', city: '杭州', line2: '' } }, { address: { countryCode: 'CN', city: '杭州' } }],
  ['a service', { service: { carrierId: 'sf', serviceId: 'std' } }, { service: { carrierId: 'sf', serviceId: 'std' } }],
]
for (const [name, given, expected] of cases) test(`edits: ${name}`, () => assert.deepEqual(editsOf(lines, wish(given)), expected))

test('units still wanted are without the cancelled, open ones without the packed', () => {
  assert.deepEqual(lines.map(wantedOf), [2, 3])
  assert.deepEqual(lines.map(openOf), [1, 3])
  assert.equal(openOf({ quantity: 3, cancelled: 2, packed: 2, delivered: 0 }), 0)
  assert.equal(openOf({ quantity: 3, cancelled: 0, packed: 0, delivered: 3 }), 0, 'digital units that are delivered')
})

test('what is masked is not written back', () => {
  assert.deepEqual(visibleAddress({ name: '王*', phone: '138****0000', countryCode: 'CN', city: '杭州', line1: '文三路 1 号' }), {
    countryCode: 'CN',
    city: '杭州',
    line1: '文三路 1 号',
  })
  assert.deepEqual(visibleAddress(undefined), {})
})
