import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { type Api, apiOf, at, listOf } from '../support/api.ts'
import { DESK, type Look, openBrowser, PHONE, screenshotPath, signIn } from '../support/browser.ts'
import { openLine } from '../support/cut-line.ts'
import { count, orderOf, placed, putFirstWorld } from '../support/first-world.ts'
import { hubFolder, startHubProcess } from '../support/hub-process.ts'
import { violationsOf } from '../support/wcag.ts'

const folder = hubFolder()
const first = await startHubProcess({ dataDir: folder })
const line = await openLine(first.url)
const before = apiOf(first.url)
await putFirstWorld(before)
await count(before, 'tea-500', 'sh-1', 100_000)
const lines = Array.from({ length: 150 }, (_, i) => JSON.stringify(orderOf(`L-${i}`)))
assert.equal((await before('POST', '/v1/orders/bulk', `${lines.join('\n')}\n`, { 'content-type': 'application/x-ndjson' })).status, 200)
const WHO = { login: 'ops', password: 'a-long-password-1' }
assert.equal((await before('POST', '/v1/users', { ...WHO, name: 'Ops', role: 'admin' })).status, 201)
const browser = await openBrowser()

/** Writes down each message the page's stream gives, once a message however many listen. */
const RECORDER = `
  globalThis.heard = []; globalThis.opened = 0
  const listen = EventSource.prototype.addEventListener
  EventSource.prototype.addEventListener = function (type, hear) {
    listen.call(this, type, (message) => {
      if (type === 'open') globalThis.opened += 1
      else if (message.lastEventId) globalThis.heard.push(message.lastEventId)
      hear(message)
    })
  }`

/** A page behind the line that keeps a list of what its stream told it. */
async function openPage(look: Look, path: string, more: { readonly viewport?: typeof PHONE } = {}): Promise<Page> {
  const page = await signIn(browser, line.url, WHO, look, more)
  await page.addInitScript(RECORDER)
  await page.goto(`${line.url}${path}`)
  await until(page, 'globalThis.opened > 0')
  return page
}
const heard = (page: Page) => page.evaluate('globalThis.heard') as Promise<string[]>
/** Looks once a frame; the page's policy forbids what Playwright would do. */
const until = (page: Page, isSo: string) =>
  page.evaluate(`new Promise((done) => { const look = () => ((${isSo}) ? done() : requestAnimationFrame(look)); look() })`)
const endOf = async (api: Api): Promise<string> => (await logAfter(api, undefined)).at(-1) ?? ''
/** The log behind a cursor, as cursors. */
async function logAfter(api: Api, after: string | undefined): Promise<string[]> {
  const cursors: string[] = []
  for (let from = after; ;) {
    const page = await api('GET', `/v1/events?limit=1000${from === undefined ? '' : `&after=${from}`}`)
    cursors.push(...listOf(page.at('events')).map((event) => String(at(event, 'cursor'))))
    from = String(page.at('cursor'))
    if (page.at('more') !== true) return cursors
  }
}
/** Waits until the page has heard the last event of the log, and says that it heard all of them once, in order. */
async function assertNoGap(page: Page, api: Api, from: string): Promise<void> {
  const log = await logAfter(api, from)
  await until(page, `globalThis.heard.includes(${JSON.stringify(log.at(-1))})`)
  assert.deepEqual(await heard(page), log)
}
/** The references in the window, top to bottom, each with its place in px. */
const inView = (page: Page) =>
  page.evaluate(`[...document.querySelectorAll('.long tbody tr.opens')]
    .map((row) => [row.querySelector('a').textContent, Math.round(row.getBoundingClientRect().top)])
    .filter(([, top]) => top > 100 && top < innerHeight - 60)`) as Promise<[string, number][]>

