import { createHash } from 'node:crypto'
import { totalOf } from '../shoppers/purchase.ts'
import { seconds } from './local-time.ts'
import type { PlatformCall, Stage } from './stage.ts'

const APP_ID = '7000000000000000042'
const orderNo = (serial: number): string => `69${String(serial).padStart(17, '0')}`
const sealed = (text: string): string => `##${Buffer.from(text).toString('base64')}*sim#1##`

/** The order of Doudian's order.orderDetail: fen, epoch seconds with 0 for never, buyers encrypted. */
export function douyinCall(stage: Stage, secret: string): PlatformCall {
  const body = Buffer.from(JSON.stringify(orderOf(stage)))
  const sign = createHash('sha256').update(APP_ID).update(body).update(secret).digest('hex')
  return { body, headers: { 'event-sign': sign, 'app-id': APP_ID }, query: {} }
}

/** What order.searchList answers. */
export const douyinList = (stages: readonly Stage[]): Uint8Array =>
  Buffer.from(JSON.stringify({ code: 10000, data: { total: stages.length, shop_order_list: stages.map(orderOf) } }))

const stateOf = ({ isPaid, isCancelled }: Stage): number => (isCancelled ? (isPaid ? 21 : 4) : isPaid ? 2 : 1)

function orderOf(stage: Stage): object {
  const { purchase, at } = stage
  const { buyer, lines, serial } = purchase
  const { home } = buyer
  const total = totalOf(purchase)
  const state = stateOf(stage)
  const paid = stage.isPaid
    ? { pay_time: seconds(Math.min(at, purchase.paidAt ?? at)), channel_payment_no: `dy${serial}` }
    : { pay_time: 0 }
  return {
    order_id: orderNo(serial),
    order_level: 2,
    order_status: stage.isCancelled ? 4 : state,
    main_status: state,
    create_time: seconds(purchase.placedAt),
    update_time: seconds(at),
    finish_time: stage.isCancelled ? seconds(at) : 0,
    ...paid,
    ...(stage.isCancelled ? { cancel_reason: '买家取消' } : {}),
    order_amount: total,
    pay_amount: total,
    post_amount: purchase.shipping,
    promotion_amount: lines.reduce((sum, line) => sum + line.discount, 0),
    pay_type: 2,
    shop_id: 42,
    doudian_open_id: `1@#${buyer.no.toString(36)}==`,
    mask_post_receiver: `${buyer.name.slice(0, 1)}**`,
    mask_post_tel: `1********${buyer.phone.slice(9)}`,
    encrypt_post_receiver: sealed(buyer.name),
    encrypt_post_tel: sealed(buyer.phone),
    post_receiver: sealed(buyer.name),
    post_tel: sealed(buyer.phone),
    buyer_words: purchase.note,
    post_addr: {
      province: { name: home.region, id: '0' },
      city: { name: `${home.city}市`, id: '0' },
      town: { name: home.district, id: '0' },
      street: { name: home.line1.split(' ')[0] ?? '', id: '0' },
      encrypt_detail: sealed(home.line1),
    },
    user_coordinate: { user_coordinate_latitude: String(home.lat), user_coordinate_longitude: String(home.lng) },
    sku_order_list: lines.map((line, i) => ({
      order_id: orderNo(serial * 10 + i + 1),
      parent_order_id: orderNo(serial),
      order_status: stage.isCancelled ? 4 : state,
      code: line.sku,
      product_name: line.name,
      item_num: line.quantity,
      origin_amount: line.unitPrice,
      sum_amount: line.unitPrice * line.quantity,
      promotion_amount: line.discount,
      pay_amount: line.unitPrice * line.quantity - line.discount,
      post_amount: 0,
      goods_type: 0,
    })),
  }
}
