import type { CDPSession, Page } from 'playwright-core'
import type { Sample } from './slope.ts'

/** Where the page is led between samples: every list and one order, and back to where it is measured. */
const WAY = ['o', 's', 'w', 'n'] as const
const LONG_TASKS = `
  globalThis.longTasks = { count: 0, ms: 0 }
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) { longTasks.count += 1; longTasks.ms += duration }
  }).observe({ type: 'longtask', buffered: true })`

/** Watches one open page: what it holds once everything that can be swept is swept. */
export class PageWatch {
  readonly #page: Page
  readonly #line: CDPSession

  private constructor(page: Page, line: CDPSession) {
    this.#page = page
    this.#line = line
  }

  static async of(page: Page): Promise<PageWatch> {
    const line = await page.context().newCDPSession(page)
    await line.send('Performance.enable')
    await line.send('HeapProfiler.enable')
    await page.evaluate(LONG_TASKS)
    return new PageWatch(page, line)
  }

  /** Goes round by the keyboard, as people do, without a reload. */
  async goRound(msEach: number): Promise<void> {
    for (const key of WAY) {
      await this.#page.keyboard.press('g')
      await this.#page.keyboard.press(key)
      await this.#page.locator('h1').first().waitFor()
      if (key === 'o') await this.#page.evaluate('scrollTo(0, 20000)')
      await this.#page.waitForTimeout(msEach)
    }
  }

  async sample(): Promise<Sample> {
    await this.#line.send('HeapProfiler.collectGarbage')
    const { metrics } = await this.#line.send('Performance.getMetrics')
    const of = (name: string): number => metrics.find((metric) => metric.name === name)?.value ?? 0
    const long = (await this.#page.evaluate('const was = longTasks; longTasks = { count: 0, ms: 0 }; was')) as { count: number; ms: number }
    return {
      heapMB: Math.round(of('JSHeapUsedSize') / 100_000) / 10,
      nodes: of('Nodes'),
      listeners: of('JSEventListeners'),
      longTasks: long.count,
      longestSumMs: Math.round(long.ms),
    }
  }
}
