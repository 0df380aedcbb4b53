/** How far an import has come and what it found; kept in the database at every checkpoint, so that a resumed import goes on counting. */
export type HistoryReport = {
  state: 'running' | 'stopped' | 'done'
  /** Rows of the orders table that are done for good. */
  rowsDone: number
  readonly rows: number
  recorded: number
  existing: number
  blank: number
  readonly rejected: Record<string, number>
  /** Orders recorded by this import, per flag that they carry. */
  readonly flags: Record<string, number>
  /** As this run left them. */
  facts: Record<string, { created: number; known: number }>
}

export const newReport = (rows: number): HistoryReport => ({
  state: 'running',
  rowsDone: 0,
  rows,
  recorded: 0,
  existing: 0,
  blank: 0,
  rejected: {},
  flags: {},
  facts: {},
})

export function count(tally: Record<string, number>, key: string): void {
  tally[key] = (tally[key] ?? 0) + 1
}

export const sumOf = (tally: Readonly<Record<string, number>>): number => Object.values(tally).reduce((sum, one) => sum + one, 0)

/** The report that a checkpoint kept, or undefined when it is none of ours. */
export function parseReport(kept: unknown): HistoryReport | undefined {
  if (typeof kept !== 'object' || kept === null) return undefined
  const report = kept as HistoryReport
  const numbers = [report.rowsDone, report.rows, report.recorded, report.existing, report.blank]
  const isWhole =
    numbers.every((one) => Number.isSafeInteger(one)) && typeof report.rejected === 'object' && typeof report.flags === 'object'
  return isWhole ? { ...report, facts: {} } : undefined
}
