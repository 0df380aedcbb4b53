import type { Page } from 'playwright-core'

export type Frames = {
  readonly p50: number
  readonly p95: number
  readonly p99: number
  readonly max: number
  readonly late: number
  readonly count: number
}
/** ms; a frame of 60 a second, and half of one more. */
const LATE = 25

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

export function framesOf(frames: readonly number[]): Frames {
  const sorted = frames.toSorted((a, b) => a - b)
  const at = (share: number): number => Math.round((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0) * 10) / 10
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1), late: sorted.filter((ms) => ms > LATE).length, count: sorted.length }
}
