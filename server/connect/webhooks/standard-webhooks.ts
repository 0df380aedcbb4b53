import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

/** Signatures by the Standard Webhooks specification 1.0 (standardwebhooks.com): symmetric, `v1`. */
const PREFIX = 'whsec_'
const SECRET_BYTES = 32
/** A message older or newer than this is refused by receivers, s. */
export const TOLERANCE_S = 300

export const newSecret = (): string => PREFIX + randomBytes(SECRET_BYTES).toString('base64')

/** `webhook-id`, `webhook-timestamp` and `webhook-signature` of a message; one signature for each secret, newest first. */
export function signatureHeaders(messageId: string, timestampS: number, body: string, secrets: readonly string[]): Record<string, string> {
  return {
    'webhook-id': messageId,
    'webhook-timestamp': String(timestampS),
    'webhook-signature': secrets.map((secret) => `v1,${sign(secret, messageId, timestampS, body)}`).join(' '),
  }
}

/** Whether a message was signed with the secret and is of about now: what a receiver does. */
export function verifySignature(
  secret: string,
  headers: Readonly<Record<string, string | undefined>>,
  body: string,
  nowS: number,
): boolean {
  const messageId = headers['webhook-id'] ?? ''
  const timestampS = Number(headers['webhook-timestamp'])
  if (!Number.isInteger(timestampS) || Math.abs(nowS - timestampS) > TOLERANCE_S) return false
  const expected = Buffer.from(`v1,${sign(secret, messageId, timestampS, body)}`)
  return (headers['webhook-signature'] ?? '').split(' ').some((one) => {
    const got = Buffer.from(one)
    return got.length === expected.length && timingSafeEqual(got, expected)
  })
}

function sign(secret: string, messageId: string, timestampS: number, body: string): string {
  const key = Buffer.from(secret.slice(PREFIX.length), 'base64')
  return createHmac('sha256', key).update(`${messageId}.${timestampS}.${body}`).digest('base64')
}
