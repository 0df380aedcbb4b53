import { isZone } from '../calendar/zone.ts'

/** Why a row that fits its schema still cannot be used. */
export type RowProblem = {
  readonly code: string
  readonly detail: string
  readonly pointer: string
  readonly expected: string
  readonly got: unknown
}

/**
 * What a schema cannot say about a row of reference facts: its zone must be one that clocks know. Everything that dates a promise
 * reads every node's zone, so one unknown name would stop all of them. Gives `row_invalid`.
 */
export function rowProblem(doc: Readonly<Record<string, unknown>>): RowProblem | undefined {
  const { zone } = doc
  if (typeof zone !== 'string' || isZone(zone)) return undefined
  const expected = 'a zone of the IANA database, for example Asia/Shanghai'
  return { code: 'row_invalid', detail: `zone: expected ${expected}, got "${zone}"`, pointer: '/zone', expected, got: zone }
}
