import type { Browser, BrowserContextOptions } from 'playwright-core'
import { DESK, PHONE, signIn } from '../../test/support/browser.ts'
import { WHO } from './world.ts'

export type Load = { readonly [what in 'firstPaintMs' | 'nowVisibleMs' | 'usableMs' | 'kB' | 'requests']: number }

/** Cold loads of `/` by somebody signed in: an empty cache each time, medians. Usable: Now is drawn and the main thread is idle. */
export async function coldLoads(browser: Browser, url: string, runs: number): Promise<Record<string, Load>> {
  const loads: Record<string, Load> = {}
  for (const [name, viewport] of [
    ['desk', DESK],
    ['phone', PHONE],
  ] as const) {
    const signedIn = await signIn(browser, url, WHO, { language: 'en', theme: 'light' }, { viewport })
    const storageState = await signedIn.context().storageState()
    await signedIn.context().close()
    const all: Load[] = []
    for (let run = 0; run < runs; run++) all.push(await coldLoad(browser, url, { viewport, storageState }))
    loads[name] = medians(all)
  }
  return loads
}

async function coldLoad(browser: Browser, url: string, options: BrowserContextOptions): Promise<Load> {
  const context = await browser.newContext(options)
  const page = await context.newPage()
  await page.goto(url, { waitUntil: 'commit' })
  await page.locator('h1').first().waitFor()
  await page.locator('.funnel').first().waitFor()
  const seen = Number(await page.evaluate('performance.now()'))
  const usable = Number(await page.evaluate('new Promise((done) => requestIdleCallback(() => done(performance.now())))'))
  const paint = Number(await page.evaluate(`performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0`))
  const sent = (await page.evaluate(`performance.getEntriesByType('resource').map((one) => one.transferSize)`)) as number[]
  await context.close()
  const [firstPaintMs, nowVisibleMs, usableMs] = [paint, seen, usable].map(Math.round) as [number, number, number]
  return { firstPaintMs, nowVisibleMs, usableMs, kB: Math.round(sent.reduce((a, b) => a + b, 0) / 1000), requests: sent.length }
}

function medians(all: readonly Load[]): Load {
  const middle = (of: (load: Load) => number): number => all.map(of).toSorted((a, b) => a - b)[Math.floor(all.length / 2)] ?? 0
  return {
    firstPaintMs: middle((load) => load.firstPaintMs),
    nowVisibleMs: middle((load) => load.nowVisibleMs),
    usableMs: middle((load) => load.usableMs),
    kB: middle((load) => load.kB),
    requests: middle((load) => load.requests),
  }
}
