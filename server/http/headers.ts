import { SurfaceError } from './problems.ts'

const KEY = /^[\x21-\x7e]{1,255}$/
const VERSION = /^(?:W\/)?"?(\d{1,15})"?$/

/** The `Idempotency-Key` of a write; refuses what is not 1..255 visible ASCII characters. */
export function idempotencyKeyOf(header: string | string[] | undefined): string | undefined {
  if (header === undefined) return undefined
  if (typeof header !== 'string' || !KEY.test(header)) {
    throw new SurfaceError(
      'header_invalid',
      {
        en: 'Idempotency-Key must be one value of 1 to 255 visible ASCII characters',
        zh: 'Idempotency-Key 须为单个值，由 1 至 255 个可见 ASCII 字符组成',
      },
      {
        expected: '1 to 255 visible ASCII characters',
        got: typeof header === 'string' ? `${header.length} characters` : 'several values',
      },
    )
  }
  return header
}

/** The version in `If-Match`: `"3"`, `W/"3"` or `3`; `*` and none mean any. */
export function ifMatchOf(header: string | undefined): number | undefined {
  if (header === undefined || header === '*') return undefined
  const version = VERSION.exec(header.trim())?.[1]
  if (version === undefined) {
    throw new SurfaceError(
      'header_invalid',
      { en: 'If-Match must be the version of the order', zh: 'If-Match 须为订单的版本' },
      { expected: 'a version, for example "3"', got: header.slice(0, 80) },
    )
  }
  return Number(version)
}

/** The media type of a Content-Type header, without parameters, in lower case. */
export function mediaTypeOf(header: string | undefined): string | undefined {
  return header?.split(';', 1)[0]?.trim().toLowerCase()
}
