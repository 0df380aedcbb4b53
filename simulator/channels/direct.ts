import type { OrderInput } from '../../contract/entities/order.ts'
import { type Purchase, totalOf } from '../shoppers/purchase.ts'

export const directRef = (purchase: Purchase): string => `${purchase.channel.channelId.toUpperCase()}${purchase.serial}`

/** An order of our own app or of a company's purchasing, as POST /v1/orders takes it. */
export function directOrder(purchase: Purchase, isPaid: boolean): OrderInput {
  const { buyer, accountId } = purchase
  const { home } = buyer
  const capture = {
    kind: 'capture' as const,
    method: 'wechat',
    amount: totalOf(purchase),
    paymentRef: `wx-${purchase.serial}`,
  }
  return {
    channelId: purchase.channel.channelId,
    externalRef: directRef(purchase),
    placedAt: new Date(purchase.placedAt).toISOString(),
    currency: 'CNY',
    customer: { name: buyer.name, phone: buyer.phone, bornOn: buyer.bornOn, customerRef: `${purchase.channel.channelId}-${buyer.no}` },
    ...(accountId === undefined ? {} : { accountId }),
    shipTo: {
      name: buyer.name,
      phone: buyer.phone,
      countryCode: 'CN',
      region: home.region,
      city: home.city,
      district: home.district,
      line1: home.line1,
      postalCode: home.postalCode,
      lat: home.lat,
      lng: home.lng,
    },
    lines: purchase.lines.map(({ sku, quantity, unitPrice, discount }, i) => ({
      lineRef: String(i + 1),
      sku,
      quantity,
      unitPrice,
      ...(discount === 0 ? {} : { discount }),
    })),
    shipping: { amount: purchase.shipping },
    ...(isPaid ? { payments: [capture] } : {}),
    ...(purchase.note === '' ? {} : { note: purchase.note }),
  }
}

/** What pays for it later. */
export const directPayment = (purchase: Purchase) =>
  ({ kind: 'capture', method: 'wechat', amount: totalOf(purchase), paymentRef: `wx-${purchase.serial}` }) as const
