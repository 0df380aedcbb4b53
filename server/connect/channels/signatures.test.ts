import assert from 'node:assert/strict'
import { createHash, createHmac } from 'node:crypto'
import { test } from 'node:test'
import { readDelivery } from './delivery.ts'
import { verifySignature } from './signatures.ts'

const secret = 'a-shared-secret'
const rawBody = Buffer.from('{"id":1,"name":"茶"}')
const base64 = createHmac('sha256', secret).update(rawBody).digest('base64')
const hex = (algorithm: string, ...parts: (string | Buffer)[]): string => {
  const hash = createHash(algorithm)
  for (const part of parts) hash.update(part)
  return hash.digest('hex')
}
const top = (query: Record<string, string>, headers = ''): string => {
  const pairs = Object.entries(query).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return hex('md5', secret, ...pairs.flat(), headers, rawBody, secret).toUpperCase()
}

for (const [platform, name, good] of [
  ['shopify', 'X-Shopify-Hmac-Sha256', base64],
  ['woocommerce', 'x-wc-webhook-signature', base64],
  ['douyin', 'event-sign', hex('md5', 'app1', rawBody, secret)],
  ['douyin', 'event-sign', hex('sha256', 'app1', rawBody, secret)],
  ['douyin', 'event-sign', createHmac('sha256', secret).update('app1').update(rawBody).digest('hex')],
] as const)
  test(`${platform}: a ${good.length}-digit signature holds for its bytes alone, and its absence is told`, () => {
    const headers = { [name]: good, 'app-id': 'app1' }
    assert.equal(verifySignature(platform, { headers, rawBody, secret }), 'valid')
    assert.equal(verifySignature(platform, { headers, rawBody: Buffer.concat([rawBody, Buffer.from(' ')]), secret }), 'invalid')
    assert.equal(verifySignature(platform, { headers, rawBody, secret: 'another-secret' }), 'invalid')
    assert.equal(verifySignature(platform, { headers: { ...headers, [name]: 'x' }, rawBody, secret }), 'invalid')
    assert.equal(verifySignature(platform, { headers: {}, rawBody, secret }), 'absent')
  })

test('Taobao: the SPI scheme signs query, named headers and body; without a sign there is nothing to verify', () => {
  const query = { app_key: '12', timestamp: '2026-11-11 00:00:00' }
  assert.equal(verifySignature('taobao', { headers: {}, rawBody, secret, query: { ...query, sign: top(query) } }), 'valid')
  assert.equal(verifySignature('taobao', { headers: {}, rawBody, secret, query: { ...query, app_key: '13', sign: top(query) } }), 'invalid')
  const headers = { 'top-sign-list': 'x-a', 'x-a': '1' }
  assert.equal(verifySignature('taobao', { headers, rawBody, secret, query: { ...query, sign: top({ ...query, 'x-a': '1' }) } }), 'valid')
  const hmac = createHmac('md5', secret).update('sign_methodhmac').update(rawBody).digest('hex').toUpperCase()
  assert.equal(verifySignature('taobao', { headers: {}, rawBody, secret, query: { sign_method: 'hmac', sign: hmac } }), 'valid')
  assert.equal(verifySignature('taobao', { headers: {}, rawBody, secret }), 'unsigned')
})

test('without a secret, or on a platform without signatures, nothing is verified', () => {
  assert.equal(verifySignature('shopify', { headers: {}, rawBody, secret: undefined }), 'unsigned')
  assert.equal(verifySignature('direct', { headers: {}, rawBody, secret }), 'unsigned')
})

for (const [platform, topic, isCancellation] of [
  ['shopify', 'orders/create', false],
  ['shopify', 'orders/updated', false],
  ['shopify', 'orders/cancelled', true],
  ['shopify', 'orders/delete', true],
  ['woocommerce', 'order.updated', false],
  ['woocommerce', 'order.deleted', true],
  ['taobao', 'taobao_trade_TradeClose', true],
] as const)
  test(`the topic ${topic} ${isCancellation ? 'is' : 'is not'} a cancellation`, () => {
    const header = { shopify: 'X-Shopify-Topic', woocommerce: 'X-WC-Webhook-Topic', taobao: 'topic' }[platform]
    assert.deepEqual(readDelivery(platform, { [header]: topic }), { topic, isTest: false, isCancellation })
  })

test("Shopify's headers give the delivery's id, time and test mark", () => {
  const headers = { 'x-shopify-webhook-id': 'w1', 'x-shopify-triggered-at': '2026-03-02T09:16:00.5Z', 'x-shopify-test': 'true' }
  assert.deepEqual(readDelivery('shopify', headers), {
    deliveryId: 'w1',
    triggeredAt: Date.parse('2026-03-02T09:16:00.5Z'),
    isTest: true,
    isCancellation: false,
  })
})
