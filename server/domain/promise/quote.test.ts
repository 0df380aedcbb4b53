import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { ItemInput } from '../../../contract/entities/item.ts'
import type { NodeInput } from '../../../contract/entities/node.ts'
import type { PromiseOptions } from '../../../contract/entities/promise.ts'
import { present } from '../../kernel/assert.ts'
import { instant, parseInstant, type Instant } from '../../kernel/time.ts'
import { compileNetwork } from './compile-network.ts'
import type { SupplyAt } from './demand.ts'
import { quotePromise } from './quote.ts'

const at = (iso: string): Instant => present(parseInstant(iso), iso)
const now = at('2026-06-10T10:00:00+08:00')
const hangzhou = { countryCode: 'CN', region: '浙江', city: '杭州', lat: 30.28, lng: 120.13 }
const places = [
  { countryCode: 'CN', region: '上海', city: '上海', lat: 31.23, lng: 121.47 },
  { countryCode: 'CN', region: '北京', city: '北京', lat: 39.9, lng: 116.4 },
  { countryCode: 'CN', region: '广东', city: '广州', lat: 23.13, lng: 113.26 },
]
const nodes = (more: Partial<NodeInput> = {}) =>
  places.map((place, i) => ({ nodeNo: i + 1, node: { nodeId: `n${i + 1}`, name: 'n', kind: 'dc' as const, place, ...(i === 0 && more) } }))
const items: Record<string, ItemInput> = {
  tea: { sku: 'tea', name: 'tea', weightGrams: 500 },
  cup: { sku: 'cup', name: 'cup', weightGrams: 300 },
  set: {
    sku: 'set',
    name: 'set',
    components: [
      { sku: 'tea', quantity: 1 },
      { sku: 'cup', quantity: 2 },
    ],
  },
  loop: { sku: 'loop', name: 'loop', components: [{ sku: 'loop', quantity: 1 }] },
  song: { sku: 'song', name: 'song', attributes: { digital: true } },
  ice: { sku: 'ice', name: 'ice', attributes: { coldChain: true, vip: false } },
}
type Supply = Record<string, readonly SupplyAt[]>
const facts = { carriers: [], lanes: [], rates: [], calendars: [], factors: [], baseCurrency: 'CNY' }
const quote = (
  lines: [string, number][],
  supply: Supply,
  more: { node?: Partial<NodeInput>; channelNodes?: string[] } = {},
): PromiseOptions =>
  quotePromise({
    network: compileNetwork({ ...facts, nodes: nodes(more.node) }, now),
    lines: lines.map(([sku, quantity]) => ({ sku, quantity })),
    place: hangzhou,
    now,
    channelId: 'shop',
    itemOf: (sku) => items[sku],
    supplyOf: (sku) => supply[sku] ?? [],
    ...(more.channelNodes && { channelNodes: more.channelNodes }),
  })
const shape = ({ options, reason }: PromiseOptions) => [
  reason,
  options.map(({ nodeIds, deliverBy, split }) => `${nodeIds.join('+')} ${deliverBy.slice(0, 10)}${split ? ' split' : ''}`),
]

test('the near node is offered, dated and priced, with what it rests on', () => {
  const { options } = quote([['tea', 2]], {
    tea: [
      { nodeNo: 1, units: 5 },
      { nodeNo: 2, units: 5 },
    ],
  })
  assert.deepEqual(options, [
    {
      carrierId: 'default',
      serviceId: 'standard',
      nodeIds: ['n1'],
      shipBy: '2026-06-10T15:59:00.000Z',
      deliverBy: '2026-06-12T12:00:00.000Z',
      cost: 774,
      currency: 'CNY',
      co2eGrams: 20.4,
      basis: 'default',
      split: false,
      shipments: [
        {
          nodeId: 'n1',
          shipBy: '2026-06-10T15:59:00.000Z',
          deliverBy: '2026-06-12T12:00:00.000Z',
          cost: 774,
          co2eGrams: 20.4,
          factorId: 'defra-2025-road',
          distanceKm: 163.1,
          lines: [{ sku: 'tea', quantity: 2 }],
        },
      ],
    },
  ])
})

test('dated supply covers what is not there yet, later; a split is offered where it is earlier', () => {
  const soon = at('2026-06-20T08:00:00+08:00')
  assert.deepEqual(
    shape(
      quote([['tea', 2]], {
        tea: [
          { nodeNo: 1, units: 1 },
          { nodeNo: 1, units: 5, at: soon },
        ],
      }),
    ),
    [undefined, ['n1 2026-06-22']],
  )
  const supply = {
    tea: [
      { nodeNo: 1, units: 1 },
      { nodeNo: 1, units: 5, at: soon },
      { nodeNo: 3, units: 1 },
    ],
  }
  assert.deepEqual(shape(quote([['tea', 2]], supply)), [undefined, ['n1+n3 2026-06-13 split', 'n1 2026-06-22']])
})

