import type { Tally } from '../run/hub-api.ts'
import type { Comparison, Findings } from './compare.ts'
import type { Fates } from './fates.ts'

type Lived = {
  readonly tally: Tally
  readonly findings: Findings
  readonly fates: Fates
  /** Troubles that were to be made. */
  readonly troubles: number
  /** What `npm run verify` says of the hub, and its words. */
  readonly isClean: boolean
  readonly verified: string
}

/** Prints what was expected beside what was found; whether all of it agrees. */
export function report({ tally, findings, fates, troubles, isClean, verified }: Lived, say: (line: string) => void): boolean {
  say('orders by phase')
  for (const [phase, count] of Object.entries(findings.phases)) say(`  ${phase.padEnd(18)}${String(count).padStart(9)}`)
  say('what the world did and met')
  for (const [what, count] of Object.entries(tally.all)) say(`  ${what.padEnd(34)}${String(count).padStart(9)}`)
  if (fates.size > 0) say(`${'troubles, and the orders that they hit'.padEnd(40)}made  over owned adrift`)
  for (const [kind, { made, over, owned, adrift }] of fates)
    say(`  ${kind.padEnd(36)}${[made, over, owned, adrift].map((count) => String(count).padStart(6)).join('')}`)
  const comparisons = [...findings.comparisons, ...comparedTroubles(fates, troubles)]
  say(`${''.padEnd(54)}${'expected'.padStart(10)}${'hub says'.padStart(10)}`)
  for (const { what, expected, found } of comparisons)
    say(`${expected === found ? 'ok    ' : 'DIFFER'} ${what.padEnd(47)}${String(expected).padStart(10)}${String(found).padStart(10)}`)
  const isWhole = tally.of('failed') === 0
  if (!isWhole) say(`DIFFER ${tally.of('failed')} calls failed for good`)
  say(isClean ? 'ok     every invariant holds (npm run verify)' : `DIFFER npm run verify found violations\n${verified}`)
  return isClean && isWhole && comparisons.every(({ expected, found }) => expected === found)
}

function comparedTroubles(fates: Fates, expected: number): Comparison[] {
  if (expected === 0) return []
  const all = [...fates.values()]
  return [
    { what: 'troubles made', expected, found: all.reduce((sum, { made }) => sum + made, 0) },
    { what: 'orders in trouble, neither over nor owned', expected: 0, found: all.reduce((sum, { adrift }) => sum + adrift, 0) },
  ]
}
