import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fillShop, hubDatabase, PERSON } from '../../../test/support/engine-hubs.ts'
import type { PutFacts } from './fact-family.ts'

const { open } = await hubDatabase()
const hub = await open()
await fillShop(hub, {})

/** Items as `a: b` (a bundle of b) or `a`, written as one command; what became of each row. */
async function write(...texts: readonly string[]): Promise<readonly string[]> {
  const rows = texts.map((text, index) => {
    const [sku = '', part] = text.split(': ')
    return { index, key: sku, doc: { sku, name: sku, ...(part === undefined ? {} : { components: [{ sku: part, quantity: 1 }] }) } }
  })
  const command: PutFacts = { kind: 'putFacts', fact: 'item', rows }
  const outcome = await hub.engine.submit(command, PERSON)
  assert.ok(outcome.status === 'done')
  return (outcome.value.rows ?? []).map((row) => row.status)
}

test('of writes that come together and make a bundle too deep only between them, the later is refused', async () => {
  assert.deepEqual(await write('crate: box', 'box: pot', 'pot', 'tea', 'cup'), ['created', 'created', 'created', 'created', 'created'])
  const [first, second, plain] = await Promise.all([write('pot: tea'), write('tea: cup'), write('lid')])
  assert.deepEqual([first, second, plain], [['updated'], ['refused'], ['created']])
})

test('a write of bundles waits for the one before it and is done then, also where that one comes to nothing', async () => {
  const [none, ...rest] = await Promise.all([
    write('self: self'),
    write('one: cup'),
    write('two: one'),
    write('three: two'),
    write('four: three'),
  ])
  assert.deepEqual([none, ...rest], [['refused'], ['created'], ['created'], ['created'], ['refused']])
  assert.deepEqual(await write('one: cup', 'self: cup'), ['unchanged', 'created'])
})
