import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { testDatabase } from '../../test/support/database.ts'
import { describeSchema } from './schema-description.ts'

const path = new URL('../../db/schema.txt', import.meta.url)

test('db/schema.txt is what the migrations make (after a migration: node bin/fulcrum.mjs schema)', async () => {
  const db = await testDatabase()
  const described = await describeSchema(db.pool)
  assert.ok(described.includes('\ntable '), 'a description without tables describes nothing')
  const committed = await readFile(path, 'utf8')
  const differ = described.split('\n').filter((line) => !committed.includes(line))
  assert.deepEqual(differ, [], 'lines that db/schema.txt lacks')
  assert.ok(described === committed, 'db/schema.txt has lines that the migrations do not make')
})

test('every column, constraint and index leaves its line, and the order of creation does not matter', async () => {
  const tables = [
    'create table a (id bigint not null, constraint a_pkey primary key (id)) with (fillfactor = 50)',
    `create table b (id bigint not null, name text default 'x', at timestamptz, constraint b_id_check check (id > 0))`,
  ]
  const described: string[] = []
  for (const order of [tables, tables.toReversed()]) {
    const db = await testDatabase({ migrations: null })
    for (const sql of order) await db.pool.query(sql)
    await db.pool.query('create index b_name_idx on b (name) where at is null')
    described.push(await describeSchema(db.pool))
  }
  const expected = [
    'table a with (fillfactor=50)',
    '  id bigint not null',
    '  constraint a_pkey PRIMARY KEY (id)',
    '',
    'table b',
    '  id bigint not null',
    `  name text default 'x'::text`,
    '  at timestamp with time zone',
    '  constraint b_id_check CHECK ((id > 0))',
    '  index b_name_idx USING btree (name) WHERE (at IS NULL)',
    '',
  ]
  assert.deepEqual(described[0]?.split('\n'), expected)
  assert.equal(described[0], described[1])
})
