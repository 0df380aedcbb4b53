import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nodeChoices, splitOf } from './work-edits.ts'

const nodes = [
  { nodeId: 'a', name: 'A' },
  { nodeId: 'c', name: 'C' },
  { nodeId: 'b', name: 'B' },
  { nodeId: 'shut', name: 'D', closed: true },
  { nodeId: 'own', name: 'Own' },
]
const lines = [
  { lineRef: '1', sku: 'x', quantity: 2 },
  { lineRef: '2', sku: 'y', quantity: 1 },
]
const weighed = (nodeId: string, ref: string, total: number) => ({ nodeId, lineRefs: [ref], score: { total } })

test('nodes that were weighed come first, cheapest over all lines; then the others by name; neither its own nor closed ones', () => {
  const candidates = [
    weighed('b', '1', 500),
    weighed('b', '2', 100),
    weighed('c', '1', 550.4),
    weighed('own', '1', 1),
    weighed('a', '9', 1),
  ]
  assert.deepEqual(nodeChoices({ nodeId: 'own', lines } as never, candidates, nodes), [
    { nodeId: 'c', cost: 550 },
    { nodeId: 'b', cost: 600 },
    { nodeId: 'a' },
  ])
})

const cases: readonly (readonly [string, Readonly<Record<string, number>>, unknown])[] = [
  ['nothing', {}, undefined],
  ['everything', { '1\nx': 2, '2\ny': 1 }, undefined],
  ['a unit of a line', { '1\nx': 1 }, [{ lineRef: '1', sku: 'x', quantity: 1 }]],
  ['a whole line', { '2\ny': 1, '1\nx': 0 }, [{ lineRef: '2', sku: 'y', quantity: 1 }]],
]
for (const [name, units, expected] of cases) test(`a split that names ${name}`, () => assert.deepEqual(splitOf(lines, units), expected))
