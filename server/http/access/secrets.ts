import { createHmac, hash, randomBytes, timingSafeEqual } from 'node:crypto'

const SECRET_BYTES = 32

/** A new API key: `fk_` and 256 random bits in base64url. */
export const newKeyText = (): string => `fk_${randomBytes(SECRET_BYTES).toString('base64url')}`

/** A new session token: 256 random bits in base64url. */
export const newSessionToken = (): string => randomBytes(SECRET_BYTES).toString('base64url')

/** SHA-256 of a secret in hex: what caches and tables hold. A hash cannot be steered, so looking it up tells nothing by its time. */
export const hashOfSecret = (text: string): string => hash('sha256', text, 'hex')
export const bytesOfHash = (hex: string): Buffer => Buffer.from(hex, 'hex')

/** A session's CSRF token: derived from the session token, so that only who holds the session can be told it. */
export const csrfTokenOf = (sessionToken: string): string =>
  createHmac('sha256', sessionToken).update('fulcrum csrf token').digest('base64url')

export function isCsrfToken(sessionToken: string, shown: string): boolean {
  const expected = Buffer.from(csrfTokenOf(sessionToken))
  const got = Buffer.from(shown)
  return got.length === expected.length && timingSafeEqual(got, expected)
}
