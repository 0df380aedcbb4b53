/**
 * npm run soak [-- --minutes 60 --rate 50]: the console in a real Chromium against a hub of its own at so many events a second. Every
 * half minute it is led through its pages, swept and measured. Exits with 1 when the page or the hub does not stay flat, with 2 when it
 * could not run to its end. An end by Ctrl-C or SIGTERM judges what was seen until then.
 */
import { parseArgs } from 'node:util'
import { consoleWorld, WHO } from '../../bench/console/world.ts'
import { launchBrowser, signIn } from '../support/browser.ts'
import { EventLoad } from './load.ts'
import { type Limit, type Sample, verdictOf } from './slope.ts'
import { PageWatch } from './watch.ts'

const SAMPLE_MS = 20_000
const STAY_MS = 2500
/** So many rounds in a row without a figure are no hiccup of a busy machine. */
const LOST_MAX = 5
const SAMPLES_MIN = 4
const limits: Readonly<Record<string, Limit>> = {
  heapMB: { share: 0.1, least: 2 },
  nodes: { share: 0.1, least: 300 },
  listeners: { share: 0.1, least: 50 },
  hubMB: { share: 0.15, least: 30 },
}
let isEnding = false
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void (isEnding = true))

async function soak(minutes: number, rate: number): Promise<boolean> {
  const world = await consoleWorld(2000)
  const browser = await launchBrowser()
  const samples: Sample[] = []
  let load: EventLoad | undefined
  try {
    const page = await signIn(browser, world.api.url, WHO, { language: 'en', theme: 'light' })
    const watch = await PageWatch.of(page)
    load = await EventLoad.start(world.api, rate)
    const started = performance.now()
    const elapsed = (): number => performance.now() - started
    let lost = 0
    while (elapsed() < minutes * 60_000 && !isEnding) {
      load.assertFlowing()
      const [before, at] = [load.events, elapsed()]
      try {
        await watch.goRound(STAY_MS)
        await page.waitForTimeout(Math.max(0, SAMPLE_MS - (elapsed() - at)))
        const sample = { ...(await watch.sample()), hubMB: Math.round(world.hub.memoryMb()) }
        samples.push(sample)
        lost = 0
        const seconds = (elapsed() - at) / 1000
        console.log(lineOf({ minute: tenths(elapsed() / 60_000), 'events/s': Math.round((load.events - before) / seconds), ...sample }))
      } catch (error) {
        if ((lost += 1) >= LOST_MAX) throw error
        console.error(`soak: a round is lost: ${messageOf(error)}`)
      }
    }
    await load.stop()
    if (samples.length < SAMPLES_MIN) throw new Error(`${samples.length} samples say nothing`)
    return judge(samples, load.events / (elapsed() / 1000))
  } catch (error) {
    if (samples.length > 0) judge(samples, 0)
    throw error
  } finally {
    await load?.stop()
    await browser.close()
    await world.stop()
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
  console.log(`${Math.round(rate)} events/s, ${samples.length} samples: ${isFlat ? 'memory stays flat' : 'memory does NOT stay flat'}`)
  return isFlat
}

const { values } = parseArgs({ options: { minutes: { type: 'string', default: '60' }, rate: { type: 'string', default: '50' } } })
try {
  process.exitCode = (await soak(Number(values.minutes), Number(values.rate))) ? 0 : 1
} catch (error) {
  console.error(`soak: ${messageOf(error)}`)
  process.exitCode = 2
}
