import { createHash } from 'node:crypto'
import { totalOf } from '../shoppers/purchase.ts'
import { beijing, yuan } from './local-time.ts'
import type { PlatformCall, Stage } from './stage.ts'

/** Trade numbers are beyond 2^53 and sent as JSON numbers: the body is text, never a JavaScript number. */
const tradeNo = (serial: number): string => `3${String(serial).padStart(18, '0')}`
const mask = (text: string, keep: number): string => text.slice(0, keep) + '*'.repeat(Math.max(2, text.length - keep))

/** The body of taobao.trade.fullinfo.get, whose buyers are masked, signed as an SPI call. */
export function taobaoCall(stage: Stage, secret: string): PlatformCall {
  const body = bodyOf({ trade_fullinfo_get_response: { trade: tradeOf(stage) } })
  const query: Record<string, string> = { method: 'taobao.trade.push', timestamp: beijing(stage.at), sign_method: 'md5' }
  const pairs = Object.entries(query)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => name + value)
    .join('')
  const sign = createHash('md5').update(secret).update(pairs).update(body).update(secret).digest('hex').toUpperCase()
  return { body, headers: {}, query: { ...query, sign } }
}

/** What taobao.trades.sold.get answers. */
export const taobaoList = (stages: readonly Stage[]): Uint8Array =>
  bodyOf({ trades_sold_get_response: { total_results: stages.length, trades: { trade: stages.map(tradeOf) } } })

/** Numbers in text, marked, become JSON numbers of any length. */
const bodyOf = (answer: object): Buffer => Buffer.from(JSON.stringify(answer).replaceAll(/"#(\d+)#"/g, '$1'))

const stateOf = ({ isPaid, isCancelled }: Stage): string =>
  isCancelled ? (isPaid ? 'TRADE_CLOSED' : 'TRADE_CLOSED_BY_TAOBAO') : isPaid ? 'WAIT_SELLER_SEND_GOODS' : 'WAIT_BUYER_PAY'

function tradeOf(stage: Stage): object {
  const { purchase, at } = stage
  const { buyer, lines, serial } = purchase
  const tid = tradeNo(serial)
  const status = stateOf(stage)
  const paid = stage.isPaid ? { pay_time: beijing(Math.min(at, purchase.paidAt ?? at)), alipay_no: `2026${serial}` } : {}
  const orders = lines.map((line, i) => ({
    oid: `#${tradeNo(serial * 10 + i + 1)}#`,
    status,
    num: line.quantity,
    outer_sku_id: line.sku,
    title: line.name,
    price: yuan(line.unitPrice),
    discount_fee: yuan(line.discount),
    adjust_fee: '0.00',
    part_mjz_discount: '0.00',
    payment: yuan(line.unitPrice * line.quantity - line.discount),
  }))
  return {
    tid: `#${tid}#`,
    status,
    type: 'fixed',
    created: beijing(purchase.placedAt),
    modified: beijing(at),
    ...paid,
    ...(stage.isCancelled ? { end_time: beijing(at), close_reason: '买家不想要了' } : {}),
    payment: yuan(totalOf(purchase)),
    total_fee: yuan(lines.reduce((sum, line) => sum + line.unitPrice * line.quantity, 0)),
    post_fee: yuan(purchase.shipping),
    discount_fee: '0.00',
    buyer_open_uid: `AAF-${buyer.no.toString(36)}`,
    buyer_nick: mask(buyer.name, 1),
    receiver_name: mask(buyer.name, 1),
    receiver_mobile: `${buyer.phone.slice(0, 3)}****${buyer.phone.slice(7)}`,
    receiver_state: buyer.home.region,
    receiver_city: `${buyer.home.city}市`,
    receiver_district: buyer.home.district,
    receiver_address: mask(buyer.home.line1, 6),
    receiver_zip: '000000',
    buyer_message: purchase.note,
    orders: { order: orders },
  }
}
