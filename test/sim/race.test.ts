import assert from 'node:assert/strict'
import { test } from 'node:test'
import { raceForOneUnit } from '../chaos/race.ts'

test('of 500 buyers of the last unit, over two hubs, one wins, in each of 50 rounds', async () => {
  const race = await raceForOneUnit({ rounds: 50, buyers: 500, seed: 50 })
  assert.deepEqual(race.problems, [])
  assert.equal(race.winners, 50)
})
