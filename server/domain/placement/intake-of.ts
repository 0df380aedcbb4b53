import type { OrderInput, PaymentInput } from '../../../contract/entities/order.ts'
import type { OrderId } from '../../kernel/ids.ts'
import { minor } from '../../kernel/money.ts'
import { type Instant, parseInstant, toIso } from '../../kernel/time.ts'
import { exactRate } from '../money/price-sale.ts'
import type { OrderMoney, OrderRates } from '../money/totals.ts'
import type { LineIntake, OrderIntake } from '../order/state.ts'
import { ZERO_RATE } from '../tax/rate.ts'
import type { ChannelPolicy } from './facts.ts'

export type Taking = {
  readonly order: OrderInput
  readonly orderId: OrderId
  readonly shard: number
  readonly platformVersion?: number
  readonly channel: Pick<ChannelPolicy, 'requiresPayment' | 'captureAt'>
  readonly money: OrderMoney
  readonly tax: { readonly rates: OrderRates }
  readonly isBusiness: boolean
  /** From the compliance check. */
  readonly provenAge: number | undefined
  readonly isDigital: (line: OrderInput['lines'][number]) => boolean
}

/** What is kept of an order for ever: its lines and prices, where it goes, and nothing that identifies a person. */
export function intakeOf(taking: Taking, now: Instant): OrderIntake {
  const { order, money, channel } = taking
  const lines = order.lines.map((line, i): LineIntake => {
    const priced = money.lines[i]
    const taxRate = exactRate(taking.tax.rates.lines[i] ?? ZERO_RATE)
    return {
      lineRef: line.lineRef,
      sku: line.sku,
      ...(line.name === undefined ? {} : { name: line.name }),
      quantity: line.quantity,
      unitPrice: line.unitPrice,
      discount: priced?.discount ?? 0,
      tax: priced?.tax ?? 0,
      total: priced?.gross ?? 0,
      ...(taxRate === undefined ? {} : { taxRate }),
      ...(line.taxClass === undefined ? {} : { taxClass: line.taxClass }),
      ...(line.attributes === undefined ? {} : { attributes: line.attributes }),
      ...(taking.isDigital(line) ? { isDigital: true } : {}),
    }
  })
  return {
    orderId: taking.orderId,
    shard: taking.shard,
    channelId: order.channelId,
    externalRef: order.externalRef,
    placedAt: (order.placedAt === undefined ? undefined : parseInstant(order.placedAt)) ?? now,
    receivedAt: now,
    currency: order.currency,
    ...(order.accountId === undefined ? {} : { accountId: order.accountId }),
    ...(order.customer?.customerRef === undefined ? {} : { customerRef: order.customer.customerRef }),
    requiresPayment: channel.requiresPayment ?? order.accountId === undefined,
    ...(channel.captureAt === 'order' ? { captureAt: channel.captureAt } : {}),
    totals: money.totals,
    ...(order.taxesIncluded === false ? { taxesIncluded: false } : {}),
    ...shippingRateOf(taking.tax.rates),
    ...(taking.isBusiness ? { isBusiness: true } : {}),
    shipTo: placeOf(order.shipTo),
    lines,
    ...(order.promisedBy === undefined ? {} : { promisedBy: parseInstant(order.promisedBy) ?? now }),
    ...(order.pickup === undefined ? {} : { pickup: order.pickup }),
    ...(order.requestedService === undefined ? {} : { requestedService: order.requestedService }),
    ...(order.documents === undefined ? {} : { documents: order.documents }),
    ...(taking.provenAge === undefined ? {} : { provenAge: taking.provenAge }),
    ...(order.attributes === undefined ? {} : { attributes: order.attributes }),
    ...(taking.platformVersion === undefined ? {} : { platformVersion: taking.platformVersion }),
  }
}

/** Country to city, and coordinates rounded to 0.01°. */
export function placeOf({ countryCode, region, city, lat, lng }: OrderInput['shipTo']): OrderIntake['shipTo'] {
  return {
    countryCode,
    ...(region === undefined ? {} : { region }),
    ...(city === undefined ? {} : { city }),
    ...(lat === undefined || lng === undefined ? {} : { lat: Math.round(lat * 100) / 100, lng: Math.round(lng * 100) / 100 }),
  }
}

/** Kept where delivery has a rate of its own that the lines' would not give. */
export function shippingRateOf({ lines, shipping }: OrderRates): Pick<OrderIntake, 'shippingRate'> {
  if (shipping === undefined || (shipping.add === 0 && lines.every((rate) => rate.add === 0))) return {}
  return { shippingRate: { add: shipping.add, one: shipping.one } }
}

/** An entry as it comes in; that a refund may cross methods was decided by who asked. */
export type NewEntry = PaymentInput & { readonly crossMethod?: true }
export type EntryData = {
  kind: PaymentInput['kind']
  method: string
  amount: number
  paymentRef?: string
  crossMethod?: true
  occurredAt: string
}

/** Payment input as the ledger keeps it; without a time of its own an entry happened now. */
export function paymentEntries(inputs: readonly NewEntry[], now: Instant): EntryData[] {
  return inputs.map((entry) => ({
    kind: entry.kind,
    method: entry.method,
    amount: minor(entry.amount),
    ...(entry.paymentRef === undefined ? {} : { paymentRef: entry.paymentRef }),
    ...(entry.crossMethod === undefined ? {} : { crossMethod: entry.crossMethod }),
    occurredAt: toIso((entry.occurredAt === undefined ? undefined : parseInstant(entry.occurredAt)) ?? now),
  }))
}

/** The first event of an order: what came in. */
export function receivedData(intake: OrderIntake) {
  return {
    channelId: intake.channelId,
    externalRef: intake.externalRef,
    placedAt: toIso(intake.placedAt),
    currency: intake.currency,
    totals: { ...intake.totals },
    shipTo: intake.shipTo,
    requiresPayment: intake.requiresPayment,
    lines: intake.lines.map(({ lineRef, sku, quantity, unitPrice }) => ({ lineRef, sku, quantity, unitPrice })),
  }
}
