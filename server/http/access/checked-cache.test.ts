import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CheckedCache } from './checked-cache.ts'

/** A table of secrets behind a cache, with a clock moved by hand and reads that end when they are let go. */
function bench(entriesMax = 100) {
  const table = new Map<string, string>()
  const reads: { readonly hashes: readonly string[]; readonly end: () => void }[] = []
  let now = 0
  let held = false
  const load = async (hashes: readonly string[]) => {
    const seen = new Map(hashes.flatMap((hash) => (table.has(hash) ? [[hash, table.get(hash) ?? ''] as const] : [])))
    await new Promise<void>((resolve) => {
      reads.push({ hashes, end: resolve })
      if (!held) resolve()
    })
    return seen
  }
  const cache = new CheckedCache(load, { monotonicMs: () => now, staleMs: 1000, entriesMax })
  return {
    table,
    reads,
    cache,
    pass: (ms: number) => (now += ms),
    hold: (on: boolean) => (held = on),
    settle: () => new Promise<void>((resolve) => setImmediate(resolve)),
  }
}

test('a known secret is answered at once and read once', async () => {
  const { cache, table, reads, pass } = bench()
  table.set('a', 'A')
  assert.equal(await cache.find('a'), 'A')
  pass(400)
  assert.equal(cache.find('a'), 'A')
  assert.equal(reads.length, 1)
})

test('a revoked secret is refused after a second at the latest, whether it was in use or idle', async () => {
  for (const step of [50, 300, 999, 1000, 5000]) {
    const { cache, table, pass, settle } = bench()
    table.set('a', 'A')
    await cache.find('a')
    table.delete('a')
    for (let waited = 0; waited < 1000; waited += step) {
      void cache.find('a')
      await settle()
      pass(step)
    }
    assert.equal(await cache.find('a'), undefined, `asked every ${step} ms`)
  }
})

test('a secret in use is looked at again behind the scenes: nobody waits for it', async () => {
  const { cache, table, reads, pass, settle } = bench()
  table.set('a', 'A').set('b', 'B')
  await Promise.all([cache.find('a'), cache.find('b')])
  for (let i = 0; i < 20; i++) {
    pass(300)
    assert.equal(cache.find('a'), 'A')
    assert.equal(cache.find('b'), 'B')
    await settle()
  }
  assert.ok(reads.length > 5 && reads.length <= 12, `${reads.length} reads in 6 s`)
  assert.deepEqual([...(reads.at(-1)?.hashes ?? [])].sort(), ['a', 'b'])
})

test('those who ask during a read share the next one', async () => {
  const { cache, table, reads, hold, settle } = bench()
  for (const one of 'abcdef') table.set(one, one)
  hold(true)
  const asked = ['a', 'b', 'c', 'd', 'e', 'f'].map((one) => cache.find(one))
  await settle()
  const late = cache.find('a')
  hold(false)
  reads[0]?.end()
  assert.deepEqual(await Promise.all(asked.map(async (one) => one)), ['a', 'b', 'c', 'd', 'e', 'f'])
  assert.equal(await late, 'a')
  assert.ok(reads.length <= 2)
})

test('an unknown secret does not reach the database again within the second, and is found when it is made later', async () => {
  const { cache, table, reads, pass } = bench()
  assert.equal(await cache.find('x'), undefined)
  assert.equal(cache.find('x'), undefined)
  assert.equal(reads.length, 1)
  table.set('x', 'X')
  pass(1000)
  assert.equal(await cache.find('x'), 'X')
})

test('forgetting counts at once, also for a read that began before it', async () => {
  const { cache, table, reads, hold, settle } = bench()
  table.set('a', 'A')
  hold(true)
  const early = cache.find('a')
  await settle()
  table.delete('a')
  cache.forget((value) => value === 'A')
  hold(false)
  reads[0]?.end()
  await early
  assert.equal(await cache.find('a'), undefined)
})

test('a flood of unknown secrets is bounded and does not push out those in use', async () => {
  const { cache, table, hold, reads, settle } = bench(10)
  table.set('a', 'A')
  await cache.find('a')
  for (let i = 0; i < 50; i++) await cache.find(`x${i}`)
  assert.equal(cache.find('a'), 'A')
  hold(true)
  const first = cache.find('first')
  await settle()
  const waiting = Array.from({ length: 10 }, (_, i) => cache.find(`y${i}`))
  assert.throws(() => cache.find('one too many'), { code: 'overloaded' })
  hold(false)
  reads.at(-1)?.end()
  await Promise.all([first, ...waiting])
})

test('a read that fails fails those who wait for it, and the next one is tried anew', async () => {
  let broken = true
  const cache = new CheckedCache(
    async () => {
      if (broken) throw new Error('away')
      return new Map([['a', 'A']])
    },
    { monotonicMs: () => 0, staleMs: 1000, entriesMax: 10 },
  )
  await assert.rejects(async () => cache.find('a'), /away/)
  broken = false
  assert.equal(await cache.find('a'), 'A')
})
