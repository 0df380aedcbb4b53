import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { apiOf } from '../support/api.ts'
import { openBrowser, PHONE, screenshotPath, signIn } from '../support/browser.ts'
import { orderOf, placed, putFirstWorld } from '../support/first-world.ts'
import { hubFolder, startHubProcess } from '../support/hub-process.ts'
import { violationsOf } from '../support/wcag.ts'

const hub = await startHubProcess({ dataDir: hubFolder() })
const api = apiOf(hub.url)
await putFirstWorld(api)
const WHO = { login: 'ops', password: 'a-long-password-1' }
const OTHER = { login: 'lea', password: 'a-long-password-2' }
assert.equal((await api('POST', '/v1/users', { ...WHO, name: 'Ops', role: 'admin' })).status, 201)
assert.equal((await api('POST', '/v1/users', { ...OTHER, name: 'Lea', role: 'agent' })).status, 201)
const ids = new Map<string, string>()
for (const ref of ['B-1', 'B-2', 'B-3', 'B-4']) ids.set(ref, await placed(api, orderOf(ref)))
const phaseOf = async (ref: string) => (await api('GET', `/v1/orders/${ids.get(ref)}`)).at('phase')
const browser = await openBrowser()
const en = { language: 'en', theme: 'light' } as const

const choose = async (page: Page, ...refs: string[]) => {
  for (const ref of refs) await page.getByRole('checkbox', { name: `Choose order ${ref}` }).check()
}
const refsIn = (page: Page) => page.locator('a[href^="/orders/ord_"]').allInnerTexts()

test('chosen orders are held together, and cancelled after a look at what that touches; each row says what became of it', async () => {
  const page = await signIn(browser, hub.url, WHO, en)
  await page.goto(`${hub.url}/orders`)
  await page.getByRole('link', { name: 'B-4' }).waitFor()
  await choose(page, 'B-1', 'B-2')
  const bar = page.getByRole('toolbar', { name: 'What to do with the chosen orders' })
  await bar.getByText('2 chosen').waitFor()
  assert.equal(await bar.getByRole('button', { name: 'Release holds' }).isDisabled(), true, 'none of them is on hold')
  await bar.getByRole('button', { name: 'Hold', exact: true }).click()
  const dialog = page.locator('.ant-modal')
  await dialog.getByText('2 orders with 2 units.').waitFor()
  await dialog.getByRole('button', { name: 'Hold: 2' }).click()
  await dialog.getByText('2 done, 0 refused, 0 not tried').waitFor()
  assert.deepEqual([await phaseOf('B-1'), await phaseOf('B-2'), await phaseOf('B-3')], ['onHold', 'onHold', 'inFulfillment'])
  await dialog.getByRole('button', { name: 'Close' }).last().click()
  await bar.waitFor({ state: 'detached' })

  await choose(page, 'B-3', 'B-4')
  await bar.getByRole('button', { name: 'Cancel order' }).click()
  await dialog.getByText('It cannot be undone').waitFor()
  assert.deepEqual(await violationsOf(page), [])
  await page.screenshot({ path: screenshotPath('en-light-orders-bulk') })
  // Somebody else is faster with one of them: its version is another now.
  assert.equal((await api('POST', `/v1/orders/${ids.get('B-4')}/hold`, { reason: 'fraud' })).status, 200)
  await dialog.getByRole('button', { name: 'Cancel order: 2' }).click()
  await dialog.getByText('1 done, 1 refused, 0 not tried').waitFor()
  await dialog.getByText('Changed since it was read').waitFor()
  assert.deepEqual([await phaseOf('B-3'), await phaseOf('B-4')], ['cancelled', 'onHold'])
  await page.context().close()
})

