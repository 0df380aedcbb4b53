import assert from 'node:assert/strict'
import { test } from 'node:test'
import { capabilityList } from '../../../contract/registry.ts'
import type { Handlers } from '../../../server/http/handler.ts'
import type { OpenApiDocument } from '../../../server/http/openapi.ts'
import { refuse } from '../../../server/kernel/outcome.ts'
import { startApp } from '../../support/http-app.ts'
import { fuzzRoutes } from './fuzz-routes.ts'

const reached = new Set<string>()
/** Handlers that refuse all they get: what is left to find is the surface's own. */
const handlers = (refusal: (name: string) => Promise<unknown>): Handlers =>
  Object.fromEntries(
    capabilityList.map((capability) => [
      capability.name,
      (_context: unknown, rows: unknown) => {
        reached.add(capability.name)
        const one = refusal(capability.name)
        return Array.isArray(rows) ? one.then((value) => rows.map(() => value)) : one
      },
    ]),
  ) as unknown as Handlers

const bothSay = (text: string) => ({ en: text, zh: text })
const documentOf = async (url: string): Promise<OpenApiDocument> => (await (await fetch(`${url}/openapi.json`)).json()) as OpenApiDocument

test('no input from the document or its spoilt forms makes the surface fail, hang, show its inside or speak English to a Chinese reader', async () => {
  const { url } = await startApp(handlers(async () => refuse('action_not_allowed', { en: 'not in this test', zh: '本测试不支持' })))
  const report = await fuzzRoutes(url, await documentOf(url), 'admin', { seed: 20261121, perRoute: 40 })
  assert.deepEqual(report.findings, [])
  assert.equal(report.routes, capabilityList.length)
  assert.equal(report.sent, report.routes * 40)
  // A fuzzer whose input is never valid, or never spoilt, tests nothing.
  assert.ok(reached.size >= capabilityList.length - 8, `reached ${[...reached].join(', ')}`)
  assert.ok((report.byStatus['400'] ?? 0) > 100 && (report.byStatus['409'] ?? 0) > 100, JSON.stringify(report.byStatus))
})

test('the fuzzer sees a handler that fails, one that hangs, one that tells of the inside and one that speaks English alone', async () => {
  // The patience with an answer ends where its handler was reached and is not going to give one: no time is measured.
  let waiting = new AbortController()
  const patience = (): AbortSignal => (waiting = new AbortController()).signal
  const hang = (): Promise<never> => {
    waiting.abort(new DOMException('no answer is going to come', 'TimeoutError'))
    return new Promise(() => undefined)
  }
  const { url } = await startApp(
    handlers((name) => {
      if (name === 'order.get') return hang()
      if (name === 'order.cancel') return Promise.resolve(refuse('action_not_allowed', bothSay('relation "orders" does not exist')))
      if (name === 'order.decline') return Promise.resolve(refuse('action_not_allowed', bothSay('no')))
      return name === 'order.hold'
        ? Promise.reject(new Error('boom'))
        : Promise.resolve(refuse('action_not_allowed', { en: 'no', zh: '否' }))
    }),
    { limits: { drainMsMax: 10 } },
  )
  const document = await documentOf(url)
  const paths = Object.fromEntries(Object.entries(document.paths).filter(([path]) => path.startsWith('/v1/orders/{orderId}')))
  const report = await fuzzRoutes(url, { ...document, paths }, 'admin', { seed: 7, perRoute: 12, patience })
  assert.deepEqual([...new Set(report.findings.map((finding) => `${finding.operation} ${finding.kind}`))].toSorted(), [
    'order.cancel leak',
    'order.decline untranslated',
    'order.get hang',
    'order.hold serverError',
  ])
})
