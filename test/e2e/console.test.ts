import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import type { Page } from 'playwright-core'
import { apiOf } from '../support/api.ts'
import { DESK, type Look, openBrowser, PHONE, screenshotPath, signIn } from '../support/browser.ts'
import { count, NODE, orderOf, placed, put, putFirstWorld } from '../support/first-world.ts'
import { hubFolder, startHubProcess } from '../support/hub-process.ts'
import { violationsOf } from '../support/wcag.ts'

const hub = await startHubProcess({ dataDir: hubFolder() })
const api = apiOf(hub.url)
await putFirstWorld(api)
await put(api, '/v1/nodes', [
  { ...NODE, nodeId: 'hz-1', name: '杭州仓', place: { countryCode: 'CN', region: '浙江', city: '杭州', lat: 30.27, lng: 120.15 } },
])
await count(api, 'tea-500', 'hz-1', 50)
const WHO = { login: 'ops', password: 'a-long-password-1' }
assert.equal((await api('POST', '/v1/users', { ...WHO, name: '运营', role: 'admin' })).status, 201)
const first = await placed(api, orderOf('C-1', { quantity: 2 }))
const browser = await openBrowser()
const zh: Look = { language: 'zh-CN', theme: 'light' }

const text = (page: Page, words: string) => page.getByText(words, { exact: false }).first()

test('a visitor finds an order, sees why its node was chosen, holds it and lets it go', async () => {
  const page = await signIn(browser, hub.url, WHO, zh)
  await page.getByRole('heading', { name: '此刻' }).waitFor()
  await page.getByRole('link', { name: '订单' }).click()
  await page.getByRole('link', { name: 'C-1' }).click()
  await page.getByRole('heading', { name: 'C-1' }).waitFor()
  await page.getByRole('tab', { name: '为何选择这些节点' }).click()
  await page.getByRole('cell', { name: '杭州仓 已选' }).waitFor()
  await page.getByRole('button', { name: '挂起', exact: true }).click()
  await page.getByRole('dialog').getByRole('button', { name: '挂起', exact: true }).click()
  await page.locator('.head').getByText('已挂起').waitFor()
  assert.equal((await api('GET', `/v1/orders/${first}`)).at('phase'), 'onHold')
  await page.getByRole('button', { name: '解除挂起' }).click()
  await page.getByRole('dialog').getByRole('button', { name: '解除挂起' }).click()
  await page.locator('.head').getByText('履约中').waitFor()
  assert.equal((await api('GET', `/v1/orders/${first}`)).at('phase'), 'inFulfillment')
  await page.context().close()
})

test('a Chinese name in the frame of an English page has its glyphs, also where the machine has no font for them', async () => {
  for (const viewport of [DESK, PHONE]) {
    const page = await signIn(browser, hub.url, WHO, { language: 'en', theme: 'light' }, { viewport })
    const name = page.locator('header').getByRole('button', { name: '运营' })
    await page.evaluate('document.fonts.ready')
    const settle = 'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))'
    await page.evaluate(settle)
    const drawn = await name.boundingBox()
    const picture = await name.screenshot()
    // Another kerning, which Chinese has not, is another font to the browser: what it shapes now, it shapes with every glyph that came.
    await page.addStyleTag({ content: '* { font-kerning: normal }' })
    await page.evaluate(settle)
    assert.deepEqual(await name.boundingBox(), drawn)
    assert.ok(picture.equals(await name.screenshot()), 'the name is drawn with the boxes it had before its font came')
    await page.context().close()
  }
})

