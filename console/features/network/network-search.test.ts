import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type NetworkSearch, networkSearchOf } from './network-search.ts'

test('an address keeps what there is to show, and nothing else', () => {
  const cases: readonly [Record<string, unknown>, NetworkSearch][] = [
    [{ tab: 'nodes' }, {}],
    [
      { tab: 'lanes', node: 'hz-1', kind: 'dc', state: 'closed', more: 1 },
      { tab: 'lanes', node: 'hz-1', kind: 'dc', state: 'closed' },
    ],
    [{ tab: 'x', node: '', kind: 'castle', state: 'ajar' }, {}],
  ]
  for (const [given, found] of cases) assert.deepEqual(networkSearchOf(given), found)
})
