import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Agenda } from './agenda.ts'

test('what is planned comes up once, in the order of its times, and never before', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(1000)), fc.array(fc.nat(1000)), async (times, looks) => {
      const agenda = new Agenda()
      const done: number[] = []
      for (const at of times) agenda.plan(at, async () => void done.push(at))
      for (const by of [...looks.toSorted((a, b) => a - b), 1000]) {
        for (let act = agenda.take(by); act !== undefined; act = agenda.take(by)) await act()
        assert.ok(done.every((at) => at <= by))
      }
      assert.deepEqual(
        done,
        times.toSorted((a, b) => a - b),
      )
    }),
  )
})
