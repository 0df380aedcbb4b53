import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { createClient } from '../../contract/client.ts'
import { HubApi } from '../../simulator/run/hub-api.ts'
import { LiveWorld, STEP, windowsOf } from '../../simulator/run/live-world.ts'
import { seedWorld } from '../../simulator/run/seed-world.ts'
import { worldOf } from '../../simulator/world/world.ts'
import { ADMIN_KEY } from '../support/admin-key.ts'
import { openBrowser, signIn } from '../support/browser.ts'
import { hubFolder, startHubProcess } from '../support/hub-process.ts'
import { exceptionIn } from '../support/recount.ts'

const SEED = 11
const HOUR = 3_600_000
const CALLS_MAX = 16
/** Times the hour's usual demand: some two hundred orders. */
const CROWD = 6
/** Looks in a row that find nothing new. */
const STILL = 4
const LOOKS_MAX = 240
const WHO = { login: 'ops', password: 'a-long-password-1' }

const hub = await startHubProcess({ dataDir: hubFolder(), args: ['--driven'] })
const client = createClient({ baseUrl: hub.url, key: ADMIN_KEY, newKey: () => crypto.randomUUID(), retriesMax: 8 })
const browser = await openBrowser()
/** As the page writes them in English. */
const format = {
  number: (value: number) => new Intl.NumberFormat('en').format(value),
  percent: (share: number) => new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 1 }).format(share),
  money: (minor: number, currency: string) => new Intl.NumberFormat('en', { style: 'currency', currency }).format(minor / 100),
  grams: (grams: number) => (grams >= 1000 ? `${format.number(Math.round(grams / 100) / 10)} kg` : `${format.number(Math.round(grams))} g`),
} as const

type Event = Awaited<ReturnType<typeof eventsAfter>>[number]
async function eventsAfter(after: string | undefined) {
  const found = []
  for (let cursor = after; ;) {
    const page = await client.call('event.list', { query: { limit: 1000, ...(cursor === undefined ? {} : { after: cursor }) } })
    found.push(...page.events)
    cursor = page.cursor
    if (!page.more) return found
  }
}

/** Everything that was written, once nothing is written any more and the report has counted all of it. */
async function logAtRest(): Promise<readonly Event[]> {
  const log: Event[] = []
  const to = new Date(Date.now() + 86_400_000).toISOString()
  let still = 0
  for (let look = 0; look < LOOKS_MAX; look++) {
    const fresh = await eventsAfter(log.at(-1)?.cursor)
    log.push(...fresh)
    const { behind } = await client.call('report.overview', { query: { from: new Date(Date.now() - 86_400_000).toISOString(), to } })
    still = fresh.length === 0 && behind === 0 ? still + 1 : 0
    if (still === STILL) return log
    await new Promise((resolve) => setTimeout(resolve, 250))
  }
  throw new Error(
    `the hub does not come to rest; last written: ${log
      .slice(-5)
      .map((event) => event.type)
      .join(', ')}`,
  )
}

/** An hour of the world, then time stands still and nobody buys. */
async function liveAnHour(): Promise<void> {
  const world = worldOf(SEED)
  const clock = await client.call('demo.moveClock', { body: { rate: 0 } })
  await seedWorld(client, world, Date.parse(clock.at))
  const api = new HubApi({ url: hub.url, key: ADMIN_KEY, callsMax: CALLS_MAX, onTrouble: (message) => assert.fail(message) })
  let serial = 0
  const people = new LiveWorld(world, api, { crowd: CROWD, isLevel: true, serial: () => ++serial })
  const start = Math.ceil(Date.parse(clock.at) / STEP) * STEP
  let at = Date.parse(clock.at)
  for (const window of windowsOf({ from: start, to: start + HOUR })) {
    at = Date.parse((await client.call('demo.moveClock', { body: { advanceSeconds: Math.ceil((window.to - at) / 1000) } })).at)
    await people.live(window)
  }
}

