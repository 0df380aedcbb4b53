import type { OverviewReport } from '../../../contract/entities/report.ts'
import type { Viewer } from './sight.ts'
import { sightOfRole } from './sight.ts'

/** A report as a role sees it: one that sees no amounts sees no cost. */
export function presentReport(viewer: Pick<Viewer, 'role'>, report: OverviewReport): OverviewReport {
  if (sightOfRole[viewer.role].amounts) return report
  const { range, before } = report
  return { ...report, range: withoutCost(range), ...(before === undefined ? {} : { before: withoutCost(before) }) }
}

function withoutCost({ cost: _, ...rest }: OverviewReport['range']): OverviewReport['range'] {
  return rest
}