test('what happens at the hub is drawn without being asked for, in its order', async (t) => {
  const page = await openPage({ language: 'en', theme: 'light' }, '/orders')
  await page.locator('.long tbody tr.opens').nth(20).waitFor()
  const took: number[] = []
  for (const ref of ['SHOW-1', 'SHOW-2', 'SHOW-3']) {
    const startedAt = performance.now()
    await placed(before, orderOf(ref))
    await page.getByRole('link', { name: ref, exact: true }).waitFor()
    took.push(Math.round(performance.now() - startedAt))
  }
  assert.deepEqual(
    (await inView(page)).slice(0, 3).map(([ref]) => ref),
    ['SHOW-3', 'SHOW-2', 'SHOW-1'],
  )
  t.diagnostic(`from the order's call to its drawn row: ${took.join(', ')} ms`)
  await page.context().close()
})

test('a line that is cut says so and goes on without a gap or a repeat; filter, scroll and the row under the pointer stay', async () => {
  const from = await endOf(before)
  const page = await openPage({ language: 'en', theme: 'light' }, '/orders?phase=inFulfillment')
  await page.locator('.long tbody tr.opens').nth(20).waitFor()
  await page.evaluate('scrollTo(0, 30 * 54)')
  await until(page, `document.querySelectorAll('.long tbody tr.opens').length > 40`)
  const seen = await inView(page)
  await page.mouse.move(400, (seen[3]?.[1] ?? 0) + 10)
  await page.mouse.move(400, (seen[3]?.[1] ?? 0) + 20)
  for (let round = 0; round < 3; round++) {
    line.cut()
    await page.getByText('Connection lost, trying again…').waitFor()
    for (let n = 0; n < 3; n++) await placed(before, orderOf(`CUT-${round}-${n}`))
    line.restore()
    await page.getByText('Live again, nothing was missed').waitFor()
    await assertNoGap(page, before, from)
  }
  await page.getByRole('button', { name: 'Show what changed (9)' }).waitFor()
  assert.deepEqual(await inView(page), seen)
  assert.match(page.url(), /phase=inFulfillment/)
  await page.getByText('Live', { exact: true }).waitFor()
  await page.context().close()
})

test('a page that had heard nothing yet misses nothing either', async () => {
  const page = await openPage({ language: 'en', theme: 'light' }, '/orders')
  const from = await endOf(before)
  assert.deepEqual(await heard(page), [])
  line.cut()
  await page.getByText('Connection lost, trying again…').waitFor()
  await placed(before, orderOf('QUIET-1'))
  line.restore()
  await page.getByRole('link', { name: 'QUIET-1', exact: true }).waitFor()
  await assertNoGap(page, before, from)
  await page.context().close()
})

test('a hub that is started anew: the page says so in the reader’s language, on a phone too, and goes on where it was', async () => {
  const from = await endOf(before)
  const page = await openPage({ language: 'zh-CN', theme: 'light' }, '/orders?phase=inFulfillment', { viewport: PHONE })
  await placed(before, orderOf('OLD-1'))
  await page.getByRole('link', { name: 'OLD-1', exact: true }).waitFor()
  line.cut()
  assert.equal(await first.stop(), 0)
  await page.getByText('连接已断开，正在重试…').waitFor()
  assert.deepEqual(await violationsOf(page), [])
  await page.screenshot({ path: screenshotPath('zh-light-lost-phone') })
  const second = await startHubProcess({ dataDir: folder })
  const api = apiOf(second.url)
  await placed(api, orderOf('NEW-1'))
  line.leadTo(second.url)
  line.restore()
  await page.getByText('已恢复实时，未遗漏任何更新').waitFor()
  await page.screenshot({ path: screenshotPath('zh-light-again-phone') })
  await page.getByRole('link', { name: 'NEW-1', exact: true }).waitFor()
  await assertNoGap(page, api, from)
  assert.match(page.url(), /phase=inFulfillment/)
  await page.context().close()
})

