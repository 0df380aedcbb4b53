import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { Headers, SignatureVerdict, SignedRequest } from '../../engine/ports/channel-mapper.ts'

/** Header by its name in lower case; of a repeated one the first counts. */
export function headerOf(headers: Headers, name: string): string | undefined {
  const key = Object.keys(headers).find((candidate) => candidate.toLowerCase() === name)
  const value = key === undefined ? undefined : headers[key]
  return typeof value === 'string' ? value : value?.[0]
}

/** Compares digests of both sides, so that neither length nor content leaks through time. */
function isSame(one: string, other: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(one), digest(other))
}

type Keyed = SignedRequest & { readonly secret: string }

/** Base64 HMAC-SHA256 of the raw body. */
function base64Hmac(header: string) {
  return (request: Keyed): SignatureVerdict => {
    const given = headerOf(request.headers, header)
    if (given === undefined || given === '') return 'absent'
    return isSame(given.trim(), createHmac('sha256', request.secret).update(request.rawBody).digest('base64')) ? 'valid' : 'invalid'
  }
}

/** Doudian: hex MD5, or SHA-256, over app id + body + app secret; 64 digits may also be HMAC-SHA256 over app id + body. */
function douyin(request: Keyed): SignatureVerdict {
  const given = headerOf(request.headers, 'event-sign')?.trim().toLowerCase()
  if (given === undefined || given === '') return 'absent'
  const appId = headerOf(request.headers, 'app-id') ?? ''
  const over = (algorithm: string): string =>
    createHash(algorithm).update(appId).update(request.rawBody).update(request.secret).digest('hex')
  const wanted =
    given.length === 32
      ? [over('md5')]
      : [over('sha256'), createHmac('sha256', request.secret).update(appId).update(request.rawBody).digest('hex')]
  return wanted.some((want) => isSame(given, want)) ? 'valid' : 'invalid'
}

/**
 * Taobao SPI: upper-case hex MD5 over secret + sorted (name + value) of the query and of the headers that `top-sign-list`
 * names + body + secret; `sign_method` hmac and hmac-sha256 key the digest with the secret instead. A request without
 * `sign` in its query does not use the scheme: TMC messages and fetched bodies are not signed one by one.
 */
function taobao(request: Keyed): SignatureVerdict {
  const query = request.query ?? {}
  const given = query['sign']
  if (given === undefined || given === '') return 'unsigned'
  const signed = new Map(Object.entries(query).filter(([name]) => name !== 'sign'))
  for (const name of (headerOf(request.headers, 'top-sign-list') ?? '').split(',').map((one) => one.trim()))
    if (name !== '') signed.set(name, headerOf(request.headers, name.toLowerCase()) ?? '')
  const pairs = [...signed].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([name, value]) => `${name}${value ?? ''}`)
  return isSame(given.toUpperCase(), topDigest(query['sign_method'] ?? 'md5', pairs.join(''), request)) ? 'valid' : 'invalid'
}

function topDigest(method: string, pairs: string, { secret, rawBody }: Keyed): string {
  const digest =
    method === 'md5'
      ? createHash('md5').update(secret).update(pairs).update(rawBody).update(secret)
      : createHmac(method === 'hmac-sha256' ? 'sha256' : 'md5', secret)
          .update(pairs)
          .update(rawBody)
  return digest.digest('hex').toUpperCase()
}

const schemes: Readonly<Record<string, (request: Keyed) => SignatureVerdict>> = {
  shopify: base64Hmac('x-shopify-hmac-sha256'),
  woocommerce: base64Hmac('x-wc-webhook-signature'),
  douyin,
  taobao,
}

/** Whether the request's body comes from the platform, over the bytes as received. */
export function verifySignature(platform: string, request: SignedRequest): SignatureVerdict {
  const scheme = Object.hasOwn(schemes, platform) ? schemes[platform] : undefined
  const { secret } = request
  if (!scheme || secret === undefined || secret === '') return 'unsigned'
  return scheme({ ...request, secret })
}
