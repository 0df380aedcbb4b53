import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto'
import { type OrderId, parseId } from '../../kernel/ids.ts'
import { DAY, type Instant, instant } from '../../kernel/time.ts'

const LINK_DAYS = 90
const BASE = 36

/**
 * Links to one order for who holds them: `<order>.<end>.<HMAC-SHA256>`. Nothing is stored: the signature is the right, and it is looked
 * at before anything is read. The key is made from the hub's, for this purpose alone; a new oldest master key ends all links.
 */
export class TrackLinks {
  readonly #key: KeyObject

  constructor(indexKey: KeyObject) {
    this.#key = createSecretKey(createHmac('sha256', indexKey).update('fulcrum track links').digest())
  }

  make(orderId: OrderId, now: Instant): { readonly token: string; readonly expiresAt: Instant } {
    const expiresAt = instant(now + LINK_DAYS * DAY)
    const signed = `${orderId}.${Number(expiresAt).toString(BASE)}`
    return { token: `${signed}.${this.#sign(signed).toString('base64url')}`, expiresAt }
  }

  /** The order that a token leads to; undefined where the hub did not sign it or its time is over. */
  open(token: string, now: Instant): OrderId | undefined {
    const [order = '', end = '', signature = ''] = token.split('.')
    const expected = this.#sign(`${order}.${end}`)
    const got = Buffer.from(signature, 'base64url')
    if (got.length !== expected.length || !timingSafeEqual(got, expected)) return undefined
    return Number.parseInt(end, BASE) > now ? parseId('ord', order) : undefined
  }

  #sign(text: string): Buffer {
    return createHmac('sha256', this.#key).update(text).digest()
  }
}
