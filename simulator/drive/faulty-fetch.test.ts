import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Tally } from '../run/hub-api.ts'
import { faultyFetch } from './faulty-fetch.ts'

test('a faulty network loses, doubles and delays, the same for the same seed, and answers what it does not lose', async () => {
  const run = async (seed: number) => {
    const tally = new Tally()
    let sent = 0
    const send = faultyFetch(seed, tally, async () => {
      sent += 1
      return new Response('ok')
    })
    let answered = 0
    let lost = 0
    for (let n = 0; n < 300; n++)
      await send('http://hub/').then(
        async (answer) => void ((await answer.text()) === 'ok' && (answered += 1)),
        (error: unknown) => void (error instanceof TypeError && (lost += 1)),
      )
    return { answered, lost, sent, counts: tally.all }
  }
  const seen = await run(3)
  assert.equal(seen.answered + seen.lost, 300)
  assert.equal(seen.lost, (seen.counts['fault.requestLost'] ?? 0) + (seen.counts['fault.answerLost'] ?? 0))
  assert.equal(seen.sent, 300 - (seen.counts['fault.requestLost'] ?? 0) + (seen.counts['fault.twice'] ?? 0))
  assert.ok(seen.lost > 0 && (seen.counts['fault.late'] ?? 0) > 0)
  assert.deepEqual(await run(3), seen)
})