test('a picker works an order through on a phone: accept, start, pick, pack, hand over', async () => {
  const orderId = await placed(api, orderOf('C-2', { quantity: 1 }))
  const page = await signIn(browser, hub.url, WHO, zh, { viewport: PHONE, hasTouch: true })
  await page.goto(`${hub.url}/work?nodeId=hz-1`)
  await page.getByLabel('扫描或输入商品、订单号').fill('C-2')
  await page.getByLabel('扫描或输入商品、订单号').press('Enter')
  const card = page.locator('.work-card', { hasText: 'C-2' })
  for (const [name, stage] of [
    ['接单', '已接单'],
    ['开始拣货', '作业中'],
  ] as const) {
    await card.getByRole('button', { name }).click()
    await card.getByText(stage, { exact: true }).waitFor()
  }
  await card.getByRole('button', { name: '全部拣完' }).click()
  await card.getByRole('button', { name: '打包' }).click()
  await page.getByLabel('运单号').fill('SF-778')
  await page.locator('.ant-modal').getByRole('button', { name: '打包' }).click()
  await card.getByRole('button', { name: '交运' }).click()
  await text(page, '没有与“C-2”匹配').waitFor()
  assert.equal((await api('GET', `/v1/orders/${orderId}`)).at('phase'), 'inTransit')
  await page.context().close()
})

test('taps made without a network are sent once when it is back', async () => {
  const orderId = await placed(api, orderOf('C-3'))
  const page = await signIn(browser, hub.url, WHO, zh, { viewport: PHONE })
  await page.goto(`${hub.url}/work?nodeId=hz-1`)
  const card = page.locator('.work-card', { hasText: 'C-3' })
  await card.getByRole('button', { name: '接单' }).waitFor()
  await page.context().setOffline(true)
  await card.getByRole('button', { name: '接单' }).click()
  await text(page, '已保存 1 次操作').waitFor()
  await page.context().setOffline(false)
  await card.getByText('已接单', { exact: true }).waitFor({ timeout: 20_000 })
  const work = (await api('GET', `/v1/orders/${orderId}`)).at('fulfillmentOrders.0.work')
  assert.equal(work, 'ready')
  await page.context().close()
})

test('the list follows the hub: an order placed elsewhere is there without a reload', async () => {
  const page = await signIn(browser, hub.url, WHO, { language: 'en', theme: 'dark' })
  await page.goto(`${hub.url}/orders?phase=inFulfillment`)
  await page.getByRole('link', { name: 'C-1' }).waitFor()
  await placed(api, orderOf('C-LIVE'))
  await page.getByRole('link', { name: 'C-LIVE' }).waitFor()
  assert.match(page.url(), /phase=inFulfillment/)
  await page.context().close()
})

test('the keyboard alone leads everywhere: g and a letter, Ctrl-K and a word', async () => {
  const page = await signIn(browser, hub.url, WHO, { language: 'en', theme: 'light' })
  await page.getByRole('heading', { name: 'Now' }).waitFor()
  await page.keyboard.press('g')
  await page.keyboard.press('s')
  await page.getByRole('heading', { name: 'Stock' }).waitFor()
  await page.keyboard.press('Control+k')
  await page.getByRole('textbox', { name: 'Go to or do' }).fill('C-1')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Orders' }).waitFor()
  await page.getByRole('link', { name: 'C-1', exact: true }).waitFor()
  await page.context().close()
})

test('any moment of an order’s past can be shown again', async () => {
  const page = await signIn(browser, hub.url, WHO, { language: 'en', theme: 'light' })
  await page.goto(`${hub.url}/orders/${first}`)
  await page.getByRole('slider').press('Home')
  await text(page, 'As the hub knew it at').waitFor()
  assert.equal(await page.getByRole('button', { name: 'Cancel order' }).count(), 0)
  await page.getByRole('button', { name: 'Now', exact: true }).click()
  await page.getByRole('button', { name: 'Cancel order' }).waitFor()
  await page.context().close()
})

