import type { OverviewReport } from '../../../contract/entities/report.ts'
import { presentReport } from '../../domain/access/present-report.ts'
import type { Scope } from '../../domain/access/principal.ts'
import { figuresOf } from '../../domain/report/figures.ts'
import { done, refuse, type Refusal } from '../../kernel/outcome.ts'
import { DAY, type Instant, instant, toIso } from '../../kernel/time.ts'
import { readReportBehind } from '../../store/report-places.ts'
import { readReportRows, type ReportRange } from '../../store/report-reads.ts'
import type { Handlers } from '../handler.ts'
import { instantIn, type ReadDeps } from './read-deps.ts'
import { SharedAnswers } from './shared-answers.ts'

const DAYS_MAX = 92
/** Counting reads a row of each order in the range: who asks the same within this time (ms) gets the same. */
const SHARED_MS = 5000
const SHARED_MAX = 200

/** How well orders were fulfilled over a range, within the scope of who asks. */
export function reportReadHandlers(deps: ReadDeps): Pick<Handlers, 'report.overview'> {
  const shared = new SharedAnswers<OverviewReport>(SHARED_MS, SHARED_MAX)
  return {
    'report.overview': async ({ principal }, { query }) => {
      const range = { from: instantIn('from', query.from), to: instantIn('to', query.to), zone: query.zone ?? 'UTC' }
      const wrong = problemOf(range)
      if (wrong !== undefined) return wrong
      const isCompared = query.compare === 'before'
      const key = JSON.stringify([principal.scope, range, isCompared])
      return done(presentReport(principal, await shared.of(key, () => report(deps, principal.scope, range, isCompared))))
    },
  }
}

function problemOf({ from, to, zone }: ReportRange): Refusal | undefined {
  if (to <= from)
    return refuse(
      'range_invalid',
      { en: 'expected a range that begins before it ends', zh: '时段的起点须早于终点' },
      { pointer: '/to', got: toIso(to) },
    )
  if (to - from > DAYS_MAX * DAY)
    return refuse(
      'range_invalid',
      { en: `expected at most ${DAYS_MAX} days`, zh: `时段最长 ${DAYS_MAX} 天` },
      { pointer: '/from', got: toIso(from), expected: DAYS_MAX },
    )
  return isZone(zone)
    ? undefined
    : refuse('range_invalid', { en: 'expected an IANA time zone', zh: '须为 IANA 时区' }, { pointer: '/zone', got: zone })
}

function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
    return true
  } catch {
    return false // the only thing that Intl refuses here is a zone that it does not know
  }
}

async function report(deps: ReadDeps, scope: Scope, range: ReportRange, isCompared: boolean): Promise<OverviewReport> {
  const asOf = deps.now()
  const figures = async (one: ReportRange): Promise<OverviewReport['range']> => {
    const { cohort, exceptions } = await readReportRows(deps.pool, scope, one, asOf)
    const counted = figuresOf(one, cohort, exceptions)
    return {
      ...counted,
      channels: counted.channels.map((row) => ({ ...row, ...nameOf('channelName', deps.memory.channels.get(row.channelId)?.doc.name) })),
      heat: counted.heat.map((row) => ({ ...row, ...nameOf('nodeName', deps.memory.nodes.get(row.nodeId ?? '')?.doc.name) })),
    }
  }
  const before = rangeBefore(range, asOf)
  const [behind, now, then] = await Promise.all([readReportBehind(deps.pool), figures(range), isCompared ? figures(before) : undefined])
  return {
    asOf: toIso(asOf),
    behind,
    currency: deps.facts.baseCurrency,
    zone: range.zone,
    range: now,
    ...(then === undefined ? {} : { before: then }),
  }
}

/** The range of the same length that ends where this one begins; of one that still runs, as much of it as has passed of this one. */
function rangeBefore({ from, to, zone }: ReportRange, now: Instant): ReportRange {
  const length = to - from
  const passed = from < now && now < to ? now - from : length
  return { from: instant(from - length), to: instant(from - length + passed), zone }
}

function nameOf<const K extends string>(key: K, name: string | undefined): { readonly [k in K]?: string } {
  return name === undefined ? {} : ({ [key]: name } as { readonly [k in K]?: string })
}
