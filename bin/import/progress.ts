import { type HistoryReport, sumOf } from '../../server/engine/history-report.ts'
import type { ImportWords } from './words.ts'

const BAR = 30
const LINE_MS = 5000

export type Screen = { readonly isTTY?: boolean; write(text: string): unknown }

/** Shows how far an import is: one bar that moves on a terminal, a line every five seconds elsewhere. */
export function progressOn(
  screen: Screen,
  words: ImportWords,
  from: number,
  now: () => number,
): { show(report: HistoryReport): void; end(): void } {
  let shownAt = now()
  /** The rate is that of orders: facts come before them. */
  let started = shownAt
  const show = (report: HistoryReport): void => {
    const at = now()
    if (report.rowsDone === from) started = at
    if (at - shownAt < (screen.isTTY === true ? 100 : LINE_MS) && report.state === 'running') return
    shownAt = at
    screen.write(
      screen.isTTY === true
        ? `\r\u001b[K${barOf(report)} ${stand(words, report, from, at - started)}`
        : `${stand(words, report, from, at - started)}\n`,
    )
  }
  return { show, end: () => void (screen.isTTY === true && screen.write('\n')) }
}

function barOf({ rowsDone, rows }: HistoryReport): string {
  const full = rows === 0 ? BAR : Math.floor((rowsDone / rows) * BAR)
  return `[${'#'.repeat(full)}${'.'.repeat(BAR - full)}]`
}

function stand(words: ImportWords, report: HistoryReport, from: number, ms: number): string {
  const { rowsDone, rows, recorded, existing, facts } = report
  const rate = ms < 1 ? 0 : ((rowsDone - from) / ms) * 1000
  const share = rows === 0 ? 100 : Math.floor((rowsDone / rows) * 100)
  const left = rate > 0 && rowsDone < rows ? words.left(Math.ceil((rows - rowsDone) / rate)) : ''
  if (rowsDone === from && report.state === 'running') {
    const counts = Object.entries(facts).map(([fact, one]) => `${fact} ${one.created + one.known}`)
    return words.facts(counts.join(', '))
  }
  return words.stand(share, rowsDone, rows, recorded, existing, sumOf(report.rejected), Math.round(rate)) + left
}
