import assert from 'node:assert/strict'
import { test } from 'node:test'
import { capabilityList } from '../../contract/registry.ts'
import { startApp } from '../../test/support/http-app.ts'
import { openApiOf } from './openapi.ts'
import { outcomeProblems } from './outcome-problems.ts'
import { problemBook } from './problems.ts'

const book = problemBook(outcomeProblems)
const { url } = await startApp({})
const document = openApiOf(capabilityList, book, '0.0.0')
const text = JSON.stringify(document)
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.values(methods).map((operation) => ({ path, operation })),
)

test('the document describes every capability once, under its own name', () => {
  assert.ok(operations.length > 30)
  assert.deepEqual(operations.map(({ operation }) => operation.operationId).toSorted(), capabilityList.map(({ name }) => name).toSorted())
})

test('every $ref in the document resolves', () => {
  const refs = [...text.matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)].map((match) => match[1] ?? '')
  assert.ok(refs.length > 100)
  assert.equal(refs.length, text.split('"$ref"').length - 1)
  for (const name of refs) assert.ok(name in document.components.schemas, name)
})

test('every path parameter is declared, and nothing of the schema library leaks into the document', () => {
  for (const { path, operation } of operations) {
    const declared = operation.parameters.filter((parameter) => parameter['in'] === 'path').map((parameter) => parameter['name'])
    assert.deepEqual(
      declared,
      [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]),
    )
  }
  assert.doesNotMatch(text, /"~/)
})

test('every code that a capability may refuse with is in the catalogue, in both languages', () => {
  const codes = new Set(capabilityList.flatMap((capability) => capability.outcomes))
  assert.ok(codes.size > 10)
  for (const code of codes) {
    const title = book.definitions.get(code)?.title
    assert.ok(title !== undefined && title.en !== '' && title.zh !== '', code)
  }
})

test('the served document is this one, and the page shows every operation in both languages without a foreign address', async () => {
  const served = (await (await fetch(`${url}/openapi.json`)).json()) as typeof document
  assert.deepEqual(served.paths, JSON.parse(JSON.stringify(document.paths)))
  for (const [language, word] of [
    ['en', 'Place an order'],
    ['zh', '下单'],
  ] as const) {
    const response = await fetch(`${url}/docs`, { headers: { 'accept-language': language === 'zh' ? 'zh-CN,zh;q=0.9' : 'en' } })
    const html = await response.text()
    assert.equal(response.headers.get('content-type'), 'text/html; charset=utf-8')
    assert.match(response.headers.get('content-security-policy') ?? '', /default-src 'none'; style-src 'sha256-/)
    for (const { name } of capabilityList) assert.ok(html.includes(`id="op-${name}"`), name)
    assert.ok(html.includes(word))
    assert.doesNotMatch(html, /https?:\/\/|src=/)
  }
})
