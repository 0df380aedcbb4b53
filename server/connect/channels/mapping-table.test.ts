import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { parseMapping } from './mapping.ts'
import { mappingTable } from './mapping-table.ts'
import { mappings } from './mappings.ts'

test('the reference shows the mapping files as they are', () => {
  const page = readFileSync(new URL('../../../docs/reference/mappings.md', import.meta.url), 'utf8')
  const table = mappingTable([...mappings.values()])
  assert.ok(page.includes(table), `docs/reference/mappings.md should hold this table:\n${table}`)
})

test('a mapping file that breaks the language is refused with the place', () => {
  const shopify = mappings.get('shopify')
  assert.throws(() => parseMapping({ ...shopify, moneyUnit: 'pounds' }, 'shopify'), /mapping shopify is wrong at \/moneyUnit/)
  assert.throws(() => parseMapping({ ...shopify, surprise: 1 }, 'shopify'), /mapping shopify is wrong/)
})
