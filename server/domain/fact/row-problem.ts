import type { Words } from '../../kernel/words.ts'
import { isZone } from '../calendar/zone.ts'

/** Why a row that fits its schema still cannot be used. */
export type RowProblem = {
  readonly code: string
  readonly detail: Words
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
  if (typeof zone === 'string' && !isZone(zone))
    return invalid('zone', { en: 'a zone of the IANA database, for example Asia/Shanghai', zh: 'IANA 时区，例如 Asia/Shanghai' }, zone)
  if (writeBack !== undefined && !writablePlatforms.some((one) => one === platform))
    return invalid(
      'platform',
      {
        en: `${writablePlatforms.join(' or ')} where writeBack is set`,
        zh: `${writablePlatforms.join(' 或 ')}（已设置 writeBack 时）`,
      },
      platform,
    )
  return undefined
}

/** Of a row that names an item or a node that is not there. */
export const unknownName = (field: string, got: string): Words => ({
  en: `expected a known ${field}, got "${got}"`,
  zh: `${field}：“${got}”不存在`,
})

const invalid = (field: string, expected: Words, got: unknown): RowProblem => ({
  code: 'row_invalid',
  detail: {
    en: `${field}: expected ${expected.en}, got ${JSON.stringify(got)}`,
    zh: `${field}：须为 ${expected.zh}，实为 ${JSON.stringify(got)}`,
  },
  pointer: `/${field}`,
  expected: expected.en,
  got,
})