async function allOf<T>(
  ask: (cursor: string | undefined) => Promise<{ readonly items: readonly T[]; readonly next?: string }>,
): Promise<T[]> {
  const all: T[] = []
  for (let cursor: string | undefined; ;) {
    const page = await ask(cursor)
    all.push(...page.items)
    if (page.next === undefined) return all
    cursor = page.next
  }
}
const from = (cursor: string | undefined) => (cursor === undefined ? {} : { cursor })
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
const tally = (values: readonly string[]): Record<string, number> => {
  const counts: Record<string, number> = {}
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1
  return counts
}
const numberIn = (text: string | undefined): number => Number((text ?? '').replaceAll(',', ''))

type Overview = Awaited<ReturnType<typeof client.call<'overview.get'>>>
type Report = Awaited<ReturnType<typeof client.call<'report.overview'>>>
type Summary = Awaited<ReturnType<typeof client.call<'order.list'>>>['items'][number]
const STEPS = ['placed', 'accepted', 'taken', 'started', 'packed', 'handedOver', 'delivered'] as const
const OVER = ['complete', 'cancelled']
const FULFILLED = ['inTransit', 'delivered', 'inAfterSales', 'complete']

test('A seeded hour of the living world leaves the console’s numbers equal to the API’s', async (t) => {
  await client.call('user.create', { body: { ...WHO, name: 'Ops', role: 'admin' } })
  await liveAnHour()
  const log = await logAtRest()
  const orders = await allOf((cursor) => client.call('order.list', { query: { limit: 200, ...from(cursor) } }))
  assert.ok(orders.length > 60, `${orders.length} orders`)
  const page = await signIn(browser, hub.url, WHO, { language: 'en', theme: 'light' })
  await t.test('Now, and a recount of its phases from the orders', () => now(page, orders))
  await t.test('Overview, and a recount of it from orders and log', () => overview(page, orders, log))
  await t.test('Orders: as many rows as the hub has orders', () => orderRows(page, orders.length))
  await t.test('Tasks: as many as are open', () => taskRows(page))
  await t.test('Stock of what was bought most, and a recount of what orders hold of it', () => stockRows(page, orders))
  assert.deepEqual(await logAtRest(), log, 'nothing was written while it was looked at')
  await page.context().close()
})

async function now(page: Page, orders: readonly Summary[]): Promise<void> {
  const said: Overview = await client.call('overview.get', {})
  const counted = tally(orders.map((order) => order.phase).filter((phase) => !OVER.includes(phase)))
  assert.deepEqual(Object.fromEntries(said.phases.map(({ phase, orders: n }) => [phase, n]).filter(([, n]) => n !== 0)), counted)
  await page.goto(`${hub.url}/now`)
  await page.locator('.funnel.shares').waitFor()
  const tiles = await page.locator('.tiles .ant-statistic-content').allInnerTexts()
  const open = sum(said.phases.filter(({ phase }) => phase !== 'delivered').map((one) => one.orders))
  const rate = Math.round((said.lastHour.placed / 60) * 10) / 10
  const kept = said.lastDay.keptRate
  assert.deepEqual(tiles, [
    ...[open, rate].map(format.number),
    kept === undefined ? '–' : format.percent(kept),
    ...[said.late, said.overdueWork].map(format.number),
  ])
  const cells = await page.locator('.funnel.shares > *').allInnerTexts()
  const shown = cells.filter((_, i) => i % 4 === 2).map(Number)
  assert.deepEqual(
    shown.filter((n) => n > 0).toSorted((a, b) => a - b),
    Object.values(counted).toSorted((a, b) => a - b),
  )
  assert.deepEqual(
    (await page.locator('ol.steps li strong').allInnerTexts()).map(numberIn),
    STEPS.map((step) => said.lastHour[step]),
  )
  const backlog = (await page.locator('.funnel:not(.shares) > .num').allInnerTexts()).map((text) => numberIn(text.split(' ')[0]))
  assert.deepEqual(
    backlog,
    said.backlog.slice(0, 10).map((one) => one.open),
  )
}

