import assert from 'node:assert/strict'
import { test } from 'node:test'
import { apiOf, listOf } from '../support/api.ts'
import { openBrowser, PHONE, screenshotPath, signIn } from '../support/browser.ts'
import { hubFolder, startHubProcess } from '../support/hub-process.ts'
import { violationsOf } from '../support/wcag.ts'

const hub = await startHubProcess({ dataDir: hubFolder(), args: [] })
const password = /demo log-ins\s+password (\S+)/.exec(hub.output())?.[1] ?? ''
const browser = await openBrowser()

test('a visitor turns the demo’s time, breaks something, finds its order, and sees it with a customer’s eyes', async () => {
  const api = apiOf(hub.url)
  for (const giveUpAt = Date.now() + 300_000; Date.now() < giveUpAt;) {
    if (listOf((await api('GET', '/v1/orders?limit=200')).at('items')).length > 30) break
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  const page = await signIn(browser, hub.url, { login: 'demo-admin', password }, { language: 'en', theme: 'light' })
  await page.keyboard.press('g')
  await page.keyboard.press('d')
  await page.getByRole('heading', { name: 'The demo’s world' }).waitFor()
  assert.deepEqual(await violationsOf(page), [])

  const before = Date.parse(String((await api('GET', '/v1/demo/clock')).at('at')))
  await page.getByRole('button', { name: '+ 1 hour' }).click()
  await page.getByRole('button', { name: 'Move time on' }).click()
  await page.locator('.ant-popconfirm').waitFor({ state: 'hidden' })
  await page.locator('.ant-btn-loading').waitFor({ state: 'detached', timeout: 60_000 })
  assert.ok(Date.parse(String((await api('GET', '/v1/demo/clock')).at('at'))) >= before + 3_600_000)

  await page.getByRole('button', { name: 'Make it happen: Wrong total' }).click()
  const made = page.locator('.made li', { hasText: 'Wrong total' })
  await made.getByText('happened').waitFor({ timeout: 300_000 })
  await made.getByText('the stated total is 10.00 more than the lines give').waitFor()
  const note = (await api('GET', '/v1/demo/troubles')).at('items.0.note')
  assert.deepEqual(note, { en: 'the stated total is 10.00 more than the lines give', zh: '报文总额比明细合计多 10.00' })
  await page.screenshot({ path: screenshotPath('en-light-demo') })
  await page.setViewportSize(PHONE)
  await page.screenshot({ path: screenshotPath('en-light-demo-phone') })
  assert.equal(await page.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth'), false)
  await page.setViewportSize({ width: 1440, height: 900 })
  await made.getByRole('link').first().click()
  await page.locator('.head').getByText('Awaiting review').waitFor()

  await page.getByRole('button', { name: 'Demo admin' }).click()
  await page.getByRole('menuitem', { name: 'See it as another role' }).click()
  await page.getByRole('radio', { name: 'customer' }).check()
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'See it so' }).click()
  await page.getByRole('button', { name: 'Demo customer' }).waitFor()
  await page.getByText('There is no such order').waitFor()
  assert.equal(await page.getByRole('link', { name: 'Demo', exact: true }).count(), 0)
  await page.context().close()
})
