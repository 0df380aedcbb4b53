import assert from 'node:assert/strict'
import { test } from 'node:test'
import { simulate } from './run-simulation.ts'

const SEEDS = process.env['FULCRUM_SIM_SEEDS']?.split(',').map(Number) ?? [1, 20_261_121, 77]

for (const seed of SEEDS) {
  test(`seed ${seed}: with lost connections, deadlocks and duplicates, two hubs keep every promise they gave`, async () => {
    const { found, commands, acknowledged, orders, grants, struck } = await simulate({ seed })
    const seen = JSON.stringify({ seed, commands, acknowledged, orders, grants, struck })
    assert.deepEqual(
      found.map((one) => `${one.by}: ${one.says}`),
      [],
      seen,
    )
    assert.ok(orders > 20 && grants > 20 && acknowledged > commands / 2, `too little happened: ${seen}`)
    assert.ok(struck.dropAfterCommit + struck.dropBeforeCommit + struck.dropDuringCommit > 0, `no commit was struck: ${seen}`)
  })
}
