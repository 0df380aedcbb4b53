import assert from 'node:assert/strict'
import { test } from 'node:test'
import { shopify } from '../../server/connect/channels/fixtures.ts'
import { apiOf, at, listOf } from '../support/api.ts'
import { openBrowser, PHONE, screenshotPath, signIn } from '../support/browser.ts'
import { put, putFirstWorld } from '../support/first-world.ts'
import { hubFolder, startHubProcess } from '../support/hub-process.ts'
import { violationsOf } from '../support/wcag.ts'

const hub = await startHubProcess({ dataDir: hubFolder() })
const api = apiOf(hub.url)
await putFirstWorld(api)
await put(api, '/v1/channels', [{ channelId: 'shop-de', platform: 'shopify', name: 'Shop DE', zone: 'Europe/Berlin' }])
const skus = listOf(at(shopify(), 'line_items')).map((line) => String(at(line, 'sku')))
await put(
  api,
  '/v1/items',
  skus.map((sku) => ({ sku, name: sku, weightGrams: 300 })),
)
const password = 'a-long-password-1'
for (const role of ['admin', 'agent'] as const)
  assert.equal((await api('POST', '/v1/users', { login: `the-${role}`, password, name: role, role })).status, 201)
const browser = await openBrowser()

const [line] = listOf(at(shopify(), 'line_items'))
const kept = await api(
  'POST',
  '/v1/channels/shop-de/orders',
  JSON.stringify({ ...shopify(), id: 88_001, name: '#1088', line_items: [{ ...Object(line), price: 'ten' }] }),
)
assert.equal(kept.at('results.0.state'), 'inbox', kept.text)
const inboxId = String(kept.at('results.0.inboxId'))

test('a body that made no order is opened, the failing path is marked, and mended it becomes an order', async () => {
  const page = await signIn(browser, hub.url, { login: 'the-admin', password }, { language: 'en', theme: 'light' })
  await page.goto(`${hub.url}/system`)
  await page.getByRole('tab', { name: 'Error inbox' }).click()
  const row = page.locator('tr.ant-table-row')
  await row.getByText('line_items[0].price', { exact: true }).first().waitFor()
  await row.getByRole('button', { name: 'Open' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.locator('mark', { hasText: '"price": "ten"' }).waitFor()
  assert.equal(await dialog.locator('mark').count(), 1)
  assert.deepEqual(await violationsOf(page), [])
  await page.screenshot({ path: screenshotPath('en-light-inbox-body') })
  await page.setViewportSize(PHONE)
  await page.screenshot({ path: screenshotPath('en-light-inbox-body-phone') })
  await page.setViewportSize({ width: 1440, height: 900 })

  await dialog.getByRole('button', { name: 'Replay as it came' }).click()
  await dialog.getByText('Still no order').waitFor()
  await dialog.getByRole('button', { name: 'Correct it' }).click()
  const text = dialog.getByLabel('The corrected body')
  await text.fill((await text.inputValue()).replace('"ten"', '"10.00"'))
  await dialog.getByRole('button', { name: 'Replay as corrected' }).click()
  await dialog.waitFor({ state: 'hidden' })
  await page.locator('.ant-message').getByRole('button').click()
  await page.getByRole('heading', { name: '88001' }).waitFor()
  await page.context().close()

  const read = listOf((await api('GET', '/v1/events?types=body.read')).at('events'))
  assert.deepEqual(
    read.map((event) => at(at(event, 'subject'), 'id')),
    [inboxId],
  )
})

test('who may replay but not read a body sees what is wrong with it and no way to open it', async () => {
  const garbage = await api('POST', '/v1/channels/shop-de/orders', '{"not": ')
  assert.equal(garbage.at('results.0.state'), 'inbox', garbage.text)
  const page = await signIn(browser, hub.url, { login: 'the-agent', password }, { language: 'zh-CN', theme: 'dark' })
  await page.goto(`${hub.url}/system`)
  await page.getByRole('tab', { name: '错误收件箱' }).click()
  await page.getByText('报文不是 JSON').waitFor()
  await page.getByRole('button', { name: '重放' }).first().waitFor()
  assert.equal(await page.getByRole('button', { name: '打开' }).count(), 0)
  assert.deepEqual(await violationsOf(page), [])
  await page.screenshot({ path: screenshotPath('zh-CN-dark-inbox') })
  await page.context().close()
})
