/**
 * npm run bench:console [-- --orders 10000 --runs 5]: the console in a real Chromium against a hub of its own: frames while ten thousand
 * rows are scrolled, and how long a cold load takes to the first page that can be used. Figures only: nothing fails.
 */
import { parseArgs } from 'node:util'
import { DESK, launchBrowser, PHONE, signIn } from '../../test/support/browser.ts'
import { type Frames, scrollWork, type Work } from './frames.ts'
import { coldLoads } from './load.ts'
import { consoleWorld, placeMany, WHO } from './world.ts'

const { values } = parseArgs({ options: { orders: { type: 'string', default: '10000' }, runs: { type: 'string', default: '5' } } })
const orders = Number(values.orders)
const world = await consoleWorld(orders)
const browser = await launchBrowser()
try {
  const loads = await coldLoads(browser, world.api.url, Number(values.runs))
  console.table(loads)
  const frames: Record<string, Frames & Work & { readonly rows: number }> = {}
  for (const [name, viewport] of [
    ['desk', DESK],
    ['phone', PHONE],
  ] as const) {
    const page = await signIn(browser, world.api.url, WHO, { language: 'en', theme: 'light' }, { viewport })
    await page.goto(`${world.api.url}/orders`)
    await page.locator('.long tbody tr').nth(10).waitFor()
    const seen = () => console.log(`${name}: ${Object.keys(frames).length} ways scrolled, ${Math.round(performance.now() / 1000)} s`)
    const rows = async (): Promise<number> =>
      Number(await page.evaluate(`Math.round(document.querySelector('.long tbody').offsetHeight / 54)`))
    frames[`${name}: down, pages come`] = { ...(await scrollWork(page, 300, 1e9)), rows: await rows() }
    seen()
    frames[`${name}: up, 5 rows a frame`] = { ...(await scrollWork(page, -300, 150_000)), rows: await rows() }
    seen()
    frames[`${name}: down, 1 row a frame`] = { ...(await scrollWork(page, 54, 30_000)), rows: await rows() }
    const busy = placeMany(world.api, `B${name}`, 2000)
    frames[`${name}: the same, 2,000 orders come`] = { ...(await scrollWork(page, 54, 30_000)), rows: await rows() }
    await busy
    await page.context().close()
  }
  console.table(frames)
} finally {
  await browser.close()
  await world.stop()
}
