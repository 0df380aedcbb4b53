import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type ConsoleFile, sentAs } from './console-files.ts'

const bytes = (text: string): Buffer => Buffer.from(text)
const script: ConsoleFile = {
  type: 'text/javascript',
  isHashed: true,
  plain: bytes('plain'),
  packed: { br: bytes('br'), gzip: bytes('gzip') },
}

for (const [accepted, sent] of [
  ['gzip, deflate, br, zstd', 'br'],
  ['gzip, deflate', 'gzip'],
  ['br;q=0.5, gzip;q=1', 'br'],
  ['br;q=0, gzip', 'gzip'],
  ['gzip;q=0.0', 'plain'],
  ['broken', 'plain'],
  ['', 'plain'],
] as const)
  test(`who accepts ${JSON.stringify(accepted)} is sent the ${sent} bytes and told so`, () => {
    const { bytes: found, encoding } = sentAs(script, accepted)
    assert.deepEqual([String(found), encoding ?? 'plain'], [sent, sent])
  })

test('what the build did not pack is sent as it is', () => {
  assert.deepEqual(sentAs({ ...script, packed: {} }, 'br, gzip'), { bytes: script.plain })
})
