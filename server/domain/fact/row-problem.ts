import { isZone } from '../calendar/zone.ts'

/** Why a row that fits its schema still cannot be used. */
export type RowProblem = {
  readonly code: string
  readonly detail: string
  readonly pointer: string
  readonly expected: string
  readonly got: unknown
}

/** Platforms whose own API the hub can write to. */
export const writablePlatforms = ['shopify', 'woocommerce'] as const

/**
 * What a schema cannot say about a row of reference facts. Its zone must be one that clocks know: everything that dates a promise
 * reads every node's zone, so one unknown name would stop all of them. State is written back only to platforms that the hub can write to.
 * Gives `row_invalid`.
 */
export function rowProblem(doc: Readonly<Record<string, unknown>>): RowProblem | undefined {
  const { zone, writeBack, platform } = doc
  if (typeof zone === 'string' && !isZone(zone)) return invalid('zone', 'a zone of the IANA database, for example Asia/Shanghai', zone)
  if (writeBack !== undefined && !writablePlatforms.some((one) => one === platform))
    return invalid('platform', `${writablePlatforms.join(' or ')} where writeBack is set`, platform)
  return undefined
}

const invalid = (field: string, expected: string, got: unknown): RowProblem => ({
  code: 'row_invalid',
  detail: `${field}: expected ${expected}, got ${JSON.stringify(got)}`,
  pointer: `/${field}`,
  expected,
  got,
})
