import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { apiOf } from '../support/api.ts'
import { type Look, openBrowser, PHONE, screenshotPath, signIn } from '../support/browser.ts'
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
const browser = await openBrowser()
const en: Look = { language: 'en', theme: 'light' }

async function opened(orderId: string, look: Look = en, options = {}): Promise<Page> {
  const page = await signIn(browser, hub.url, WHO, look, options)
  await page.goto(`${hub.url}/orders/${orderId}`)
  await page.getByRole('tab').first().waitFor()
  return page
}
const read = (orderId: string) => api('GET', `/v1/orders/${orderId}`)
/** Looked at when every colour has come to rest: one on its way from disabled to enabled is neither. */
async function noViolations(page: Page): Promise<void> {
  await page.evaluate(
    'Promise.all(document.getAnimations().filter((one) => one instanceof CSSTransition).map((one) => one.finished.catch(() => null))).then(() => null)',
  )
  assert.deepEqual(await violationsOf(page), [])
}

test('an order is changed: what would be is seen before, and is so after it was confirmed', async () => {
  const orderId = await placed(api, orderOf('E-1', { quantity: 3 }))
  const before = await read(orderId)
  const page = await opened(orderId)
  await page.getByRole('button', { name: 'Change order' }).click()
  const editor = page.getByRole('dialog')
  assert.equal(await editor.getByRole('button', { name: 'Preview' }).isDisabled(), true, 'nothing is different yet')
  await editor.getByLabel(/^Quantity of/).fill('1')
  await editor.getByRole('button', { name: 'Preview' }).click()
  await editor.getByText('What would change').waitFor()
  await editor.getByText('is due back to the buyer').waitFor()
  await noViolations(page)
  assert.equal((await read(orderId)).at('totals.total'), before.at('totals.total'), 'a preview changes nothing')
  await editor.getByRole('button', { name: 'Confirm change' }).click()
  await page.getByText('The order has been changed').waitFor()
  const after = await read(orderId)
  assert.deepEqual([after.at('lines.0.quantity'), after.at('lines.0.cancelled')], [3, 2])
  assert.equal(after.at('totals.total'), Number(before.at('totals.total')) / 3)
  assert.equal(after.at('changes.0.state'), 'confirmed')
  await page.context().close()
})

test('a proposal that is discarded leaves the order as it was; one that was left stands on the page with its choice', async () => {
  const orderId = await placed(api, orderOf('E-2', { quantity: 2 }))
  const page = await opened(orderId, { language: 'zh-CN', theme: 'dark' }, { viewport: PHONE })
  await page.getByRole('button', { name: '变更订单' }).click()
  const editor = page.getByRole('dialog')
  await editor.getByLabel(/的数量$/).fill('1')
  await editor.getByRole('button', { name: '预览' }).click()
  await editor.getByRole('button', { name: '确认变更' }).waitFor()
  await noViolations(page)
  await page.keyboard.press('Escape')
  await editor.waitFor({ state: 'detached' })
  await page.getByRole('button', { name: '放弃' }).click()
  await page.getByText('已放弃', { exact: true }).waitFor()
  const after = await read(orderId)
  assert.deepEqual([after.at('lines.0.cancelled'), after.at('changes.0.state')], [0, 'declined'])
  await page.context().close()
})

