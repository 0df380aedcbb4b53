import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newSecret, signatureHeaders, verifySignature } from './standard-webhooks.ts'

test('the published vector of Standard Webhooks is reproduced', () => {
  const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
  const headers = signatureHeaders('msg_p5jXN8AQM9LWM0D4loKWxJek', 1614265330, '{"test": 2432232314}', [secret])
  assert.deepEqual(headers, {
    'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  })
})

test('while secrets overlap a receiver with either of them takes the message', () => {
  const [older, newer, other] = [newSecret(), newSecret(), newSecret()]
  const headers = signatureHeaders('msg_1', 1000, '{}', [newer, older])
  assert.ok(verifySignature(older, headers, '{}', 1010))
  assert.ok(verifySignature(newer, headers, '{}', 1010))
  assert.equal(verifySignature(other, headers, '{}', 1010), false)
})

test('a changed body, id or time and an old message are refused', () => {
  const secret = newSecret()
  const headers = signatureHeaders('msg_1', 1000, '{}', [secret])
  assert.equal(verifySignature(secret, headers, '{ }', 1000), false)
  assert.equal(verifySignature(secret, { ...headers, 'webhook-id': 'msg_2' }, '{}', 1000), false)
  assert.equal(verifySignature(secret, { ...headers, 'webhook-timestamp': '1001' }, '{}', 1000), false)
  assert.equal(verifySignature(secret, headers, '{}', 1301), false)
  assert.equal(verifySignature(secret, {}, '{}', 1000), false)
})
