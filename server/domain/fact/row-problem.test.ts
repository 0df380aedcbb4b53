import assert from 'node:assert/strict'
import { test } from 'node:test'
import { rowProblem } from './row-problem.ts'

test('a zone that no clock knows is refused by name, wherever a fact has one', () => {
  for (const zone of ['Asia/Shanghai', 'UTC', 'America/Argentina/Ushuaia', undefined]) assert.equal(rowProblem({ zone }), undefined, zone)
  for (const zone of ['Mars/Olympus', 'Q__m_/IX4-', '', 'Asia/Shanghai ']) {
    const problem = rowProblem({ nodeId: 'sh-1', zone })
    assert.equal(problem?.code, 'row_invalid')
    assert.deepEqual([problem?.pointer, problem?.got], ['/zone', zone])
  }
})

test('state is written back only to platforms that the hub can write to', () => {
  const writeBack = { url: 'https://shop.example/wp-json/wc/v3' }
  for (const platform of ['shopify', 'woocommerce']) assert.equal(rowProblem({ platform, writeBack }), undefined, platform)
  assert.equal(rowProblem({ platform: 'direct' }), undefined)
  assert.deepEqual(rowProblem({ platform: 'direct', writeBack })?.pointer, '/platform')
})