test('part of an order is cancelled after its effect was told', async () => {
  const orderId = await placed(api, orderOf('E-3', { quantity: 4 }))
  const page = await opened(orderId)
  await page.getByRole('button', { name: 'Cancel part' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel(/^Units of/).fill('3')
  await dialog.getByText('Cancels 3 units', { exact: false }).waitFor()
  await noViolations(page)
  await dialog.getByRole('button', { name: 'Cancel part' }).click()
  await dialog.waitFor({ state: 'detached' })
  assert.equal((await read(orderId)).at('lines.0.cancelled'), 3)
  await page.context().close()
})

test('work is split, the split taken back, then all of it moved to another node', async () => {
  const orderId = await placed(api, orderOf('E-4', { quantity: 2 }))
  const works = async () =>
    ((await read(orderId)).at('fulfillmentOrders') as { nodeId: string; work: string }[]).filter(({ work }) => work !== 'cancelled')
  const from = (await works())[0]?.nodeId ?? ''
  const [to, name] = from === 'hz-1' ? ['sh-1', '上海一号仓'] : ['hz-1', '杭州仓']
  const page = await opened(orderId)
  const choose = async (item: string) => {
    await page
      .getByRole('button', { name: /^Move, split or stop/ })
      .first()
      .click()
    await page.getByRole('menuitem', { name: item }).click()
  }
  await choose('Split')
  await page
    .getByRole('dialog')
    .getByLabel(/^Units of/)
    .fill('1')
  await page.getByRole('dialog').getByRole('button', { name: 'Split' }).click()
  await page.getByRole('button', { name: 'Undo' }).waitFor()
  assert.equal((await works()).length, 2)
  await page.getByRole('button', { name: 'Undo' }).click()
  await page.getByText('Undone').waitFor()
  assert.equal((await works()).length, 1)
  await choose('Move to another node')
  await page.getByRole('dialog').getByRole('combobox', { name: 'To' }).click()
  await page.locator('.ant-select-item-option', { hasText: name }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Move to another node' }).click()
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  assert.deepEqual(
    (await works()).map(({ nodeId }) => nodeId),
    [to],
  )
  await page.context().close()
})

test('a hold can be taken back at once', async () => {
  const orderId = await placed(api, orderOf('E-5'))
  const page = await opened(orderId)
  await page.getByRole('button', { name: 'Hold', exact: true }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Hold', exact: true }).click()
  await page.getByRole('button', { name: 'Undo' }).click()
  await page.getByText('Undone').waitFor()
  assert.equal((await read(orderId)).at('phase'), 'inFulfillment')
  await page.context().close()
})

test('a parcel shows its scans in words, its carrier, and what it emits', async () => {
  const orderId = await placed(api, orderOf('E-6'))
  await put(api, '/v1/carriers', [
    {
      carrierId: 'fast',
      name: '快捷速运',
      scanFormat: 'fulcrum',
      services: [{ serviceId: 'std', name: '标准', mode: 'road', transitDays: { min: 1, max: 2 } }],
    },
  ])
  const fulfillmentOrderId = String((await read(orderId)).at('fulfillmentOrders.0.fulfillmentOrderId'))
  const step = async (verb: string, body: object = {}) =>
    assert.equal((await api('POST', `/v1/fulfillment-orders/${fulfillmentOrderId}/${verb}`, body)).status, 200, verb)
  await step('accept')
  await step('start')
  await step('pick')
  await step('pack', { parcels: [{ carrierId: 'fast', serviceId: 'std', trackingNo: 'FA-1', weightGrams: 640 }] })
  await step('handOver')
  const at = String((await read(orderId)).at('parcels.0.handedOverAt'))
  const told = await api('POST', '/v1/carriers/fast/scans', {
    scans: [{ trackingNo: 'FA-1', meaning: 'arrived', occurredAt: at, place: { countryCode: 'CN', region: '浙江', city: '杭州' } }],
  })
  assert.equal(told.status, 200, JSON.stringify(told))
  const page = await opened(orderId)
  await page.getByRole('tab', { name: 'Parcels' }).click()
  const shown = page.getByRole('tabpanel', { name: 'Parcels' })
  await shown.getByText('快捷速运 · 标准').waitFor()
  for (const words of ['FA-1', 'In transit', 'Reached a depot', 'CO₂e']) await shown.getByText(words, { exact: false }).first().waitFor()
  await noViolations(page)
  await page.context().close()
})

test('packed parcels are opened again: one of two from the order’s page, the other from the Work page on a phone', async () => {
  const orderId = await placed(api, orderOf('E-7', { quantity: 3 }))
  const fulfillmentOrderId = String((await read(orderId)).at('fulfillmentOrders.0.fulfillmentOrderId'))
  const step = async (verb: string, body: object = {}) =>
    assert.equal((await api('POST', `/v1/fulfillment-orders/${fulfillmentOrderId}/${verb}`, body)).status, 200, verb)
  const parcels = [1, 2].map((quantity) => ({ trackingNo: `UN-${quantity}`, lines: [{ lineRef: '1', quantity }] }))
  await step('start')
  await step('pick')
  await step('pack', { parcels })
  const page = await opened(orderId)
  await page.getByRole('button', { name: /^Move, split or stop/ }).click()
  await page.getByRole('menuitem', { name: 'Unpack' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText('their labels are void').waitFor()
  await dialog.getByRole('checkbox', { name: /UN-2/ }).uncheck()
  await noViolations(page)
  await page.screenshot({ path: screenshotPath('en-light-unpack') })
  await dialog.getByRole('button', { name: 'Unpack' }).click()
  await page.getByText('Done').waitFor()
  assert.equal((await read(orderId)).at('lines.0.packed'), 2)
  await page.getByRole('tab', { name: 'Parcels' }).click()
  await page.getByRole('tabpanel', { name: 'Parcels' }).getByText('Opened again, label void').waitFor()
  await noViolations(page)
  await page.screenshot({ path: screenshotPath('en-light-unpacked-parcels'), fullPage: true })
  await page.getByRole('tab', { name: 'Timeline' }).click()
  await page.getByText('Unpacked').first().waitFor()
  await page.context().close()

  const phone = await signIn(browser, hub.url, WHO, { language: 'zh-CN', theme: 'dark' }, { viewport: PHONE, hasTouch: true })
  await phone.goto(`${hub.url}/work?nodeId=hz-1&scan=E-7`)
  await phone.getByRole('button', { name: '拆包' }).tap()
  const asked = phone.getByRole('dialog')
  await asked.getByText('UN-2').waitFor()
  await noViolations(phone)
  await phone.screenshot({ path: screenshotPath('zh-CN-dark-unpack-phone') })
  const answered = phone.waitForResponse((reply) => reply.url().endsWith('/unpack') && reply.request().method() === 'POST')
  await asked.getByRole('button', { name: '拆包' }).tap()
  assert.equal((await answered).status(), 200)
  assert.equal((await read(orderId)).at('lines.0.packed'), 0)
  await phone.context().close()
})
