import { useQuery } from '@tanstack/react-query'
import { type Answer, hub } from '../../api/hub.ts'
import { boundsOf, type ReportSearch } from './report-search.ts'

export type Report = Answer<'report.overview'>

/** How often a report that is on screen is asked for anew: it follows the log, but nobody needs it to the second. */
const REFRESH_MS = 30_000
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone

/** The report of a range and of the one before; what is today is asked of the hub, whose business time need not be the reader's. */
export function useReport(search: ReportSearch) {
  return useQuery({
    queryKey: ['report', search],
    queryFn: async ({ signal }) => {
      const { asOf } = await hub.call('overview.get', {}, { signal })
      const { from, to } = boundsOf(search, new Date(asOf))
      const query = { from: from.toISOString(), to: to.toISOString(), zone, compare: 'before' as const }
      return hub.call('report.overview', { query }, { signal })
    },
    refetchInterval: REFRESH_MS,
    placeholderData: (before) => before,
    select: (report): Report => (isKnown(report.before) ? report : withoutBefore(report)),
  })
}

/** A range in which nothing was placed and nothing went wrong is nothing to compare with. */
const isKnown = (before: Report['before']): boolean => before !== undefined && before.placed + before.exceptions > 0
function withoutBefore({ before: _, ...report }: Report): Report {
  return report
}
