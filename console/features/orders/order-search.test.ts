import assert from 'node:assert/strict'
import { test } from 'node:test'
import { searchOf } from './order-search.ts'

test('a search keeps what it knows and leaves the rest of a URL alone', () => {
  const given = { phase: 'inTransit', channelId: ' shop ', q: 13800000000, nodeId: '', evil: 'x' }
  assert.deepEqual(searchOf(given), { phase: 'inTransit', channelId: 'shop', q: '13800000000' })
})

test('a phase that is none is no filter', () => {
  assert.deepEqual(searchOf({ phase: 'lost' }), {})
})
