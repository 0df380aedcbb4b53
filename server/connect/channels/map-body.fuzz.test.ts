import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Compile } from 'typebox/compile'
import { OrderInput } from '../../../contract/entities/order.ts'
import type { MappedBody } from '../../engine/ports/channel-mapper.ts'
import { readJson } from '../../kernel/lossless-json.ts'
import { channelMapper } from './channel-mapper.ts'
import * as fixtures from './fixtures.ts'
import { issueTexts } from '../../../contract/body-issues.ts'
import { mappings } from './mappings.ts'

const mapper = channelMapper()
const contract = Compile(OrderInput)
const bodies: readonly (readonly [string, string])[] = [
  ['shopify', JSON.stringify({ order: fixtures.shopify() })],
  ['woocommerce', JSON.stringify(fixtures.woocommerce())],
  ['douyin', JSON.stringify({ data: { shop_order_detail: fixtures.douyin() } })],
  ['taobao', fixtures.taobaoText],
]
const reviewCodes = new Set([...mappings.values()].flatMap((mapping) => mapping.review.map((rule) => rule.code)))

/** What must hold for every body: an order that the contract takes, or at least one issue that says why there is none. */
function checkMapped(mapped: MappedBody): void {
  for (const order of mapped.orders) {
    const hasError = order.issues.some((issue) => issue.severity === 'error')
    assert.equal(order.verdict === 'inbox', hasError)
    assert.equal(order.order === undefined, order.verdict === 'inbox' || order.verdict === 'ignored')
    if (order.order) assert.ok(contract.Check(order.order))
    else assert.ok(order.issues.length > 0)
  }
  if (mapped.orders.length === 0) assert.ok(mapped.issues.length > 0)
  for (const issue of [...mapped.issues, ...mapped.orders.flatMap((order) => order.issues)]) {
    assert.ok(issue.path.length > 0 && issue.expected.length > 0 && issue.got.length > 0)
    assert.ok(Object.hasOwn(issueTexts, issue.code) || reviewCodes.has(issue.code), issue.code)
  }
}

type Place = { readonly holder: object; readonly key: string }
/** Every member and element of a body. */
function places(value: unknown): readonly Place[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, below]: [string, unknown]) => [{ holder: value, key }, ...places(below)])
}

const strange = fc.oneof(
  fc.jsonValue(),
  fc.string(),
  fc.constantFrom<unknown>(
    null,
    '',
    ' ',
    0,
    -1,
    1e21,
    '1e9',
    '-5.00',
    '99999999999999999999',
    [],
    {},
    [null],
    true,
    '\u0000',
    '{"a":',
    '[[]]',
    'x'.repeat(3000),
    '__proto__',
  ),
)

for (const [platform, text] of bodies)
  test(`${platform}: whatever is deleted or replaced in a body, it gives a valid order or says why not`, () => {
    let orders = 0
    fc.assert(
      fc.property(
        fc.array(fc.record({ at: fc.nat(), value: fc.option(strange, { nil: undefined }) }), { minLength: 1, maxLength: 6 }),
        (changes) => {
          const read = readJson(text)
          assert.equal(read.status, 'read')
          const body = read.status === 'read' ? read.value : undefined
          for (const { at, value } of changes) {
            const all = places(body)
            const place = all[at % Math.max(all.length, 1)]
            if (!place) continue
            if (value === undefined) Reflect.deleteProperty(place.holder, place.key)
            else Reflect.set(place.holder, place.key, structuredClone(value)) // a later change must not reach into the generator
          }
          const mapped = mapper.mapBody({ channelId: 'shop', platform }, JSON.stringify(body))
          checkMapped(mapped)
          orders += mapped.orders.length
        },
      ),
      { numRuns: 400 },
    )
    assert.ok(orders > 10, `only ${orders} mutated bodies were still seen as orders`)
  })

test('any text at all is answered', () => {
  for (const platform of mapper.platforms)
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => checkMapped(mapper.mapBody({ channelId: 'shop', platform }, text))),
      { numRuns: 200 },
    )
})

test('a body cut off anywhere is answered', () => {
  for (const [platform, text] of bodies)
    for (let end = 0; end < text.length; end += 37) checkMapped(mapper.mapBody({ channelId: 'shop', platform }, text.slice(0, end)))
})