test('the timeline says how long an order stood where, and any of its moments can be visited', async () => {
  const page = await signIn(browser, hub.url, WHO, { language: 'en', theme: 'dark' })
  await page.goto(`${hub.url}/orders/${first}`)
  await page.getByRole('tab', { name: 'Timeline' }).click()
  await page.getByText('How long it stood where').waitFor()
  const moments = page.locator('.life li')
  await moments.first().waitFor()
  assert.ok((await moments.count()) >= 3)
  assert.deepEqual(await violationsOf(page), [])
  await page.screenshot({ path: screenshotPath('en-dark-timeline') })
  await moments.last().getByRole('button').click()
  await text(page, 'As the hub knew it at').waitFor()
  await page.context().close()
})

test('who holds an order’s link sees how far it is and nothing else; a changed link leads nowhere', async () => {
  const orderId = await placed(api, orderOf('C-TRACK', { quantity: 2 }))
  const page = await signIn(browser, hub.url, WHO, { language: 'en', theme: 'light' })
  await page.goto(`${hub.url}/orders/${orderId}`)
  await page.getByRole('button', { name: 'Shopper’s link' }).click()
  const link = (await page.locator('.ant-modal a').getAttribute('href')) ?? ''
  await page.context().close()

  const context = await browser.newContext({ viewport: PHONE, locale: 'zh-CN' })
  const shopper = await context.newPage()
  const asked: string[] = []
  shopper.on('request', (request) => asked.push(request.url()))
  const answered = shopper.waitForResponse((response) => response.url().endsWith('/v1/track'))
  await shopper.goto(link)
  const body = String(await (await answered).text())
  await shopper.getByRole('heading', { name: '正在备货' }).waitFor()
  await shopper.getByText('订单 C-TRACK').waitFor()
  assert.deepEqual(await violationsOf(shopper), [])
  await shopper.evaluate('document.fonts.ready')
  await shopper.screenshot({ path: screenshotPath('zh-CN-light-track-phone') })
  const order = await api('GET', `/v1/orders/${orderId}`)
  const hidden = [
    '杭州仓',
    'hz-1',
    orderId,
    ...['shipTo.name', 'shipTo.phone', 'shipTo.line1', 'customer.name'].map((path) => order.at(path)),
  ]
  for (const secret of hidden) if (typeof secret === 'string') assert.ok(!body.includes(secret), secret)
  assert.equal(/"(?:total|unitPrice|amount|reason|nodeId|checks)"/.exec(body), null)
  const token = link.split('#')[1] ?? ''
  assert.ok(token.startsWith(orderId) && !asked.some((url) => url.includes(token)), 'the secret stands in no address')
  assert.deepEqual(
    asked.filter((url) => url.includes('/v1/') && !url.endsWith('/v1/track')),
    [],
  )
  await context.close()

  const changed = await (await browser.newContext({ locale: 'zh-CN' })).newPage()
  await changed.goto(link.replace(/.$/, (last) => (last === 'A' ? 'E' : 'A')))
  await changed.getByText('此链接没有对应的订单').waitFor()
  await changed.context().close()
})

const paths = [
  '/now',
  '/overview?range=28d',
  '/orders',
  `/orders/${first}`,
  '/work',
  '/tasks',
  '/stock?sku=tea-500',
  '/network',
  '/system',
] as const
for (const language of ['zh-CN', 'en'] as const)
  for (const theme of ['light', 'dark'] as const)
    test(`every page in ${language}, ${theme}, wide and on a phone: no serious violation of WCAG, nothing refused by the policy`, async () => {
      const page = await signIn(browser, hub.url, WHO, { language, theme })
      const wrong: string[] = []
      page.on('pageerror', (error) => wrong.push(error.message))
      page.on('console', (message) => {
        if (message.type() === 'error') wrong.push(message.text())
      })
      for (const path of paths) {
        await page.goto(`${hub.url}${path}`)
        await page.locator('h1').first().waitFor()
        await page.locator('.ant-skeleton').first().waitFor({ state: 'detached' })
        const name = `${language}-${theme}-${path.split(/[/?]/)[1] ?? ''}${path.startsWith('/orders/') ? '-one' : ''}`
        wrong.push(...(await violationsOf(page)).map((one) => `${path}: ${one}`))
        await page.screenshot({ path: screenshotPath(name) })
        await page.setViewportSize(PHONE)
        await page.screenshot({ path: screenshotPath(`${name}-phone`) })
        const wide = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')
        if (Number(wide) > 0) wrong.push(`${path} is ${String(wide)} px wider than a phone`)
        await page.setViewportSize(DESK)
      }
      assert.deepEqual(wrong, [])
      if (language === 'zh-CN') assert.equal(await page.evaluate(`document.fonts.check('16px "Noto Sans SC"', '订单')`), true)
      await page.context().close()
    })

