import { type HistoryReport, sumOf } from '../../server/engine/history-report.ts'

const BAR = 30
const LINE_MS = 5000

export type Screen = { readonly isTTY?: boolean; write(text: string): unknown }

/** Shows how far an import is: one bar that moves on a terminal, a line every five seconds elsewhere. */
export function progressOn(screen: Screen, from: number, now: () => number): { show(report: HistoryReport): void; end(): void } {
  let shownAt = now()
  /** The rate is that of orders: facts come before them. */
  let started = shownAt
  const show = (report: HistoryReport): void => {
    const at = now()
    if (report.rowsDone === from) started = at
    if (at - shownAt < (screen.isTTY === true ? 100 : LINE_MS) && report.state === 'running') return
    shownAt = at
    screen.write(
      screen.isTTY === true ? `\r\u001b[K${barOf(report)} ${stand(report, from, at - started)}` : `${stand(report, from, at - started)}\n`,
    )
  }
  return { show, end: () => void (screen.isTTY === true && screen.write('\n')) }
}

function barOf({ rowsDone, rows }: HistoryReport): string {
  const full = rows === 0 ? BAR : Math.floor((rowsDone / rows) * BAR)
  return `[${'#'.repeat(full)}${'.'.repeat(BAR - full)}]`
}

function stand(report: HistoryReport, from: number, ms: number): string {
  const { rowsDone, rows, recorded, existing, facts } = report
  const rate = ms < 1 ? 0 : ((rowsDone - from) / ms) * 1000
  const share = rows === 0 ? 100 : Math.floor((rowsDone / rows) * 100)
  const left = rate > 0 && rowsDone < rows ? `, ${Math.ceil((rows - rowsDone) / rate)} s left` : ''
  if (rowsDone === from && report.state === 'running')
    return `facts: ${Object.entries(facts)
      .map(([fact, one]) => `${fact} ${one.created + one.known}`)
      .join(', ')}`
  return `${share} % ${rowsDone}/${rows} orders, ${recorded} new, ${existing} existing, ${sumOf(report.rejected)} rejected, ${Math.round(rate)}/s${left}`
}
