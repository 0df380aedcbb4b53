import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { roles } from '../../contract/access.ts'
import { apiOf, at, listOf } from '../support/api.ts'
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
const OPS = { login: 'ops', password: 'a-long-password-1' }
const MEI = { login: 'mei', password: 'a-long-password-2' }
for (const [who, name, role] of [
  [OPS, 'Ops', 'admin'],
  [MEI, 'Mei Chen', 'agent'],
] as const)
  assert.equal((await api('POST', '/v1/users', { ...who, name, role })).status, 201)
const browser = await openBrowser()
const zh: Look = { language: 'zh-CN', theme: 'light' }
const en: Look = { language: 'en', theme: 'dark' }

/** An order of an item that its only node then refuses: a task. */
async function missing(externalRef: string, sku: string): Promise<void> {
  await put(api, '/v1/items', [{ sku, name: sku, weightGrams: 300 }])
  await count(api, sku, 'hz-1', 5)
  const orderId = await placed(api, orderOf(externalRef, { sku }))
  const id = String((await api('GET', `/v1/orders/${orderId}`)).at('fulfillmentOrders.0.fulfillmentOrderId'))
  assert.equal((await api('POST', `/v1/fulfillment-orders/${id}/reject`, { reason: 'noStaff' })).status, 200)
}

