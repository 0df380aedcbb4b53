import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { permissionsOfRole, roles } from '../../contract/access.ts'
import { apiOf } from '../support/api.ts'
import { DESK, openBrowser, PHONE, screenshotPath, signIn } from '../support/browser.ts'
import { count, orderOf, placed, put, putFirstWorld } from '../support/first-world.ts'
import { hubFolder, startHubProcess } from '../support/hub-process.ts'
import { violationsOf } from '../support/wcag.ts'

const hub = await startHubProcess({ dataDir: hubFolder() })
const api = apiOf(hub.url)
await putFirstWorld(api)
await put(api, '/v1/items', [{ sku: 'oil-1', name: '橄榄油' }])
await count(api, 'oil-1', 'sh-1', 2)
await put(api, '/v1/accounts', [{ accountId: 'corp-7', name: '蓝门商贸', currency: 'CNY', creditLimit: 1_000_000 }])
await put(api, '/v1/compliance-rules', [
  {
    ruleId: 'few-oil',
    name: { en: 'Little oil a customer', 'zh-CN': '每人限购食用油' },
    match: { skus: ['oil-1'] },
    demand: { maxQuantity: 1 },
    action: 'review',
  },
])
const OPS = { login: 'ops', password: 'a-long-password-1' }
assert.equal((await api('POST', '/v1/users', { ...OPS, name: '运营', role: 'admin' })).status, 201)
const browser = await openBrowser()

const told = await placed(api, {
  ...orderOf('W-1', { sku: 'oil-1', quantity: 2 }),
  accountId: 'corp-7',
  customer: { customerRef: 'c-1' },
  note: '请放门口\n勿按门铃',
  documents: ['prescription'],
  attributes: { tradeType: 'fixed', 'gift-wrap': true },
})

/** Work at a node, which pages would lead to. */
const worked = await placed(api, { ...orderOf('W-2'), customer: { customerRef: 'c-1' } })

async function opened(path: string, language: 'en' | 'zh-CN', options = {}): Promise<Page> {
  const page = await signIn(browser, hub.url, OPS, { language, theme: 'light' }, options)
  await page.goto(`${hub.url}${path}`)
  await page.locator('h1').first().waitFor()
  await page.locator('.ant-skeleton').first().waitFor({ state: 'detached' })
  return page
}

for (const [language, words] of [
  ['en', ['Little oil a customer', 'at most 1 unit', 'What came with it', 'Papers', 'Kind of trade', 'gift-wrap']],
  ['zh-CN', ['每人限购食用油', '最多 1 件', '随单信息', '证明文件', '交易类型', 'gift-wrap']],
] as const)
  test(`${language}: an order shows what was said beside the sale, and in words what a check found`, async () => {
    const page = await opened(`/orders/${told}`, language)
    for (const word of words) await page.getByText(word).first().waitFor()
    const text = String(await page.locator('main').innerText())
    for (const word of ['请放门口\n勿按门铃', 'prescription', 'fixed', '蓝门商贸']) assert.ok(text.includes(word), word)
    for (const raw of ['{', 'few-oil', 'corp-7', 'lineRefs']) assert.ok(!text.includes(raw), raw)
    assert.deepEqual(await violationsOf(page), [])
    await page.screenshot({ path: screenshotPath(`${language}-light-order-said`), fullPage: true })
    await page.goto(`${hub.url}/orders`)
    await page.getByText('蓝门商贸').waitFor()
    await page.context().close()
  })

for (const [language, sentence] of [
  ['en', 'Login or password is wrong'],
  ['zh-CN', '登录名或密码错误'],
] as const)
  test(`${language}: a refused log-in is said once, in the reader’s language`, async () => {
    const context = await browser.newContext({ locale: language })
    const page = await context.newPage()
    await page.goto(hub.url)
    await page.locator('input[autocomplete=username]').fill('ops')
    await page.locator('input[autocomplete=current-password]').fill('not-the-password')
    await page.locator('button[type=submit]').click()
    const alert = page.locator('.ant-alert-error')
    await alert.getByText(sentence).waitFor()
    const said = await alert.innerText()
    assert.equal(said.toLowerCase().split(sentence.toLowerCase()).length, 2, said)
    assert.ok(language === 'en' || !/password/.test(said), said)
    await context.close()
  })

const scopes: Readonly<Record<string, object>> = {
  customer: { customer: { channelId: 'shop-cn', customerRef: 'c-1' } },
  carrier: { carriers: ['sf'] },
  floor: { nodes: ['sh-1'] },
}