test('a bundle is supplied by its parts as a sum, with loose units of the same sku', () => {
  const supply = { tea: [{ nodeNo: 1, units: 3 }], cup: [{ nodeNo: 1, units: 5 }] }
  assert.deepEqual(
    quote(
      [
        ['set', 2],
        ['tea', 1],
      ],
      supply,
    ).options[0]?.shipments[0]?.lines,
    [
      { sku: 'tea', quantity: 3 },
      { sku: 'cup', quantity: 4 },
    ],
  )
  assert.deepEqual(
    quote(
      [
        ['set', 2],
        ['cup', 2],
      ],
      supply,
    ).missing,
    [{ sku: 'cup', quantity: 1 }],
  )
  assert.equal(
    quote(
      [
        ['set', 2],
        ['cup', 2],
      ],
      supply,
    ).reason,
    'stock_short',
  )
})

test('what is not known, a bundle of itself included, is named', () => {
  assert.deepEqual([quote([['gone', 1]], {}).reason, quote([['loop', 1]], {}).missing?.[0]?.sku], ['unknown_item', 'loop'])
})

test('nodes that are closed, serve other channels or lack a capability do not count', () => {
  const supply = { tea: [{ nodeNo: 1, units: 5 }], ice: [{ nodeNo: 1, units: 5 }] }
  assert.equal(quote([['tea', 1]], supply, { node: { closed: true } }).reason, 'stock_short')
  assert.equal(quote([['tea', 1]], supply, { node: { channels: ['other'] } }).reason, 'stock_short')
  assert.equal(quote([['tea', 1]], supply, { channelNodes: ['n2'] }).reason, 'stock_short')
  assert.equal(quote([['ice', 1]], supply, { node: { capabilities: ['bulky'] } }).reason, 'stock_short')
  assert.equal(quote([['ice', 1]], supply, { node: { capabilities: ['coldChain'] } }).reason, undefined)
})

const supplyOf = fc.array(
  fc.record({ nodeNo: fc.integer({ min: 1, max: 3 }), units: fc.integer({ min: 0, max: 4 }), wait: fc.integer({ min: 0, max: 20 }) }),
  { maxLength: 6 },
)
const rows = (list: readonly { nodeNo: number; units: number; wait: number }[]): readonly SupplyAt[] =>
  list.map(({ nodeNo, units, wait }) => ({ nodeNo, units, ...(wait > 5 && { at: instant(now + wait * 86_400_000) }) }))

test('every option supplies exactly the basket from units that exist, none is both later and dearer than another', () => {
  let offered = 0
  fc.assert(
    fc.property(supplyOf, supplyOf, fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 }), (tea, cup, teas, cups) => {
      const supply: Supply = { tea: rows(tea), cup: rows(cup) }
      const { options, reason } = quote(
        [
          ['tea', teas],
          ['cup', cups],
        ],
        supply,
      )
      const total = (list: typeof tea): number => list.reduce((sum, { units }) => sum + units, 0)
      assert.equal(reason, total(tea) >= teas && total(cup) >= cups ? undefined : 'stock_short')
      offered += options.length
      options.forEach((option, i) => {
        for (const [sku, wanted] of [
          ['tea', teas],
          ['cup', cups],
        ] as const) {
          const taken = option.shipments.map(({ nodeId, deliverBy, lines }) => {
            const units = lines.filter((line) => line.sku === sku).reduce((sum, { quantity }) => sum + quantity, 0)
            const there = (supply[sku] ?? []).filter(
              ({ nodeNo, at: from }) => `n${nodeNo}` === nodeId && (from ?? now) < Date.parse(deliverBy),
            )
            assert.ok(units <= there.reduce((sum, row) => sum + row.units, 0))
            return units
          })
          assert.equal(
            taken.reduce((sum, units) => sum + units, 0),
            wanted,
          )
        }
        const next = options[i + 1]
        if (next) assert.ok(next.deliverBy >= option.deliverBy && next.cost < option.cost)
      })
    }),
    { numRuns: 150 },
  )
  assert.ok(offered > 10)
})

test('digital goods alone are there at once and cost nothing; beside others they change nothing', () => {
  const { options } = quote([['song', 2]], {})
  assert.deepEqual(
    options.map((one) => [one.carrierId, one.deliverBy, one.cost, one.shipments.length]),
    [['digital', new Date(now).toISOString(), 0, 0]],
  )
  const supply = { tea: [{ nodeNo: 1, units: 2 }] }
  assert.deepEqual(
    quote(
      [
        ['tea', 2],
        ['song', 1],
      ],
      supply,
    ),
    quote([['tea', 2]], supply),
  )
})
