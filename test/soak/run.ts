/**
 * npm run soak [-- --minutes 60 --rate 50 --snapshots folder]: the console in a real Chromium against a hub of its own at so many events
 * a second. It is led through its pages for two minutes, then stays on Now, live, until lists it left are let go; there it is swept and
 * measured. Only these rests are judged: on the way the heap follows how many lists the machine lets it open within two minutes. Exits
 * with 1 when the page or the hub does not stay flat, with 2 when it could not run to its end. An end by Ctrl-C or SIGTERM judges what
 * was seen until then. With a folder, the heap of each rest is kept there to be compared.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Page } from 'playwright-core'
import { consoleWorld, WHO } from '../../bench/console/world.ts'
import { launchBrowser, signIn } from '../support/browser.ts'
import { kindsOf } from './heap-kinds.ts'
import { EventLoad } from './load.ts'
import { type Limit, type Sample, verdictOf } from './slope.ts'
import { PageWatch } from './watch.ts'

const WAY_MS = 120_000
/** Longer than a list that was left is kept (console/api/long-list.ts). */
const REST_MS = 140_000
const STAY_MS = 2500
/** So many rounds in a row without a figure are no hiccup of a busy machine. */
const LOST_MAX = 5
const RESTS_MIN = 4
const limits: Readonly<Record<string, Limit>> = {
  heldMB: { share: 0.05, least: 0.5 },
  codeMB: { share: 0.25, least: 2 },
  nodes: { share: 0.1, least: 300 },
  listeners: { share: 0.1, least: 50 },
  hubMB: { share: 0.15, least: 30 },
}
let isEnding = false
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void (isEnding = true))

async function soak(minutes: number, rate: number, snapshots: string | undefined): Promise<boolean> {
  const world = await consoleWorld(2000)
  const browser = await launchBrowser()
  const rests: Sample[] = []
  let load: EventLoad | undefined
  try {
    const page = await signIn(browser, world.api.url, WHO, { language: 'en', theme: 'light' })
    const watch = await PageWatch.of(page)
    load = await EventLoad.start(world.api, rate)
    const started = performance.now()
    const minute = (): number => tenths((performance.now() - started) / 60_000)
    while (minute() < minutes && !isEnding) {
      const [before, at] = [load.events, performance.now()]
      const rounds = await goAbout(watch, load)
      await watch.goHome()
      await restOn(page, load)
      const seen = await watch.sample()
      const heap = await watch.snapshot()
      const sample = { ...seen, ...kindsOf(heap), hubMB: Math.round(world.hub.memoryMb()) }
      const eventsPerSecond = Math.round(((load.events - before) / (performance.now() - at)) * 1000)
      rests.push(sample)
      console.log(lineOf({ minute: minute(), rounds, 'events/s': eventsPerSecond, ...sample }))
      if (snapshots !== undefined) writeFileSync(join(snapshots, `minute-${Math.round(minute())}.heapsnapshot`), heap)
    }
    await load.stop()
    if (rests.length < RESTS_MIN) throw new Error(`${rests.length} rests say nothing`)
    return judge(rests, load.events / (minute() * 60))
  } catch (error) {
    if (rests.length >= RESTS_MIN) judge(rests, 0)
    throw error
  } finally {
    await load?.stop()
    await browser.close()
    await world.stop()
  }
}

/** Round and round for two minutes; says how often. A round that a busy machine spoils does not count. */
async function goAbout(watch: PageWatch, load: EventLoad): Promise<number> {
  const until = performance.now() + WAY_MS
  let [rounds, lost] = [0, 0]
  while (performance.now() < until && !isEnding) {
    load.assertFlowing()
    try {
      await watch.goRound(STAY_MS)
      rounds += 1
      lost = 0
    } catch (error) {
      if ((lost += 1) >= LOST_MAX) throw error
      console.error(`soak: a round is lost: ${messageOf(error)}`)
    }
  }
  return rounds
}

/** Stays where it is, live, until what it left is let go. */
async function restOn(page: Page, load: EventLoad): Promise<void> {
  const until = performance.now() + REST_MS
  while (performance.now() < until && !isEnding) {
    load.assertFlowing()
    await page.waitForTimeout(1000)
  }
}

const tenths = (value: number): number => Math.round(value * 10) / 10
const messageOf = (error: unknown): string => (error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error))
const lineOf = (sample: Sample): string =>
  Object.entries(sample)
    .map(([name, value]) => `${name} ${value}`)
    .join('  ')

function judge(samples: readonly Sample[], rate: number): boolean {
  const verdicts = Object.entries(limits).map(([what, limit]) =>
    verdictOf(
      what,
      samples.map((sample) => sample[what] ?? 0),
      limit,
    ),
  )
  console.table(verdicts)
  const isFlat = verdicts.every((verdict) => verdict.isFlat)
  console.log(`${Math.round(rate)} events/s, ${samples.length} rests: ${isFlat ? 'memory stays flat' : 'memory does NOT stay flat'}`)
  return isFlat
}

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '60' },
    rate: { type: 'string', default: '50' },
    snapshots: { type: 'string' },
  },
})
try {
  if (values.snapshots !== undefined) mkdirSync(values.snapshots, { recursive: true })
  process.exitCode = (await soak(Number(values.minutes), Number(values.rate), values.snapshots)) ? 0 : 1
} catch (error) {
  console.error(`soak: ${messageOf(error)}`)
  process.exitCode = 2
}