const HAN = /\p{Script=Han}/u
for (const language of ['en', 'zh-CN'] as const)
  for (const [size, viewport] of [
    ['wide', DESK],
    ['phone', PHONE],
  ] as const)
    test(`${language}, ${size}: what the hub refuses is told in the reader’s language, with the rule, wherever it is told`, async () => {
      const isZh = language === 'zh-CN'
      const speaks = (said: string) => assert.equal(HAN.test(said), isZh, said)
      const orderId = await placed(api, orderOf(`R-${language}-${size}`))

      // Somebody else is faster each time: what the page asks for then is refused by the hub itself.
      const page = await opened(`/orders/${orderId}`, language, { viewport })
      await page.route(`**/v1/orders/${orderId}/hold`, async (route) => {
        assert.equal((await api('POST', `/v1/orders/${orderId}/hold`, { reason: 'fraud' })).status, 200)
        await route.continue()
      })
      await page.getByRole('button', { name: isZh ? /^挂\s?起$/ : 'Hold' }).click()
      const dialog = page.getByRole('dialog')
      await dialog.getByRole('button', { name: isZh ? /^挂\s?起$/ : 'Hold' }).click()
      const alert = dialog.locator('.ant-alert-error')
      await alert.getByText(isZh ? /^当前为第 \d+ 版$/ : /^it is at version \d+$/).waitFor()
      await alert.getByText(isZh ? 'If-Match 必须为当前版本。' : 'If-Match must name the version that is current.').waitFor()
      speaks(await alert.innerText())
      if (size === 'wide') assert.deepEqual(await violationsOf(page), [])
      await page.screenshot({ path: screenshotPath(`${language}-${size}-refused-action`) })
      assert.equal((await api('POST', `/v1/orders/${orderId}/release`, {})).status, 200)

      await page.goto(`${hub.url}/work`)
      await page.route('**/v1/fulfillment-orders/*/*', async (route) => {
        const { pathname } = new URL(route.request().url())
        if (route.request().method() === 'POST') assert.equal((await api('POST', pathname, {})).status, 200)
        await route.continue()
      })
      await page
        .getByRole('button', { name: isZh ? /^(接\s?单|开始拣货)$/ : /^(Accept|Start picking)$/ })
        .first()
        .click()
      const toast = page.locator('.ant-message-error')
      await toast.waitFor()
      speaks(await toast.innerText())
      await page.screenshot({ path: screenshotPath(`${language}-${size}-refused-work`), animations: 'disabled' })

      // The page believes that a carrier may read tasks; the hub knows better.
      await page.unrouteAll()
      const who = { login: `carrier-${language}-${size}`.toLowerCase(), password: 'a-long-password-9' }
      assert.equal((await api('POST', '/v1/users', { ...who, name: '顺丰', role: 'carrier', scope: scopes['carrier'] })).status, 201)
      const other = await signIn(browser, hub.url, who, { language, theme: 'light' }, { viewport })
      await other.route('**/v1/sessions/current', async (route) => {
        const answer = await route.fetch()
        const session = (await answer.json()) as object
        await route.fulfill({ response: answer, json: { ...session, permissions: permissionsOfRole.admin } })
      })
      await other.goto(`${hub.url}/tasks`)
      const nothing = other.locator('main .ant-empty').first()
      await nothing.getByText(isZh ? '需要权限' : 'needs the permission').waitFor()
      speaks(await nothing.innerText())
      await other.screenshot({ path: screenshotPath(`${language}-${size}-refused-page`) })
      await page.context().close()
      await other.context().close()
    })

for (const role of roles)
  test(`${role}: nothing on a page leads to a page that the role may not see, and nodes, channels, carriers and who did it have names`, async () => {
    const who = { login: `reader-${role}`, password: 'a-long-password-9' }
    const made = await api('POST', '/v1/users', { ...who, name: role, role, scope: scopes[role] ?? {} })
    assert.equal(made.status, 201, made.text)
    const page = await signIn(browser, hub.url, who, { language: 'en', theme: 'light' })
    const own = await page.locator('header nav a').evaluateAll((links) => links.map((link) => link.getAttribute('href') ?? ''))
    const dead: string[] = []
    for (const path of ['/now', '/orders', `/orders/${told}`, `/orders/${worked}`, '/tasks']) {
      if (!own.some((one) => path.startsWith(one))) continue
      await page.goto(`${hub.url}${path}`)
      await page.locator('h1, .ant-empty').first().waitFor()
      await page.locator('.ant-skeleton').first().waitFor({ state: 'detached' })
      const links = await page.locator('main a[href]').evaluateAll((all) => all.map((link) => link.getAttribute('href') ?? ''))
      dead.push(
        ...links.filter((link) => link.startsWith('/') && !own.some((one) => link.startsWith(one))).map((link) => `${path} → ${link}`),
      )
      const text = await page.locator('main').innerText()
      for (const raw of ['sh-1', 'default ·', 'hidden']) if (text.includes(raw)) dead.push(`${path}: ${raw}`)
      for (const tab of await page.getByRole('tab', { name: /^(Parcels|Why these nodes|Timeline)$/ }).all()) {
        await tab.click()
        await page.locator('.ant-skeleton').first().waitFor({ state: 'detached' })
        const shown = await page.getByRole('tabpanel').innerText()
        for (const raw of ['sh-1', 'hidden', 'No node has been chosen'])
          if (shown.includes(raw)) dead.push(`${path} ${await tab.innerText()}: ${raw}`)
      }
    }
    await page.context().close()
    assert.deepEqual(dead, [])
  })

for (const language of ['en', 'zh-CN'] as const)
  test(`${language}: all nine pages of the demo stand beside each other on a phone, and a node’s state is seen without moving its list`, async () => {
    const page = await opened('/now', language, { viewport: PHONE })
    await page.route('**/v1/sessions/current', async (route) => {
      const answer = await route.fetch()
      await route.fulfill({ response: answer, json: { ...((await answer.json()) as object), demo: true } })
    })
    await page.goto(`${hub.url}/network`)
    const places = page.locator('header nav a')
    await places.nth(8).waitFor()
    const ends = await places.evaluateAll((links) => links.map((link) => link.getBoundingClientRect().right))
    assert.equal(ends.length, 9)
    assert.ok(
      ends.every((end) => end <= PHONE.width),
      ends.join(' '),
    )
    await page.locator('tbody .ant-tag').first().waitFor()
    const right = await page
      .locator('tbody .ant-tag')
      .first()
      .evaluate((tag) => tag.getBoundingClientRect().right)
    assert.ok(right <= PHONE.width, String(right))
    await page.context().close()
  })
