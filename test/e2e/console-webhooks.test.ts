import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, test } from 'node:test'
import { apiOf } from '../support/api.ts'
import { openBrowser, screenshotPath, signIn } from '../support/browser.ts'
import { count, orderOf, placed, putFirstWorld } from '../support/first-world.ts'
import { hubFolder, startHubProcess } from '../support/hub-process.ts'
import { violationsOf } from '../support/wcag.ts'

let status = 204
const receiver = createServer((request, response) => {
  request.resume()
  request.on('end', () => response.writeHead(status).end())
})
await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
after(() => {
  receiver.closeAllConnections()
  receiver.close()
})
const { port } = receiver.address() as AddressInfo
const hub = await startHubProcess({
  dataDir: hubFolder(),
  env: { FULCRUM_OUTBOUND_HOSTS: '127.0.0.1', FULCRUM_OUTBOUND_PRIVATE_RANGES: '127.0.0.0/8' },
})
const api = apiOf(hub.url)
await putFirstWorld(api)
await count(api, 'tea-500', 'sh-1', 100)
const WHO = { login: 'ops', password: 'a-long-password-1' }
assert.equal((await api('POST', '/v1/users', { ...WHO, name: 'Ops', role: 'admin' })).status, 201)
const browser = await openBrowser()

test('a webhook is made, its secret shown once, tried, and what failed is sent again', async () => {
  const page = await signIn(browser, hub.url, WHO, { language: 'en', theme: 'dark' })
  await page.goto(`${hub.url}/system`)
  await page.getByRole('tab', { name: 'Webhooks' }).click()
  await page.getByText('Nothing is sent on yet').waitFor()
  await page.getByRole('button', { name: 'New webhook' }).click()
  await page.getByLabel('Name').fill('ERP')
  await page.getByLabel('URL').fill(`http://127.0.0.1:${port}/in`)
  await page.getByRole('button', { name: 'Create' }).click()
  const secret = page.locator('.ant-modal', { hasText: 'The signing secret' })
  await secret.getByText(/^whsec_/).waitFor()
  await secret.getByRole('button', { name: 'Close' }).last().click()
  const row = page.locator('tr.ant-table-row', { hasText: 'ERP' })
  await row.getByRole('button', { name: 'Test' }).click()
  await page.getByText(/Answered 204 in/).waitFor()

  status = 500
  await placed(api, orderOf('W-1'))
  await row.getByRole('button', { name: 'Expand row' }).click()
  const failed = page.locator('tr.ant-table-row', { hasText: 'Order received' }).filter({ hasText: 'waiting' })
  for (let asked = 0; asked < 100 && (await failed.count()) === 0; asked++) {
    const answered = page.waitForResponse((response) => response.url().includes('/deliveries'))
    await page.getByRole('button', { name: 'Refresh' }).click()
    await answered
  }
  status = 204
  await failed.getByRole('button', { name: 'Send again' }).click()
  await page.locator('tr.ant-table-row', { hasText: 'Order received' }).filter({ hasText: 'delivered' }).waitFor({ timeout: 30_000 })
  assert.deepEqual(await violationsOf(page), [])
  await page.screenshot({ path: screenshotPath('en-dark-webhooks') })

  await row.getByRole('button', { name: 'Delete' }).click()
  await page.locator('.ant-popconfirm').getByRole('button', { name: 'Delete' }).click()
  await page.getByText('Nothing is sent on yet').waitFor()
  await page.context().close()
})
