import assert from 'node:assert/strict'
import { test } from 'node:test'
import { apiOf, at, listOf } from '../support/api.ts'
import { type Look, openBrowser, screenshotPath, signIn } from '../support/browser.ts'
import { ITEM, NODE, orderOf, placed, putFirstWorld } from '../support/first-world.ts'
import { hubFolder, startHubProcess } from '../support/hub-process.ts'
import { violationsOf } from '../support/wcag.ts'

const hub = await startHubProcess({ dataDir: hubFolder() })
const api = apiOf(hub.url)
await putFirstWorld(api)
const WHO = { login: 'ops', password: 'a-long-password-1' }
assert.equal((await api('POST', '/v1/users', { ...WHO, name: 'Ops', role: 'admin' })).status, 201)
const made = await api('POST', '/v1/users', { login: 'mai', password: 'a-long-password-2', name: 'Mai', role: 'agent' })
assert.equal(made.status, 201)
const browser = await openBrowser()
const en: Look = { language: 'en', theme: 'light' }
const mai = async () => listOf((await api('GET', '/v1/users?limit=200')).at('items')).find((one) => at(one, 'login') === 'mai')

test('a person is given another role and reach, and it is taken back with one press', async () => {
  const page = await signIn(browser, hub.url, WHO, en)
  await page.goto(`${hub.url}/system`)
  await page.getByRole('tab', { name: 'Users' }).click()
  const row = page.locator('tr.ant-table-row', { hasText: 'Mai' })
  await row.getByRole('button', { name: 'Change' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Role').click()
  await page.getByTitle('floor', { exact: true }).click()
  await dialog.getByLabel('Nodes').click()
  await page.getByTitle(NODE.name, { exact: true }).last().click()
  await page.keyboard.press('Escape')
  await page.screenshot({ path: screenshotPath('en-light-change-user') })
  await dialog.getByRole('button', { name: 'Save' }).click()
  await row.getByText('floor').waitFor()
  assert.deepEqual([at(await mai(), 'role'), at(await mai(), 'scope')], ['floor', { nodes: ['sh-1'] }])
  await page.getByRole('button', { name: 'Undo' }).click()
  await row.getByText('agent').waitFor()
  assert.deepEqual([at(await mai(), 'role'), at(await mai(), 'scope')], ['agent', {}])
  await page.context().close()
})

test('a correction of stock is taken back by a move the other way', async () => {
  const onHand = async () => at(listOf((await api('GET', '/v1/stock?sku=tea-500')).at('items'))[0], 'onHand')
  const before = Number(await onHand())
  const page = await signIn(browser, hub.url, WHO, en)
  await page.goto(`${hub.url}/stock?sku=tea-500`)
  await page.getByRole('button', { name: 'Adjust' }).click()
  await page.getByLabel('Units more (or less)').fill('-3')
  await page.getByText(`On hand ${before} → ${before - 3}`).waitFor()
  await page.getByRole('dialog').getByRole('button', { name: 'Adjust' }).click()
  await page.getByText(`${ITEM.name} -3`).waitFor()
  assert.equal(await onHand(), before - 3)
  await page.getByRole('button', { name: 'Undo' }).click()
  await page.getByText('Undone').waitFor()
  assert.equal(await onHand(), before)
  await page.context().close()
})

test('the keyboard tells what it does: ? shows the shortcuts, and a tracking number leads to its order', async () => {
  const orderId = await placed(api, orderOf('H-1'))
  const work = String((await api('GET', `/v1/orders/${orderId}`)).at('fulfillmentOrders.0.fulfillmentOrderId'))
  const parcels = [{ trackingNo: 'TRK-77', weightGrams: 500 }]
  for (const [action, body] of [
    ['start', {}],
    ['pick', {}],
    ['pack', { parcels }],
  ] as const) {
    const reply = await api('POST', `/v1/fulfillment-orders/${work}/${action}`, body)
    assert.equal(reply.status, 200, reply.text)
  }
  const page = await signIn(browser, hub.url, WHO, en)
  await page.getByRole('heading', { name: 'Now' }).waitFor()
  await page.keyboard.press('?')
  const help = page.getByRole('dialog', { name: 'Keyboard shortcuts' })
  await help.getByText('Search and do').waitFor()
  assert.deepEqual(await violationsOf(page), [])
  await page.screenshot({ path: screenshotPath('en-light-shortcuts') })
  await page.keyboard.press('Escape')
  await help.waitFor({ state: 'hidden' })
  await page.keyboard.press('Control+k')
  await page.getByRole('textbox', { name: 'Go to or do' }).fill('TRK-77')
  await page.keyboard.press('Enter')
  await page.getByRole('link', { name: 'H-1', exact: true }).waitFor()
  await page.getByText('1 line, 1 unit').first().waitFor()
  await page.context().close()
})
