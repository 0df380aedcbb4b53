import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { apiOf } from '../support/api.ts'
import { type Look, openBrowser, signIn } from '../support/browser.ts'
import { count, NODE, orderOf, placed, put, putFirstWorld } from '../support/first-world.ts'
import { hubFolder, startHubProcess } from '../support/hub-process.ts'
import { violationsOf } from '../support/wcag.ts'

const hub = await startHubProcess({ dataDir: hubFolder() })
const api = apiOf(hub.url)
await putFirstWorld(api)
await put(api, '/v1/nodes', [{ ...NODE, nodeId: 'hz-1', name: '杭州仓', place: { ...NODE.place, lat: 30.27, lng: 120.15 } }])
await count(api, 'tea-500', 'hz-1', 100_000)
const lines = Array.from({ length: 450 }, (_, i) => JSON.stringify(orderOf(`L-${i}`)))
const bulk = await api('POST', '/v1/orders/bulk', `${lines.join('\n')}\n`, { 'content-type': 'application/x-ndjson' })
assert.equal(bulk.status, 200)
const WHO = { login: 'ops', password: 'a-long-password-1' }
assert.equal((await api('POST', '/v1/users', { ...WHO, name: 'Ops', role: 'admin' })).status, 201)
const browser = await openBrowser()
const en: Look = { language: 'en', theme: 'light' }

const rowsDrawn = (page: Page) => page.locator('.long tbody tr.opens').count()
/** There, and drawn: rows come with the frame after the one that scrolled. */
const scrollTo = (page: Page, y: number) =>
  page.evaluate(`scrollTo(0, ${y}), new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))`)
/** Looks once a frame; the page's policy forbids what Playwright would do. */
const until = (page: Page, isSo: string) =>
  page.evaluate(`new Promise((done) => { const look = () => ((${isSo}) ? done() : requestAnimationFrame(look)); look() })`)
/** The references in the window, top to bottom, each with its place in px. */
const inView = (page: Page) =>
  page.evaluate(`[...document.querySelectorAll('.long tbody tr.opens')]
    .map((row) => [row.querySelector('a').textContent, Math.round(row.getBoundingClientRect().top)])
    .filter(([, top]) => top > 100 && top < innerHeight - 60)`) as Promise<[string, number][]>

async function openList(query = ''): Promise<Page> {
  const page = await signIn(browser, hub.url, WHO, en)
  await page.goto(`${hub.url}/orders${query}`)
  await page.locator('.long tbody tr.opens').nth(20).waitFor()
  return page
}
/** Down to the last of 450 rows, as pages come. */
async function scrollDown(page: Page): Promise<void> {
  await until(page, `scrollTo(0, document.body.scrollHeight), document.querySelector('.long-end').textContent.startsWith('That is all')`)
}

test('a long list draws only rows in view, comes by itself to its end, and every row is there once', async () => {
  const page = await openList()
  await scrollDown(page)
  assert.match(await page.locator('.long-end').innerText(), /^That is all: 45\d rows$/)
  assert.ok((await rowsDrawn(page)) <= 60)
  const seen = new Set<string>()
  for (let y = 0; y < 460 * 54; y += 500) {
    await scrollTo(page, y)
    for (const [ref] of (await page.evaluate(
      `[...document.querySelectorAll('.long tbody tr.opens a')].map((link) => [link.textContent])`,
    )) as [string][])
      seen.add(ref)
  }
  assert.equal([...seen].filter((ref) => /^L-\d+$/.test(ref)).length, 450)
  assert.deepEqual(await violationsOf(page), [])
  await page.context().close()
})

test('who comes back from an order finds the list scrolled to where it was left', async () => {
  const page = await openList('?phase=inFulfillment')
  await scrollDown(page)
  await scrollTo(page, 300 * 54)
  const before = await inView(page)
  await page.getByRole('link', { name: before[4]?.[0] ?? '', exact: true }).click()
  await page.getByRole('heading', { name: before[4]?.[0] ?? '' }).waitFor()
  await page.goBack()
  await page.getByRole('link', { name: before[4]?.[0] ?? '', exact: true }).waitFor()
  assert.deepEqual(await inView(page), before)
  assert.match(page.url(), /phase=inFulfillment/)
  await page.context().close()
})

test('under the pointer no row moves: what comes waits, is counted, and is there when the pointer is away', async () => {
  const page = await openList()
  const before = await inView(page)
  await page.mouse.move(400, before[3]?.[1] ?? 0)
  await page.mouse.move(400, (before[3]?.[1] ?? 0) + 20)
  await placed(api, orderOf('WAITS-1'))
  await page.getByRole('button', { name: 'Show what changed (1)' }).waitFor()
  assert.deepEqual(await inView(page), before)
  await page.mouse.move(5, 5)
  await page.getByRole('link', { name: 'WAITS-1' }).waitFor()
  await page.context().close()
})

test('scrolled down, what comes above leaves the rows in view where they are', async () => {
  const page = await openList()
  await scrollTo(page, 30 * 54)
  await until(page, `document.querySelectorAll('.long tbody tr.opens').length > 40`)
  const before = await inView(page)
  await placed(api, orderOf('ABOVE-1'))
  await until(page, `scrollY === ${31 * 54}`)
  assert.deepEqual(await inView(page), before)
  await scrollTo(page, 0)
  await page.getByRole('link', { name: 'ABOVE-1' }).waitFor()
  await page.context().close()
})
