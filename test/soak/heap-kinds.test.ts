import assert from 'node:assert/strict'
import { test } from 'node:test'
import { kindsOf } from './heap-kinds.ts'

test('what a script holds is told from what was compiled of it and from what is the browser’s own', () => {
  const snapshot = {
    snapshot: { meta: { node_fields: ['type', 'id', 'self_size'], node_types: [['object', 'string', 'code', 'native']] } },
    nodes: [0, 1, 2_000_000, 1, 2, 500_000, 2, 3, 7_000_000, 3, 4, 9_000_000],
  }
  assert.deepEqual(kindsOf(JSON.stringify(snapshot)), { heldMB: 2.5, codeMB: 7 })
})
