import assert from 'node:assert/strict'
import { test } from 'node:test'
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