test('a task is taken, handed on and ended with a note; another one comes by itself, and the filters stay', async () => {
  await missing('T-1', 'urn')
  const page = await signIn(browser, hub.url, OPS, en)
  await page.keyboard.press('g')
  await page.keyboard.press('t')
  const task = page.getByRole('listitem', { name: 'T-1' })
  await task.getByText('1 × urn').waitFor()
  await task.getByText('nobody has taken it').waitFor()
  await page.getByText('Unowned', { exact: true }).click()
  await missing('T-2', 'vat')
  await page.getByRole('listitem', { name: 'T-2' }).waitFor()
  assert.match(page.url(), /who=unowned/)
  assert.deepEqual(await violationsOf(page), [])
  await page.screenshot({ path: screenshotPath('en-dark-tasks') })

  await task.getByRole('button', { name: 'Take it' }).click()
  await task.waitFor({ state: 'detached' })
  await page.getByText('Mine', { exact: true }).click()
  await task.getByText('taken by you').waitFor()
  await task.getByRole('button', { name: 'Hand to…' }).click()
  await page.getByRole('combobox', { name: 'Hand the task to' }).fill('Mei')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Hand over' }).click()
  await task.waitFor({ state: 'detached' })
  await page.context().close()

  const phone = await signIn(browser, hub.url, MEI, zh, { viewport: PHONE, hasTouch: true })
  await phone.goto(`${hub.url}/tasks?who=mine`)
  const own = phone.getByRole('listitem', { name: 'T-1' })
  await own.getByText('由您处理').waitFor()
  assert.deepEqual(await violationsOf(phone), [])
  await phone.screenshot({ path: screenshotPath('zh-CN-light-tasks-phone') })
  assert.equal(await phone.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth'), 0)
  await own.getByRole('button', { name: '完成' }).click()
  await phone.locator('.ant-modal').getByRole('button', { name: '完成' }).click()
  await phone.getByText('请写明做了什么').waitFor()
  await phone.getByRole('button', { name: '已采购补货' }).click()
  await phone.screenshot({ path: screenshotPath('zh-CN-light-task-done-phone') })
  await phone.locator('.ant-modal').getByRole('button', { name: '完成' }).click()
  await phone.getByText('没有符合条件的任务').waitFor()
  const [done] = listOf((await api('GET', '/v1/tasks?state=done')).at('items'))
  assert.deepEqual([at(done, 'externalRef'), at(done, 'reason')], ['T-1', '已采购补货'])
  await phone.context().close()
})

test('who only looks on sees the tasks and no way to touch them', async () => {
  const EVE = { login: 'eve', password: 'a-long-password-3' }
  assert.equal((await api('POST', '/v1/users', { ...EVE, name: 'Eve', role: 'executive' })).status, 201)
  const page = await signIn(browser, hub.url, EVE, { language: 'en', theme: 'light' }, { viewport: DESK })
  await page.goto(`${hub.url}/tasks`)
  const task = page.getByRole('listitem', { name: 'T-2' })
  await task.waitFor()
  assert.equal(await task.getByRole('button').count(), 0)
  assert.equal(await page.getByText('Mine', { exact: true }).count(), 0)
  await page.screenshot({ path: screenshotPath('en-light-tasks-executive') })
  await page.context().close()
})

test('a node is closed after its effect was shown, the page can be left meanwhile, and the node is opened again', async () => {
  await put(api, '/v1/calendars', [
    {
      calendarId: 'six-days',
      name: '六天工作制',
      country: 'CN',
      weekly: [{ days: [1, 2, 3, 4, 5, 6], hours: [{ from: '08:00', to: '18:00' }] }],
      closedOn: ['2099-01-02'],
    },
  ])
  const place = { countryCode: 'CN', region: '北京', city: '北京', lat: 39.9, lng: 116.4 }
  await put(api, '/v1/nodes', [
    { ...NODE, nodeId: 'bj-1', name: '北京仓', place, calendarId: 'six-days', cutOff: '16:00', handlingMinutes: 90, capacityPerDay: 400 },
  ])
  await put(api, '/v1/items', [{ sku: 'jar', name: 'Jar', weightGrams: 300 }])
  await count(api, 'jar', 'hz-1', 10)
  for (let i = 0; i < 4; i++) await placed(api, orderOf(`close-${i}`, { sku: 'jar', quantity: 2 }))
  await count(api, 'jar', 'bj-1', 6)

  const page = await signIn(browser, hub.url, OPS, { language: 'en', theme: 'light' })
  await page.goto(`${hub.url}/network`)
  await page.getByRole('button', { name: '杭州仓' }).click()
  await page.getByRole('button', { name: 'Close this node…' }).click()
  const preview = page.getByRole('region', { name: 'What would happen' })
  await preview.getByText('4 fulfillment orders would have to leave').waitFor()
  await preview.getByText('3 go to other nodes whole').waitFor()
  await preview.getByText('1 goes only in part').waitFor()
  await preview.getByText('北京仓').waitFor()
  assert.deepEqual(await violationsOf(page), [])
  await page.screenshot({ path: screenshotPath('en-light-close-preview') })
  assert.equal((await api('GET', '/v1/nodes/hz-1/closure')).at('state'), 'open')
  await page.getByRole('button', { name: 'Close the node' }).click()
  await page.getByText('Closed; its work has been moved').first().waitFor()
  await page.getByText('3 of 4 moved to other nodes whole').waitFor()
  assert.deepEqual(await violationsOf(page), [])
  await page.screenshot({ path: screenshotPath('en-light-closed') })
  await page.context().close()

  const phone = await signIn(browser, hub.url, OPS, zh, { viewport: PHONE, hasTouch: true })
  await phone.goto(`${hub.url}/network?node=hz-1`)
  await phone.getByText('4 个中已整体改派 3 个').waitFor()
  await phone.screenshot({ path: screenshotPath('zh-CN-light-closed-phone') })
  await phone.getByRole('button', { name: '重新开放' }).click()
  await phone.locator('.ant-popconfirm').getByRole('button', { name: '重新开放' }).click()
  await phone.getByRole('button', { name: '关闭此节点…' }).waitFor()
  assert.equal((await api('GET', '/v1/nodes/hz-1')).at('closed'), undefined)
  await phone.goto(`${hub.url}/network?node=bj-1`)
  await phone.getByText('周一–周六').waitFor()
  await phone.screenshot({ path: screenshotPath('zh-CN-light-node-phone') })
  assert.deepEqual(await violationsOf(phone), [])
  await phone.context().close()
})

/** Keys as a scanner sends them: all at once, Enter last. */
const wedge = (page: Page, code: string) =>
  page.evaluate(
    `for (const key of [...${JSON.stringify(code)}, 'Enter']) document.body.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))`,
  )

test('a picker scans on a phone: the right item counts, a wrong one says so, what is not there is short, a parcel is weighed', async () => {
  await put(api, '/v1/items', [
    { sku: 'pan', name: '铸铁锅', weightGrams: 2000, barcodes: ['6901234567892'] },
    { sku: 'lid', name: '锅盖', weightGrams: 500 },
  ])
  for (const sku of ['pan', 'lid']) await count(api, sku, 'hz-1', 20)
  const order = orderOf('S-1')
  const lines = [
    { lineRef: '1', sku: 'pan', quantity: 2, unitPrice: 10000 },
    { lineRef: '2', sku: 'lid', quantity: 1, unitPrice: 10000 },
  ]
  const orderId = await placed(api, { ...order, lines, payments: [{ kind: 'capture', method: 'card', amount: 30000 }] })
  const id = String((await api('GET', `/v1/orders/${orderId}`)).at('fulfillmentOrders.0.fulfillmentOrderId'))
  const page = await signIn(browser, hub.url, OPS, zh, { viewport: PHONE, hasTouch: true })
  await page.goto(`${hub.url}/work?nodeId=hz-1`)
  await page.locator('.work-card', { hasText: 'S-1' }).waitFor()
  await wedge(page, '6901234567892')
  await page.waitForURL(/scan=(?:%22)?6901234567892/)
  const card = page.locator('.work-card', { hasText: 'S-1' })
  await page.locator('.work-card').nth(1).waitFor({ state: 'detached' })
  await card.getByRole('button', { name: '接单' }).click()
  await card.getByRole('button', { name: '开始拣货' }).click()
  await card.getByRole('button', { name: '扫码拣货' }).click()
  const dialog = page.locator('.ant-modal')
  await dialog.getByLabel('扫描或输入商品').fill('4006381333931')
  await page.keyboard.press('Enter')
  await dialog.getByText('商品不对：4006381333931').waitFor()
  assert.deepEqual(await violationsOf(page), [])
  await page.screenshot({ path: screenshotPath('zh-CN-light-pick-wrong-phone') })
  await page.evaluate('document.activeElement.blur()')
  await wedge(page, '06901234567892')
  await dialog.getByText('正确：铸铁锅').waitFor()
  await wedge(page, 'LID')
  await dialog.getByText('正确：锅盖').waitFor()
  await wedge(page, 'LID')
  await dialog.getByText('已够数：锅盖').waitFor()
  await page.screenshot({ path: screenshotPath('zh-CN-light-pick-phone') })
  await dialog.getByRole('button', { name: '还缺 1 件' }).click()
  await page.locator('.ant-popconfirm').getByRole('button', { name: '报缺' }).click()
  await card.getByRole('button', { name: '打包' }).click()
  await page.getByLabel('重量').fill('2750')
  await page.screenshot({ path: screenshotPath('zh-CN-light-pack-phone') })
  await page.locator('.ant-modal').getByRole('button', { name: '打包' }).click()
  await card.getByRole('button', { name: '交运' }).click()
  await card.waitFor({ state: 'detached' })
  const work = await api('GET', `/v1/fulfillment-orders/${id}`)
  assert.deepEqual(
    [work.at('work'), work.at('lines.0.picked'), work.at('lines.0.short'), work.at('lines.1.picked')],
    ['handedOver', 1, 1, 1],
  )
  assert.equal(work.at('parcels.0.weightGrams'), 2750)
  assert.deepEqual(work.at('lines.0.barcodes'), ['6901234567892'])
  await page.context().close()
})

test('the camera is asked for only when its button is tapped; without it, or a reader, words say what else there is', async () => {
  await placed(api, orderOf('S-2', { sku: 'pan' }))
  const page = await signIn(browser, hub.url, OPS, en, { viewport: PHONE, hasTouch: true })
  await page.goto(`${hub.url}/work?nodeId=hz-1&scan=S-2`)
  await page.getByRole('button', { name: 'Camera' }).tap()
  await page.getByText('This browser cannot read barcodes with a camera').waitFor()
  await page.context().addInitScript(CAMERA)
  await page.goto(`${hub.url}/work?nodeId=hz-1`)
  await page.locator('.work-card').first().waitFor()
  assert.equal(await page.evaluate('globalThis.asked'), 0)
  await page.getByRole('button', { name: 'Camera' }).tap()
  await page.waitForURL(/scan=pan/)
  assert.equal(await page.evaluate('globalThis.asked'), 1)
  await page.getByRole('button', { name: 'Camera off' }).tap()
  await page.waitForFunction('globalThis.tracks.every((track) => track.readyState === "ended")')
  await page.context().close()
})

/** A browser that has both: a camera (a canvas) and a reader that finds one code. */
const CAMERA = `
  globalThis.asked = 0
  globalThis.tracks = []
  globalThis.BarcodeDetector = class { async detect() { return [{ rawValue: 'pan' }] } }
  navigator.mediaDevices.getUserMedia = async () => {
    globalThis.asked += 1
    const canvas = document.createElement('canvas')
    canvas.getContext('2d').fillRect(0, 0, 10, 10)
    const stream = canvas.captureStream(10)
    globalThis.tracks = stream.getTracks()
    return stream
  }`

test('559 nodes, their services, lanes and calendars are read in words, found by name and kept in the address', async () => {
  const nodes = Array.from({ length: 559 }, (_, i) => ({
    ...NODE,
    nodeId: `many-${i}`,
    name: `第 ${i} 仓`,
    kind: i % 5 === 0 ? 'dc' : 'store',
    place: { countryCode: 'CN', region: '四川', city: '成都', lat: 22 + ((i * 37) % 200) / 10, lng: 100 + ((i * 53) % 200) / 10 },
  }))
  await put(api, '/v1/nodes', nodes)
  const services = [
    { serviceId: 'std', name: '标准快递', mode: 'road', transitDays: { min: 2, max: 4 }, calendarId: 'six-days', maxWeightGrams: 30_000 },
    { serviceId: 'same-day', name: '当日达', mode: 'bike', transitHours: { p50: 2, p90: 5 }, maxKm: 30 },
  ]
  await put(api, '/v1/carriers', [{ carrierId: 'sf', name: '顺丰速运', services }])
  const to = { countryCode: 'CN', region: '浙江' }
  await put(api, '/v1/lanes', [
    { laneId: 'l1', carrierId: 'sf', serviceId: 'std', from: { nodeId: 'hz-1' }, to, transitDays: { min: 1, max: 1 } },
  ])
  const page = await signIn(browser, hub.url, OPS, en)
  await page.goto(`${hub.url}/network?kind=store`)
  await page.getByRole('button', { name: '第 1 仓' }).waitFor()
  assert.equal(await page.getByRole('button', { name: '第 5 仓' }).count(), 0)
  await page.getByLabel('Name or place of a node').fill('第 558')
  await page.getByRole('button', { name: '第 1 仓' }).waitFor({ state: 'detached' })
  assert.equal(await page.locator('tr.ant-table-row').count(), 1)
  await page.getByLabel('Name or place of a node').fill('')
  await page.getByRole('button', { name: '第 1 仓' }).waitFor()
  await page.screenshot({ path: screenshotPath('en-dark-nodes-many') })
  for (const [tab, text, words] of [
    ['Carriers', '2–4 days', 'up to 30 kg'],
    ['Lanes', '顺丰速运 · 标准快递', '浙江, China'],
    ['Calendars', 'Mon–Sat', 'closed on public holidays of China'],
  ] as const) {
    await page.getByRole('tab', { name: tab }).click()
    await page.getByText(text).first().waitFor()
    await page.getByText(words).first().waitFor()
    assert.deepEqual(await violationsOf(page), [])
    await page.screenshot({ path: screenshotPath(`en-dark-network-${tab.toLowerCase()}`) })
  }
  await page.reload()
  await page.getByText('Mon–Sat').waitFor()
  await page.context().close()
})

test('a shopper follows a parcel: where it is, when it comes, what it emits, whom to ask, and nothing else', async () => {
  const support = { email: 'help@shop.example', phone: '+86 400 000 0000', url: 'https://help.shop.example/orders' }
  const insecure = await api('PUT', '/v1/channels', [
    { channelId: 'bad', platform: 'direct', name: 'Bad', support: { url: 'http://x.example' } },
  ])
  assert.equal(insecure.at('refused'), 1, insecure.text)
  await put(api, '/v1/channels', [{ channelId: 'shop-cn', platform: 'shopify', name: 'Shop CN', support }])
  await put(api, '/v1/items', [{ sku: 'mug', name: '马克杯', weightGrams: 400 }])
  await count(api, 'mug', 'hz-1', 5)
  const orderId = await placed(api, orderOf('TRACK-1', { sku: 'mug', quantity: 1 }))
  const order = await api('GET', `/v1/orders/${orderId}`)
  const id = String(order.at('fulfillmentOrders.0.fulfillmentOrderId'))
  const parcels = [{ carrierId: 'sf', serviceId: 'std', trackingNo: 'TRK-778', weightGrams: 450 }]
  for (const [action, body] of [
    ['start', {}],
    ['pick', {}],
    ['pack', { parcels }],
    ['handOver', {}],
  ] as const)
    assert.equal((await api('POST', `/v1/fulfillment-orders/${id}/${action}`, body)).status, 200)
  const now = new Date().toISOString()
  const place = { name: '杭州转运中心', city: '杭州', countryCode: 'CN' }
  const told = await api('POST', '/v1/carriers/sf/scans', {
    scans: [{ trackingNo: 'TRK-778', meaning: 'arrived', occurredAt: now, place }],
  })
  assert.equal(told.at('results.0.result'), 'applied', told.text)
  const { path } = JSON.parse((await api('GET', `/v1/orders/${orderId}/trackLink`)).text) as { path: string }

  for (const look of [zh, en]) {
    const context = await browser.newContext({ viewport: PHONE, locale: look.language, colorScheme: look.theme })
    const page = await context.newPage()
    const answered = page.waitForResponse((response) => response.url().endsWith('/v1/track'))
    await page.goto(`${hub.url}${path}`)
    const body = String(await (await answered).text())
    await page.getByText('TRK-778').waitFor()
    await page.getByText('杭州转运中心').waitFor()
    assert.equal(await page.getByRole('link', { name: 'help@shop.example' }).getAttribute('href'), 'mailto:help@shop.example')
    assert.equal(await page.locator('a[target=_blank]').getAttribute('href'), support.url)
    assert.deepEqual(await violationsOf(page), [])
    await page.evaluate('document.fonts.ready')
    await page.screenshot({ path: screenshotPath(`${look.language}-${look.theme}-track-parcel-phone`), fullPage: true })
    const hidden = ['杭州仓', 'hz-1', orderId, id, 'par_', String(order.at('customer.name')), String(order.at('shipTo.line1'))]
    for (const secret of hidden) assert.ok(!body.includes(secret), secret)
    assert.equal(
      /"(?:total|unitPrice|amount|reason|nodeId|checks|legs|scans|weightGrams|observations|serviceId|carrierId)"/.exec(body),
      null,
    )
    await context.close()
  }
})

const scopes: Readonly<Record<string, object>> = {
  customer: { customer: { channelId: 'shop-cn', customerRef: 'c-1' } },
  carrier: { carriers: ['sf'] },
  floor: { nodes: ['hz-1'] },
}
for (const role of roles)
  test(`${role}: every page of theirs loads without a refusal, and every other says that it is not theirs`, async () => {
    const who = { login: `role-${role}`, password: 'a-long-password-9' }
    const made = await api('POST', '/v1/users', { ...who, name: role, role, scope: scopes[role] ?? {} })
    assert.equal(made.status, 201, made.text)
    const found = await api('GET', '/v1/orders?q=TRACK-1')
    const page = await signIn(browser, hub.url, who, { language: 'en', theme: 'light' })
    const wrong: string[] = []
    page.on('pageerror', (error) => wrong.push(error.message))
    page.on('response', (response) => {
      const isForeign = response.status() === 404 && role === 'customer'
      if (response.status() >= 400 && !isForeign) wrong.push(`${new URL(page.url()).pathname}: ${response.status()} ${response.url()}`)
    })
    const state = async (path: string): Promise<void> => {
      await page.locator('h1').first().waitFor()
      await page.locator('.ant-skeleton').first().waitFor({ state: 'detached' })
      const error = page.locator('.ant-alert-error')
      if ((await error.count()) > 0) wrong.push(`${path}: ${await error.first().innerText()}`)
    }
    const shown = await page.locator('header nav a').evaluateAll((links) => links.map((link) => link.getAttribute('href') ?? ''))
    for (const path of shown) {
      await page.locator(`header nav a[href="${path}"]`).click()
      await page.waitForURL((url) => url.pathname === path)
      await state(path)
      assert.equal(await page.getByText('Your role may not see this').count(), 0, path)
    }
    await page.locator('header nav a[href="/now"]').click()
    await page.getByText('Work waiting by node').waitFor()
    const isOutside = role === 'customer' || role === 'carrier'
    assert.equal(await page.getByText('What needs somebody now').count(), isOutside ? 0 : 1)
    assert.equal(await page.getByText('Just happened').count(), role === 'customer' ? 0 : 1)
    const foreign = ['/system', '/work', '/tasks', '/overview'].find((path) => !shown.includes(path))
    if (foreign !== undefined) {
      await page.goto(`${hub.url}${foreign}`)
      await page.getByText('Your role may not see this').waitFor()
    }
    await page.goto(`${hub.url}/orders/${String(found.at('items.0.orderId'))}`)
    await page
      .getByText(role === 'customer' ? 'There is no such order' : 'TRACK-1')
      .first()
      .waitFor()
    for (const tab of await page.getByRole('tab').all()) {
      await tab.click()
      await page.locator('.ant-skeleton').first().waitFor({ state: 'detached' })
    }
    await page.screenshot({ path: screenshotPath(`en-light-order-${role}`) })
    await page.context().close()
    assert.deepEqual(wrong, [])
  })
