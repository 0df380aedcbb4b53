import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { isSpecial } from './addresses.ts'
import { TargetRules } from './target-rules.ts'

const rules = new TargetRules({
  hosts: ['hooks.example.com', '*.example.org', '127.0.0.1', '10.1.2.3', '::1', '93.184.215.14'],
  privateRanges: ['127.0.0.0/8', '::1/128'],
})

for (const url of [
  'https://hooks.example.com/a?b=c',
  'https://HOOKS.example.com:8443/',
  'https://a.b.example.org/',
  'http://127.0.0.1:9000/in',
  'http://[::1]:9000/in',
  'https://93.184.215.14/',
  'http://0x7f.1/', // the URL standard reads it as 127.0.0.1
])
  test(`${url} is a target`, () => assert.equal(rules.refusalOf(url), undefined))

for (const [url, why] of [
  ['ftp://hooks.example.com/', /https/],
  ['nonsense', /not a URL/],
  ['https://user:secret@hooks.example.com/', /user name/],
  ['https://evil.example.com/', /not among FULCRUM_OUTBOUND_HOSTS/],
  ['https://example.org/', /not among/],
  ['https://hooks.example.com.evil.net/', /not among/],
  ['https://notexample.org/', /not among/],
  ['https://10.1.2.3/', /not public/],
  ['http://93.184.215.14/', /TLS/],
] as const)
  test(`${url} is refused`, () => assert.match(rules.refusalOf(url)?.en ?? '', why))

for (const address of [
  '127.0.0.1',
  '10.0.0.1',
  '172.31.255.255',
  '192.168.1.1',
  '169.254.169.254',
  '100.64.0.1',
  '0.0.0.0',
  '224.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '::ffff:127.0.0.1',
  '::ffff:a9fe:a9fe',
  '64:ff9b::7f00:1',
  'fe80::1',
  'fd00::1',
  'ff02::1',
  '2002:7f00:1::',
  'no address',
  '',
])
  test(`${address === '' ? 'an empty text' : address} is not public`, () => assert.equal(isSpecial(address), true))

for (const address of ['8.8.8.8', '172.32.0.1', '100.128.0.1', '2606:4700::1111', '::ffff:8.8.8.8', '::ffff:808:808'])
  test(`${address} is public`, () => assert.equal(isSpecial(address), false))

test('an IPv4 address is judged the same in every spelling of it as IPv6', () => {
  fc.assert(
    fc.property(fc.ipV4(), (address) => {
      const [a = 0, b = 0, c = 0, d = 0] = address.split('.').map(Number)
      const hex = `::ffff:${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`
      assert.equal(isSpecial(`::ffff:${address}`), isSpecial(address))
      assert.equal(isSpecial(hex), isSpecial(address), hex)
    }),
  )
})

test('a host of * lets every public address in and no private one', () => {
  const open = new TargetRules({ hosts: ['*'], privateRanges: [] })
  assert.equal(open.refusalOf('https://anything.example/'), undefined)
  assert.match(open.refusalOf('https://127.0.0.1/')?.en ?? '', /not public/)
  assert.match(open.refusalOfAddress('192.168.0.1', true)?.en ?? '', /not public/)
})
