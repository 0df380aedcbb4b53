import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** What fades in has come to its end; what turns for ever is not waited for. */
const SETTLED = `new Promise((done) => {
  const moves = () => document.getAnimations().some((one) => one.playState === 'running' && Number.isFinite(one.effect?.getComputedTiming().endTime))
  const look = (still) => (moves() ? requestAnimationFrame(() => look(0)) : still > 2 ? done() : requestAnimationFrame(() => look(still + 1)))
  look(0)
})`

/** Serious and critical findings of axe on the page, once it has settled. */
export async function violationsOf(page: Page): Promise<string[]> {
  await page.evaluate(SETTLED)
  await page.evaluate(axeSource)
  const found: unknown = await page.evaluate(
    `axe.run(document, { resultTypes: ['violations'] }).then((result) => result.violations.filter((one) => one.impact === 'serious' || one.impact === 'critical').map((one) => one.id + ': ' + one.nodes.slice(0, 3).map((node) => node.target.join(' ') + ' ' + (node.any[0]?.message ?? '')).join(' | ')))`,
  )
  return found as string[]
}
