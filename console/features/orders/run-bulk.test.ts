import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type BulkOutcome, runBulk } from './run-bulk.ts'

async function outcomes(count: number, act: (row: number) => Promise<void>, signal = new AbortController().signal): Promise<BulkOutcome[]> {
  const told: BulkOutcome[] = []
  await runBulk(
    Array.from({ length: count }, (_, i) => i),
    act,
    (row, outcome) => {
      assert.equal(told[row], undefined, 'each row is told of once')
      told[row] = outcome
    },
    signal,
  )
  return told
}

test('one row that is refused stops none of the others, and each is told of once', async () => {
  const told = await outcomes(9, (row) => (row === 3 ? Promise.reject(new Error('too late')) : Promise.resolve()))
  assert.deepEqual(told[3], { status: 'refused', error: new Error('too late') })
  assert.equal(told.filter((one) => one.status === 'done').length, 8)
})

test('at most four are under way at once', async () => {
  let underWay = 0
  let most = 0
  const waiting: (() => void)[] = []
  const all = outcomes(12, async () => {
    most = Math.max(most, ++underWay)
    await new Promise<void>((go) => waiting.push(go))
    underWay -= 1
  })
  for (let settled = 0; settled < 12; settled++) {
    while (waiting.length === 0) await new Promise((turn) => setImmediate(turn))
    waiting.shift()?.()
  }
  assert.equal((await all).length, 12)
  assert.equal(most, 4)
})

test('after a stop no further row is begun', async () => {
  const stop = new AbortController()
  let begun = 0
  const told = await outcomes(
    20,
    () => {
      begun += 1
      if (begun === 4) stop.abort()
      return Promise.resolve()
    },
    stop.signal,
  )
  assert.ok(begun < 20 && told.length === 20)
  assert.equal(told.filter((one) => one.status === 'skipped').length, 20 - begun)
})
