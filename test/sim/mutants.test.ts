import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mutants } from './mutants.ts'
import { simulate } from './run-simulation.ts'

/** A race needs luck: seeds are tried until one does. */
const SEEDS = Array.from({ length: 30 }, (_, i) => i + 1)

for (const { name, mutation, bend, prepare, isCaught } of mutants) {
  test(`planted bug is caught: ${name}`, async () => {
    const seen: string[] = []
    for (const seed of SEEDS) {
      const { found } = await simulate({
        seed,
        callers: 24,
        steps: 15,
        ...(mutation === undefined ? {} : { mutation }),
        ...(bend === undefined ? {} : { bend }),
        ...(prepare === undefined ? {} : { prepare }),
      })
      if (found.some(isCaught)) return
      seen.push(...found.map((one) => `seed ${seed} ${one.by} ${one.check ?? ''}`))
    }
    assert.fail(`not caught with seeds ${SEEDS.join(', ')}; seen instead: ${seen.join(', ') || 'nothing'}`)
  })
}

test('at least ten bugs are planted', () => assert.ok(mutants.length >= 10))
