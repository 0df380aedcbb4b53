import assert from 'node:assert/strict'
import { test } from 'node:test'
import { taskQueryOf, type TaskSearch, taskSearchOf } from './task-search.ts'

test('an address keeps the filters that there are, and nothing else', () => {
  const cases: readonly [Record<string, unknown>, TaskSearch][] = [
    [{}, {}],
    [
      { who: 'mine', kind: 'workLate', nodeId: 'hz-1', state: 'done' },
      { who: 'mine', kind: 'workLate', nodeId: 'hz-1', state: 'done' },
    ],
    [{ who: 'everyone', kind: 'x', nodeId: '', state: 'open' }, {}],
    [{ who: 1, kind: null, nodeId: 7, state: true, more: 'x' }, {}],
  ]
  for (const [given, found] of cases) assert.deepEqual(taskSearchOf(given), found)
})

test('mine are those I took on, unowned those that nobody did', () => {
  const cases: readonly [TaskSearch, object][] = [
    [{}, {}],
    [{ who: 'mine' }, { assignee: 'usr_me' }],
    [
      { who: 'unowned', kind: 'stockMissing' },
      { unassigned: true, kind: 'stockMissing' },
    ],
    [
      { nodeId: 'hz-1', state: 'done' },
      { nodeId: 'hz-1', state: 'done' },
    ],
  ]
  for (const [search, query] of cases) assert.deepEqual(taskQueryOf(search, 'usr_me'), query)
})
