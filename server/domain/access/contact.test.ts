import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { normaliseEmail, normaliseName, normalisePhone, phoneReadings } from './contact.ts'
import { maskEmail, maskName, maskPhone } from './mask.ts'

const phones: readonly [text: string, country: string | undefined, expected: string | undefined][] = [
  ['13800000000', undefined, '+8613800000000'],
  ['13800000000', 'CN', '+8613800000000'],
  ['138 0000-0000', 'CN', '+8613800000000'],
  ['１３８００００００００', 'CN', '+8613800000000'],
  ['+86 138 0000 0000', undefined, '+8613800000000'],
  ['0086-13800000000', 'US', '+8613800000000'],
  ['8613800000000', 'CN', '+8613800000000'],
  ['18400000000-1234', 'CN', '+8618400000000x1234'],
  ['18400000000转1234', 'CN', '+8618400000000x1234'],
  ['18400000000,1234', 'CN', '+8618400000000x1234'],
  ['0571-88888888', 'CN', '+8657188888888'],
  ['(312) 555-0100', 'US', '+13125550100'],
  ['1-312-555-0100', 'US', '+13125550100'],
  ['13125550100', 'US', '+13125550100'],
  ['312-555-0100 ext. 7', 'US', '+13125550100x7'],
  ['0151 23456789', 'DE', '+4915123456789'],
  ['+44 (0)20 7946 0958', 'GB', '+442079460958'],
  ['020 7946 0958', 'GB', '+442079460958'],
  ['02 1234 5678', 'IT', '+390212345678'],
  ['555 0100 22', 'XX', '555010022'],
  ['138****0000', 'CN', undefined],
  ['call me', 'CN', undefined],
  ['1234', 'CN', undefined],
  ['', undefined, undefined],
]
for (const [text, country, expected] of phones) {
  test(`phone ${JSON.stringify(text)} in ${country ?? 'no country'} is ${expected ?? 'none'}`, () => {
    assert.equal(normalisePhone(text, country), expected)
    if (expected !== undefined) assert.ok(phoneReadings(text).includes(expected), 'a search without a country finds it')
  })
}

test('a searched phone has a bounded number of readings, one where its country is written', () => {
  assert.deepEqual(phoneReadings('+8613800000000'), ['+8613800000000', '8613800000000'])
  assert.ok(phoneReadings('13125550100').length < 64)
  assert.deepEqual(phoneReadings('王芳'), [])
})

test('names and e-mails are compared without case, width and blanks', () => {
  assert.equal(normaliseName('  John   SMITH '), normaliseName('john smith'))
  assert.equal(normaliseName('王 芳'), normaliseName('王芳'))
  assert.equal(normaliseName('Ｊｏｈｎ'), 'john')
  assert.equal(normaliseName('Groß'), normaliseName('GROSS'))
  assert.equal(normaliseName('GROẞ'), normaliseName('GROSS'))
  assert.notEqual(normaliseName('Jo Hn'), normaliseName('John'))
  assert.equal(normaliseName(' '), undefined)
  assert.equal(normaliseEmail(' Fang@Example.COM '), 'fang@example.com')
  assert.equal(normaliseEmail('not an address'), undefined)
})

test('normalising twice changes nothing', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const name = normaliseName(text)
      if (name !== undefined) assert.equal(normaliseName(name), name)
      const email = normaliseEmail(text)
      if (email !== undefined) assert.equal(normaliseEmail(email), email)
    }),
  )
})

test('masks keep what one recognises and never the whole', () => {
  assert.deepEqual(['王芳', '欧阳娜娜', 'John Smith', '王', '𠮷野家', ''].map(maskName), ['王*', '欧*', 'J*', '*', '𠮷*', '*'])
  assert.deepEqual(['13800000000', '+86 138 0000 0000', '88888888', '12345', ''].map(maskPhone), [
    '138****0000',
    '+861****0000',
    '88****88',
    '****',
    '****',
  ])
  assert.deepEqual(['fang@example.com', 'a@b.cn', 'x'].map(maskEmail), ['f***@example.com', '***@b.cn', '***'])
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 2 }), fc.stringMatching(/^\d{5,15}$/), fc.emailAddress(), (name, phone, email) => {
      if (name.trim() !== '' && !name.includes('*')) assert.ok(!maskName(name).includes(name.trim()))
      assert.ok(!maskPhone(phone).includes(phone) && maskPhone(phone).replace(/\D/g, '').length <= phone.length * 0.7)
      // Of stars alone there is nothing to hide.
      if (!/^\*+@/.test(email)) assert.ok(!maskEmail(email).includes(email))
    }),
  )
})
