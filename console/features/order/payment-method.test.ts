import assert from 'node:assert/strict'
import { test } from 'node:test'
import { methodIn, methodsFor } from './payment-method.ts'

const paid = (...methods: string[]) => ({ payments: { entries: methods.map((method) => ({ method })) } }) as never

test('what an order was paid with last is offered first, each way once, common ways after', () => {
  const offered = methodsFor(paid('wechat', 'pos-7', 'wechat'))
  assert.deepEqual(offered.slice(0, 3), ['wechat', 'pos-7', 'card'])
  assert.equal(new Set(offered).size, offered.length)
  assert.equal(methodsFor({} as never)[0], 'card')
})

test('a method has its name, one without a name stays as it is spelled', () => {
  const word = (prefix: string, value: string) => (`${prefix}.${value}` === 'paymentMethod.wechat' ? 'WeChat Pay' : value)
  assert.equal(methodIn(word, 'WeChat'), 'WeChat Pay')
  assert.equal(methodIn(word, 'POS-7'), 'POS-7')
})