async function overview(page: Page, orders: readonly Summary[], log: readonly Event[]): Promise<void> {
  const asking = page.waitForResponse((response) => response.url().includes('/v1/reports/overview'))
  await page.goto(`${hub.url}/overview`)
  const query = Object.fromEntries(new URL((await asking).url()).searchParams) as { from: string; to: string }
  const said: Report = await client.call('report.overview', { query })
  const { range, currency } = said
  const own = orders.filter(({ placedAt }) => placedAt >= range.from && placedAt < range.to)
  assert.deepEqual(
    [range.placed, range.fulfilled, range.cancelled],
    [own.length, own.filter(({ phase }) => FULFILLED.includes(phase)).length, own.filter(({ phase }) => phase === 'cancelled').length],
  )
  assert.equal(range.exceptions, log.filter((event) => exceptionIn(event) !== undefined).length)
  await page.locator('.tile-value').first().waitFor()
  const share = (value: number | undefined): string => (value === undefined ? '–' : format.percent(value))
  const mean = (value: number | undefined, say: (value: number) => string): string => (value === undefined ? '–' : say(value))
  assert.deepEqual(await page.locator('.tile-value').allInnerTexts(), [
    share(range.fulfilmentRate),
    share(range.keptRate),
    `${format.number(range.placed)} orders`,
    `${format.number(range.exceptions)} ${range.exceptions === 1 ? 'exception' : 'exceptions'}`,
    mean(range.cost?.mean, (minor) => format.money(minor, currency)),
    mean(range.co2e.meanGrams, format.grams),
  ])
}

async function orderRows(page: Page, count: number): Promise<void> {
  await page.goto(`${hub.url}/orders`)
  await page.locator('.long tbody tr.opens').first().waitFor()
  await page.evaluate(`new Promise((done) => {
    const look = () => {
      scrollTo(0, document.body.scrollHeight)
      if (document.querySelector('.long-end').getAttribute('aria-busy') === 'false') done()
      else requestAnimationFrame(look)
    }
    look()
  })`)
  assert.equal(await page.locator('.long-end').innerText(), `That is all: ${count} rows`)
}

async function taskRows(page: Page): Promise<void> {
  const tasks = await allOf((cursor) => client.call('task.list', { query: { limit: 200, ...from(cursor) } }))
  await page.goto(`${hub.url}/tasks`)
  await page.locator('.task-list li, .ant-empty').first().waitFor()
  for (const more = page.getByRole('button', { name: 'More' }); (await more.count()) > 0;) await more.click()
  assert.equal(await page.locator('.task-list > li').count(), tasks.length)
}

async function stockRows(page: Page, orders: readonly Summary[]): Promise<void> {
  const whole = []
  for (const { orderId } of orders) whole.push(await client.call('order.get', { params: { orderId } }))
  const lines = whole.flatMap((order) => order.lines.filter((line) => line.isDigital !== true))
  const [sku = ''] = Object.entries(tally(lines.map((line) => line.sku))).toSorted((a, b) => b[1] - a[1])[0] ?? []
  const positions = await allOf((cursor) => client.call('stock.list', { query: { sku, limit: 200, ...from(cursor) } }))
  const held = lines.filter((line) => line.sku === sku).map((line) => line.reserved - line.shipped)
  assert.equal(sum(positions.map(({ soft, firm, committed }) => soft + firm + committed)), sum(held))
  await page.goto(`${hub.url}/stock?sku=${encodeURIComponent(sku)}`)
  await page.locator('.long tbody tr').first().waitFor()
  const { available } = await client.call('availability.get', { query: { sku } })
  assert.equal(numberIn((await page.locator('.ant-statistic-content-value').first().innerText()).trim()), available)
  const rows = new Set<string>()
  for (let y = 0; rows.size < positions.length && y < positions.length * 54 + 2000; y += 400) {
    await page.evaluate(`new Promise((done) => { scrollTo(0, ${y}); requestAnimationFrame(() => requestAnimationFrame(done)) })`)
    for (const row of await page.locator('.long tbody tr:not(.space)').all())
      rows.add((await row.locator('td').allInnerTexts()).slice(1, 8).join('|'))
  }
  const names = new Map(
    (await allOf((cursor) => client.call('node.list', { query: { limit: 200, ...from(cursor) } }))).map((node) => [node.nodeId, node.name]),
  )
  assert.deepEqual(
    [...rows].toSorted(),
    positions
      .map((one) =>
        [
          names.get(one.nodeId) ?? one.nodeId,
          ...[one.onHand, one.soft, one.firm, one.committed, one.safety, one.available].map(format.number),
        ].join('|'),
      )
      .toSorted(),
  )
}
