import type { CDPSession, Page } from 'playwright-core'
import type { Sample } from './slope.ts'

/** Where the page is led between samples: lists, reports, work, and back to where it is measured. */
const WAY = [
  ['o', '/orders'],
  ['s', '/stock'],
  ['w', '/work'],
  ['v', '/overview'],
  ['n', '/now'],
] as const
const ARRIVED_MS = 60_000
/** As a hand does: faster keys are a scanner's. */
const BETWEEN_KEYS_MS = 200
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

  /** Goes round by the keyboard, as people do, without a reload. Throws where a page is not reached: a log-in page is flat as well. */
  async goRound(msEach: number): Promise<void> {
    for (const [key, path] of WAY) {
      await this.#go(key, path)
      if (path === '/orders') await this.#page.evaluate('scrollTo(0, 20000)')
      await this.#page.waitForTimeout(msEach)
    }
  }

  /** To where it is measured, from wherever a spoilt round left it. */
  goHome(): Promise<void> {
    return this.#go('n', '/now')
  }

  async #go(key: string, path: string): Promise<void> {
    await this.#page.keyboard.press('g')
    await this.#page.waitForTimeout(BETWEEN_KEYS_MS)
    await this.#page.keyboard.press(key)
    await this.#page.waitForURL((url) => url.pathname === path, { timeout: ARRIVED_MS })
    await this.#page.locator('header nav').waitFor({ timeout: ARRIVED_MS })
  }

  /** Twice: what only finalizers and weak maps still held goes with the second. */
  async #sweep(): Promise<void> {
    for (let time = 0; time < 2; time++) {
      await this.#line.send('HeapProfiler.collectGarbage')
      await this.#page.evaluate('new Promise((done) => setTimeout(done))')
    }
  }

  /** All that the page holds, as the browser's own tools open and compare it. */
  async snapshot(): Promise<string> {
    const chunks: string[] = []
    const keep = ({ chunk }: { chunk: string }): void => void chunks.push(chunk)
    this.#line.on('HeapProfiler.addHeapSnapshotChunk', keep)
    await this.#line.send('HeapProfiler.takeHeapSnapshot')
    this.#line.off('HeapProfiler.addHeapSnapshotChunk', keep)
    return chunks.join('')
  }

  async sample(): Promise<Sample> {
    await this.#sweep()
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