const SAVING = `Object.defineProperty(navigator, 'connection', { value: { saveData: true } })`
/** A page behind the line whose browser has no script that was not asked for: a reader who saves data, in a window of its own. */
async function openSaving(path: string, look: Look = { language: 'en', theme: 'light' }): Promise<Page> {
  const first = await signIn(browser, line.url, WHO, look)
  const storageState = await first.context().storageState()
  await first.context().close()
  const page = await (await browser.newContext({ viewport: DESK, storageState })).newPage()
  await page.addInitScript(SAVING)
  await page.goto(`${line.url}${path}`)
  await page.locator('h1').waitFor()
  return page
}

for (const [language, told, name] of [
  ['en', 'The hub cannot be reached', 'Network'],
  ['zh-CN', '无法连接中枢', '待办'],
] as const)
  test(`a page that had not come when the hub went (${language}): the frame stays, words say so, and it opens by itself`, async () => {
    const page = await openSaving('/orders', { language, theme: 'light' })
    line.cut()
    await page.getByRole('navigation').getByRole('link', { name, exact: true }).click()
    await page.locator('main').getByText(told, { exact: true }).waitFor()
    assert.ok(await page.locator('header nav').isVisible())
    assert.deepEqual(await violationsOf(page), [])
    await page.screenshot({ path: screenshotPath(`${language}-light-page-not-here`) })
    line.restore()
    await page.getByRole('heading', { name, level: 1 }).waitFor()
    await page.context().close()
  })

test('a dialog that had not come when the hub went says so and never leaves the page by itself', async () => {
  const page = await openSaving('/orders')
  let loads = 0
  page.on('load', () => loads++)
  line.cut()
  await page.keyboard.press('Control+k')
  await page.getByText('Try again when the connection is back.', { exact: true }).waitFor()
  line.restore()
  await page.getByText('This part of the console did not come').waitFor()
  assert.equal(loads, 0)
  await page.getByRole('button', { name: 'Load anew' }).click()
  await page.getByRole('heading', { name: 'Orders', level: 1 }).waitFor()
  await page.keyboard.press('Control+k')
  await page.getByRole('dialog').waitFor()
  await page.context().close()
})

test('a language asked for while the hub is gone is spoken when it is back', async () => {
  const page = await openSaving('/orders')
  await page.getByRole('button', { name: 'Ops' }).click()
  line.cut()
  await page.getByRole('menuitem', { name: '中文' }).click()
  await page.getByText('Connection lost, trying again…').waitFor()
  line.restore()
  await page.getByRole('heading', { name: '订单', level: 1 }).waitFor()
  await page.context().close()
})

test('a hub of another build, that has the page’s script no more: the page is loaded anew once and then says so', async () => {
  const page = await openSaving('/orders')
  let loads = 0
  page.on('load', () => loads++)
  await page.route(/assets\/network-page-/, (route) => route.fulfill({ status: 404, body: '' }))
  await page.getByRole('navigation').getByRole('link', { name: 'Network', exact: true }).click()
  await page.getByText('This part of the console did not come').waitFor()
  assert.equal(loads, 1)
  assert.match(page.url(), /\/network$/)
  assert.ok(await page.locator('header nav').isVisible())
  assert.deepEqual(await violationsOf(page), [])
  await page.unroute(/assets\/network-page-/)
  await page.getByRole('button', { name: 'Load anew' }).click()
  await page.getByRole('heading', { name: 'Network', level: 1 }).waitFor()
  await page.context().close()
})

test('after the first touch the pages not opened yet come by themselves, so that they open while the hub is gone', async () => {
  const page = await openPage({ language: 'en', theme: 'light' }, '/orders')
  const asked: string[] = []
  page.on('request', (request) => asked.push(request.url()))
  await page.locator('h1').click()
  const come = `performance.getEntriesByType('resource').some((one) => /cancel-dialog-.*js/.test(one.name) && one.responseEnd > 0)`
  await until(page, come)
  line.cut()
  await page.getByRole('navigation').getByRole('link', { name: 'Network', exact: true }).click()
  await page.getByRole('heading', { name: 'Network', level: 1 }).waitFor()
  line.restore()
  await page.context().close()
})
