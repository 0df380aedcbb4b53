import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Answer, judgeAnswer, saysGone } from './answer.ts'
import { ATTEMPTS_MAX, waitAfter } from './backoff.ts'
import { afterFailure, healthy, isBlocked, windowOf } from './breaker.ts'

const answered = (status: number, retryAfterMs?: number): Answer => ({ kind: 'answered', status, retryAfterMs })

for (const [what, answer, kind] of [
  ['200', answered(200), 'delivered'],
  ['204', answered(204), 'delivered'],
  ['a redirect', answered(302), 'never'],
  ['400', answered(400), 'never'],
  ['404', answered(404), 'never'],
  ['408', answered(408), 'never'],
  ['410', answered(410), 'never'],
  ['429', answered(429), 'later'],
  ['500', answered(500), 'later'],
  ['503', answered(503), 'later'],
  ['no answer', { kind: 'silent', problem: 'no answer within 10 s' }, 'later'],
  ['a forbidden address', { kind: 'forbidden', problem: 'a private address' }, 'never'],
] as const)
  test(`${what} is ${kind === 'later' ? 'tried again' : kind}`, () => assert.equal(judgeAnswer(answer).kind, kind))

test('410 alone says that the target is gone', () => {
  const answers = [answered(204), answered(404), answered(410), answered(503), { kind: 'silent', problem: 'no answer' } as const]
  assert.deepEqual(answers.map(saysGone), [false, false, true, false, false])
})

test('a pause that the other side asks for is kept, up to an hour', () => {
  const pauseOf = (ms: number) => {
    const verdict = judgeAnswer(answered(429, ms))
    return verdict.kind === 'later' ? verdict.retryAfterMs : undefined
  }
  assert.equal(pauseOf(7000), 7000)
  assert.equal(pauseOf(90_000_000), 3_600_000)
  assert.equal(pauseOf(-5), 0)
})

test('waits grow, are spread by jitter, and end', () => {
  const waits = Array.from({ length: ATTEMPTS_MAX }, (_, i) => waitAfter(i + 1, 0.5))
  assert.equal(waits.at(-1), undefined)
  const kept = waits.slice(0, -1).map(Number)
  assert.deepEqual(
    kept,
    kept.toSorted((a, b) => a - b),
  )
  assert.equal(waitAfter(1, 0), 4000)
  assert.ok(Number(waitAfter(1, 0.999)) > 5900)
})

test('the fifth failure in a row blocks a target, each further one longer, never beyond twelve minutes', () => {
  let breaker = healthy
  for (let i = 0; i < 4; i++) breaker = afterFailure(breaker, 1000, 0.5)
  assert.equal(isBlocked(breaker, 1000), false)
  assert.equal(windowOf(breaker, 16), 1)
  breaker = afterFailure(breaker, 1000, 0.5)
  assert.equal(breaker.blockedUntil, 11_000)
  assert.ok(isBlocked(breaker, 10_999) && !isBlocked(breaker, 11_000))
  const second = afterFailure(breaker, 11_000, 0.5)
  assert.equal(second.blockedUntil, 31_000)
  for (let i = 0; i < 100; i++) breaker = afterFailure(breaker, 0, 0.999)
  assert.ok(breaker.blockedUntil <= 12 * 60_000)
})

test('a target that asks for a pause gets it, whatever its failures', () => {
  assert.equal(afterFailure(healthy, 1000, 0.5, 7000).blockedUntil, 8000)
  assert.equal(windowOf(healthy, 16), 16)
})
