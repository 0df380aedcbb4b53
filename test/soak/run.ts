/**
 * npm run soak [-- --minutes 60 --rate 50]: the console in a real Chromium against a hub of its own at so many events a second. Every
 * half minute it is led through its pages, swept and measured. Exits with 1 when the page or the hub does not stay flat, with 2 when it
 * could not run.
 */
import { parseArgs } from 'node:util'
import { consoleWorld, WHO } from '../../bench/console/world.ts'
import { launchBrowser, signIn } from '../support/browser.ts'
import { EventLoad } from './load.ts'
import { type Limit, type Sample, verdictOf } from './slope.ts'
import { PageWatch } from './watch.ts'

const SAMPLE_MS = 20_000
const STAY_MS = 2500
const limits: Readonly<Record<string, Limit>> = {
  heapMB: { share: 0.1, least: 2 },
  nodes: { share: 0.1, least: 300 },
  listeners: { share: 0.1, least: 50 },
  hubMB: { share: 0.15, least: 30 },
}

async function soak(minutes: number, rate: number): Promise<boolean> {
  const world = await consoleWorld(2000)
  const browser = await launchBrowser()
  try {
    const page = await signIn(browser, world.api.url, WHO, { language: 'en', theme: 'light' })
    const watch = await PageWatch.of(page)
    const load = await EventLoad.start(world.api, rate)
    const samples: Sample[] = []
    const started = performance.now()
    const elapsed = (): number => performance.now() - started
    while (elapsed() < minutes * 60_000) {
      const [before, at] = [load.events, elapsed()]
      await watch.goRound(STAY_MS)
      await page.waitForTimeout(Math.max(0, SAMPLE_MS - (elapsed() - at)))
      const sample = { ...(await watch.sample()), hubMB: Math.round(world.hub.memoryMb()) }
      const seconds = (elapsed() - at) / 1000
      samples.push(sample)
      console.log(
        lineOf({ minute: Math.round(elapsed() / 6000) / 10, 'events/s': Math.round((load.events - before) / seconds), ...sample }),
      )
    }
    await load.stop()
    return judge(samples, load.events / (elapsed() / 1000))
  } finally {
    await browser.close()
    await world.stop()
  }
}

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
  console.log(`${Math.round(rate)} events/s, ${samples.length} samples: ${isFlat ? 'memory stays flat' : 'memory does NOT stay flat'}`)
  return isFlat
}

const { values } = parseArgs({ options: { minutes: { type: 'string', default: '60' }, rate: { type: 'string', default: '50' } } })
try {
  process.exitCode = (await soak(Number(values.minutes), Number(values.rate))) ? 0 : 1
} catch (error) {
  console.error(`soak: ${error instanceof Error ? error.message : String(error)}`)
  process.exitCode = 2
}
