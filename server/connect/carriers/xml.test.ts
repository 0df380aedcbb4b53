import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { readXml } from './xml.ts'

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value))
const read = (text: string): unknown => {
  const found = readXml(text)
  return found.status === 'read' ? plain(found.value) : found.status
}

test('elements, attributes, lists, text and entities', () => {
  assert.deepEqual(read('<?xml version="1.0"?><!-- x --><n:a k="1 &amp; 2"><b>x &lt; y</b><b>z</b><c/><d><![CDATA[<raw>]]></d></n:a>'), {
    a: { '@k': '1 & 2', b: ['x < y', 'z'], c: '', d: '<raw>' },
  })
})

test('a document type, and what is no XML, is refused', () => {
  for (const text of [
    '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
    '<a>',
    '</a>',
    '<a></b>',
    '<a',
    '',
    'x',
    `${'<a>'.repeat(100)}${'</a>'.repeat(100)}`,
  ])
    assert.equal(read(text), 'unreadable', text.slice(0, 40))
})

test('a name that JavaScript knows is a name like any other', () => {
  assert.deepEqual(read('<a><__proto__>x</__proto__><constructor>y</constructor></a>'), { a: { ['__proto__']: 'x', constructor: 'y' } })
  assert.equal(({} as Record<string, unknown>)['x'], undefined)
})

test('no text makes it throw', () => {
  const piece = fc.constantFrom(
    '<',
    '>',
    '</',
    '/>',
    'a',
    ' ',
    '"',
    "'",
    '=',
    '&',
    '&#x41;',
    '<a>',
    '</a>',
    '<![CDATA[',
    ']]>',
    '<!--',
    '-->',
    '<?',
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => void readXml(pieces.join(''))),
    { numRuns: 3000 },
  )
})
