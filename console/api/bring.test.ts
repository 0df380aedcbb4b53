import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bring, type Standing } from './bring.ts'

/** A page that waits: `loads` and `answers` are what each try and each look at the hub give, the last one ever after. */
function page(loads: readonly boolean[], answers: readonly boolean[], isLoadedAnew = false) {
  const seen = { told: [] as Standing[], pauses: [] as number[], reloads: [] as string[], loads: 0 }
  const stop = new AbortController()
  const next = (given: readonly boolean[], at: number): boolean => given[Math.min(at, given.length - 1)] ?? false
  let looks = 0
  const come = bring(() => (next(loads, seen.loads++) ? Promise.resolve('script') : Promise.reject(new TypeError('failed'))), {
    isHubHere: () => Promise.resolve(next(answers, looks++)),
    pause: (ms) => {
      seen.pauses.push(ms)
      if (seen.pauses.length === 6) stop.abort()
      return Promise.resolve()
    },
    reload: (after) => {
      if (isLoadedAnew) return false
      seen.reloads.push(after)
      return true
    },
    tell: (standing) => seen.told.push(standing),
    signal: stop.signal,
  })
  return { come, seen }
}

test('a script that comes is told of to nobody', async () => {
  const { come, seen } = page([true], [true])
  assert.equal(await come, 'script')
  assert.deepEqual(seen, { told: [], pauses: [], reloads: [], loads: 1 })
})

test('a hub that is gone is asked ever more seldom, and the script comes when it is back, without a reload', async () => {
  const { come, seen } = page([false, false, false, true], [false])
  assert.equal(await come, 'script')
  assert.deepEqual(seen, { told: ['unreachable', 'unreachable', 'unreachable'], pauses: [1000, 2000, 4000], reloads: [], loads: 4 })
})

test('a browser that remembers the failure: when the hub is back the window is loaded anew', async () => {
  const { come, seen } = page([false], [false, true])
  assert.equal(await come, undefined)
  assert.deepEqual(seen, { told: ['unreachable'], pauses: [1000], reloads: ['outage'], loads: 3 })
})

test('a hub that comes back between the try and the look is tried once more before anything is loaded anew', async () => {
  const { come, seen } = page([false, true], [true])
  assert.equal(await come, 'script')
  assert.equal(seen.reloads.length, 0)
})

test('a hub of another build: the page is loaded anew; where that was done already, it says so', async () => {
  const first = page([false], [true])
  assert.equal(await first.come, undefined)
  assert.deepEqual(first.seen, { told: [], pauses: [], reloads: ['nothing'], loads: 2 })
  const again = page([false], [true], true)
  assert.equal(await again.come, undefined)
  assert.deepEqual(again.seen, { told: ['gone'], pauses: [], reloads: [], loads: 2 })
})

test('nobody who waits any more: the asking ends', async () => {
  const { come, seen } = page([false], [false])
  assert.equal(await come, undefined)
  assert.deepEqual(seen.pauses, [1000, 2000, 4000, 8000, 8000, 8000])
  assert.equal(seen.loads, 6)
})