test('a view is kept under a name, and its link shows somebody else the same list', async () => {
  const page = await signIn(browser, hub.url, WHO, en, { permissions: ['clipboard-read', 'clipboard-write'] })
  await page.goto(`${hub.url}/orders?phase=onHold&sort=oldest`)
  await page.getByRole('link', { name: 'B-1' }).waitFor()
  assert.deepEqual(await refsIn(page), ['B-1', 'B-2', 'B-4'])
  await page.getByRole('button', { name: 'Views' }).click()
  await page.getByRole('menuitem', { name: 'Save this view' }).click()
  await page.getByRole('textbox', { name: 'Name' }).fill('被挂起的，最早在前')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  const mine = page.getByRole('button', { name: '被挂起的，最早在前' })
  await mine.waitFor()
  await mine.click()
  await page.getByRole('menuitem', { name: 'Share or delete views' }).click()
  await page.getByRole('button', { name: 'Copy link' }).click()
  await page.getByText('The link is in the clipboard').waitFor()
  const link = String(await page.evaluate('navigator.clipboard.readText()'))
  await page.context().close()

  const theirs = await signIn(browser, hub.url, OTHER, { language: 'zh-CN', theme: 'dark' }, { viewport: PHONE })
  await theirs.goto(`${hub.url}${new URL(link).pathname}${new URL(link).search}`)
  await theirs.waitForURL(/phase=onHold/)
  await theirs.getByRole('link', { name: 'B-1' }).waitFor()
  assert.deepEqual(await refsIn(theirs), ['B-1', 'B-2', 'B-4'])
  assert.doesNotMatch(theirs.url(), /view=/)
  await choose1(theirs)
  assert.deepEqual(await violationsOf(theirs), [])
  assert.equal(await theirs.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth'), false)
  await theirs.screenshot({ path: screenshotPath('zh-CN-dark-orders-chosen-phone') })
  await theirs.context().close()
})
const choose1 = (page: Page) => page.getByRole('checkbox', { name: '选择订单 B-1' }).check()

test('what is filtered is written to a file that a spreadsheet reads', async () => {
  const page = await signIn(browser, hub.url, WHO, en)
  await page.goto(`${hub.url}/orders?phase=onHold&sort=oldest`)
  await page.getByRole('link', { name: 'B-1' }).waitFor()
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Export CSV' }).click()
  const lines = readFileSync(await (await download).path(), 'utf8')
    .trim()
    .split('\r\n')
  assert.deepEqual(
    lines.slice(1).map((line) => line.split(',')[2]),
    ['B-1', 'B-2', 'B-4'],
  )
  await page.context().close()
})

test('on a phone a list clips no reference, phase, amount, heading or button, in either language', async () => {
  const ref = '6900000596340000001'
  const payment = { kind: 'capture', method: 'card', amount: 11774170 }
  await placed(api, { ...orderOf(ref), lines: [{ lineRef: '1', sku: 'tea-500', quantity: 1, unitPrice: 11774170 }], payments: [payment] })
  for (const language of ['en', 'zh-CN'] as const) {
    const page = await signIn(browser, hub.url, WHO, { language, theme: 'light' }, { viewport: PHONE })
    for (const path of ['/orders', '/stock']) {
      await page.goto(`${hub.url}${path}`)
      await page.locator('.long tbody tr').first().waitFor()
      const clipped = await page.evaluate(`[...document.querySelectorAll('.long th, .long td')]
        .filter((cell) => cell.clientWidth > 0 && cell.scrollWidth > cell.clientWidth).map((cell) => cell.innerText)`)
      assert.deepEqual(clipped, [], `${language} ${path}`)
    }
    await page.goto(`${hub.url}/orders`)
    const row = page.locator('.long tbody tr', { has: page.getByRole('link', { name: ref }) })
    await row.getByText(language === 'en' ? 'CN¥117,741.70' : '¥117,741.70').waitFor()
    const phase = row.getByText(language === 'en' ? 'In fulfillment' : '履约中').filter({ visible: true })
    await phase.waitFor()
    await page.screenshot({ path: screenshotPath(`${language}-light-orders-long-phone`) })
    await page.context().close()
  }
})

test('what a program did stands under its key’s name for who may see the keys, and as a program’s for who may not', async () => {
  const orderId = await placed(api, orderOf('KEY-1'))
  const key = await api('POST', '/v1/keys', { name: 'ERP bridge', role: 'agent' })
  assert.equal(key.status, 201, key.text)
  assert.equal((await apiOf(hub.url, String(key.at('secret')))('POST', `/v1/orders/${orderId}/hold`, { reason: 'x' })).status, 200)
  for (const [who, name, other] of [
    [WHO, 'ERP bridge', 'a program'],
    [OTHER, 'a program', 'ERP bridge'],
  ] as const) {
    const page = await signIn(browser, hub.url, who, en)
    await page.goto(`${hub.url}/orders/${orderId}`)
    await page.getByRole('tab', { name: 'Timeline' }).click()
    const held = page.locator('.life li').first()
    await held.getByText(name, { exact: true }).waitFor()
    assert.equal(await held.getByText(other, { exact: true }).count(), 0)
    await page.context().close()
  }
})
