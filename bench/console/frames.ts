import type { CDPSession, Page } from 'playwright-core'

export type Frames = {
  readonly p50: number
  readonly p95: number
  readonly p99: number
  readonly max: number
  readonly late: number
  readonly count: number
}
/** Of the page's main thread, ms of processor a frame: other work on the machine does not count. */
export type Work = { readonly [what in 'work' | 'script' | 'style' | 'layout']: number }
/** ms; a frame of 60 a second, and half of one more. */
const LATE = 25
const COUNTED = { work: 'TaskDuration', script: 'ScriptDuration', style: 'RecalcStyleDuration', layout: 'LayoutDuration' } as const

/** Scrolls the page by so much a frame until this many px or its end, and says how long each frame took. */
export async function scrollFrames(page: Page, perFrame: number, px: number): Promise<Frames> {
  const frames = (await page.evaluate(
    `(async () => {
      const took = []; let last = await new Promise(requestAnimationFrame); let done = 0; let stood = 0
      while (done < ${Math.abs(px)} && stood < 90) {
        const from = scrollY
        scrollBy(0, ${perFrame})
        const now = await new Promise(requestAnimationFrame)
        took.push(now - last); last = now
        done += Math.abs(scrollY - from); stood = scrollY === from ? stood + 1 : 0
      }
      return took.slice(0, took.length - stood)
    })()`,
  )) as number[]
  return framesOf(frames)
}

/** The same, and what the main thread had to do for it. */
export async function scrollWork(page: Page, perFrame: number, px: number): Promise<Frames & Work> {
  const line = await page.context().newCDPSession(page)
  await line.send('Performance.enable', { timeDomain: 'threadTicks' })
  const before = await countedOn(line)
  const frames = await scrollFrames(page, perFrame, px)
  const after = await countedOn(line)
  await line.detach()
  const each = (what: keyof Work): number => Math.round(((after[what] - before[what]) * 10_000) / Math.max(1, frames.count)) / 10
  return { ...frames, work: each('work'), script: each('script'), style: each('style'), layout: each('layout') }
}

async function countedOn(line: CDPSession): Promise<Work> {
  const { metrics } = await line.send('Performance.getMetrics')
  const of = (name: string): number => metrics.find((metric) => metric.name === name)?.value ?? 0
  return { work: of(COUNTED.work), script: of(COUNTED.script), style: of(COUNTED.style), layout: of(COUNTED.layout) }
}

export function framesOf(frames: readonly number[]): Frames {
  const sorted = frames.toSorted((a, b) => a - b)
  const at = (share: number): number => Math.round((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0) * 10) / 10
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1), late: sorted.filter((ms) => ms > LATE).length, count: sorted.length }
}