test('the script that a first page needs, with the words of either language, is at most 300 kB compressed', () => {
  const dist = fileURLToPath(new URL('../../console/dist', import.meta.url))
  assert.ok(existsSync(dist))
  const html = readFileSync(join(dist, 'index.html'), 'utf8')
  const bytesOf = (path: string): number => gzipSync(readFileSync(join(dist, path))).length
  const scripts = [...html.matchAll(/(?:src|href)="\/(assets\/[^"]+\.js)"/g)].map((found) => found[1] ?? '')
  const assets = readdirSync(join(dist, 'assets'))
  const words = assets.filter((name) => /^words-(en|zh)-.*\.js$/.test(name)).map((name) => `assets/${name}`)
  assert.ok(words.length === 2 && words.every((path) => !scripts.includes(path)), 'a language is a script of its own')
  const bytes = scripts.reduce((sum, path) => sum + bytesOf(path), 0) + Math.max(...words.map(bytesOf))
  assert.ok(scripts.length > 0 && bytes <= 300_000, `${bytes} bytes in ${scripts.length} scripts`)
  assert.ok(assets.length > scripts.length, 'pages load after')
})

test('a reader loads the words of one language and sees no other; the other comes when it is asked for, without a reload', async () => {
  const page = await signIn(browser, hub.url, WHO, zh)
  const languages: string[] = []
  page.on('request', (request) => languages.push(...(/words-(en|zh)-/.exec(request.url())?.slice(1) ?? [])))
  await page.addInitScript(`
    globalThis.seen = []
    new MutationObserver(() => seen.push(document.body?.innerText ?? ''))
      .observe(document, { subtree: true, childList: true, characterData: true })`)
  await page.goto(`${hub.url}/orders`)
  await page.getByRole('heading', { name: '订单' }).waitFor()
  const seen = String(await page.evaluate('seen.join()'))
  assert.ok(seen.includes('订单') && !/Orders|Sign in/.test(seen), 'no moment in another language')
  assert.equal(await page.evaluate('document.documentElement.lang'), 'zh-CN')
  assert.deepEqual(languages, ['zh'])
  await page.getByRole('button', { name: '运营' }).click()
  await page.getByRole('menuitem', { name: 'English' }).click()
  await page.getByRole('heading', { name: 'Orders' }).waitFor()
  assert.deepEqual(languages, ['zh', 'en'])
  assert.equal(await page.evaluate('document.documentElement.lang'), 'en')
  await page.context().close()
})

test('nothing of the console is served from outside its folder, and an address of the API never answers a page', async () => {
  const html = { accept: 'text/html' }
  for (const path of ['/..%2fpackage.json', '/assets/../../package.json', '/index.html/../../../package.json']) {
    const response = await fetch(`${hub.url}${path}`, { headers: { accept: '*/*' } })
    assert.notEqual(response.status, 200, path)
  }
  assert.equal((await fetch(`${hub.url}/v1/nothing`, { headers: html })).status, 404)
  const page = await fetch(`${hub.url}/orders/ord_x`, { headers: html })
  assert.deepEqual([page.status, page.headers.get('content-type')], [200, 'text/html; charset=utf-8'])
  assert.match(page.headers.get('content-security-policy') ?? '', /default-src 'self'/)
})
