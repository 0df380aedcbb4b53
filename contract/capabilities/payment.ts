import { Type, type TSchema } from 'typebox'
import type { Permission } from '../access.ts'
import { type Bilingual, defineCapability } from '../capability.ts'
import { closed, Ref } from '../entities/basics.ts'
import { Order, PaymentInput } from '../entities/order.ts'
import { OrderIdText } from './order.ts'

const params = Type.Object({ orderId: OrderIdText }, closed)
const Entry = Type.Omit(PaymentInput, ['kind'], closed)
const Refund = Type.Object(
  {
    ...Entry.properties,
    /** Give back by another method than the money came; needs the permission order.refundAcross. */
    crossMethod: Type.Optional(Type.Literal(true)),
  },
  closed,
)
const Adjustment = Type.Object(
  {
    /** Minor units, signed: + what the buyer need not pay (written off, store credit), − what is charged on top. */
    amount: PaymentInput.properties.amount,
    method: Type.Optional(PaymentInput.properties.method),
    paymentRef: Type.Optional(Ref),
    occurredAt: PaymentInput.properties.occurredAt,
  },
  closed,
)

function entry<const V extends string, const R extends Permission, const B extends TSchema>(
  verb: V,
  permission: R,
  summary: Bilingual,
  body: B,
  outcomes: readonly string[],
) {
  return defineCapability({
    name: `payment.${verb}` as `payment.${V}`,
    method: 'POST',
    path: `/v1/orders/{orderId}/payments/${verb}` as `/v1/orders/{orderId}/payments/${V}`,
    kind: 'write',
    permission,
    summary,
    params,
    body,
    versioned: true,
    output: { 200: Order },
    outcomes: ['order_unknown', 'version_conflict', 'action_not_allowed', 'payment_amount_invalid', ...outcomes],
    slaMs: 100,
  })
}

export const paymentList = [
  entry('authorise', 'order.pay', { en: 'Record an authorisation', zh: '登记授权' }, Entry, []),
  entry('capture', 'order.pay', { en: 'Record a capture', zh: '登记扣款' }, Entry, ['capture_exceeds_authorised']),
  entry('void', 'order.pay', { en: 'Record the void of an authorisation', zh: '登记授权撤销' }, Entry, ['void_exceeds_authorised']),
  entry('refund', 'order.refund', { en: 'Record a refund', zh: '登记退款' }, Refund, ['refund_exceeds_captured']),
  entry('chargeback', 'order.pay', { en: 'Record a chargeback', zh: '登记拒付' }, Entry, ['chargeback_exceeds_captured']),
  entry('adjust', 'order.pay', { en: 'Record an adjustment of what is owed', zh: '登记应付调整' }, Adjustment, []),
] as const
