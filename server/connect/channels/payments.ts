import type { PaymentInput } from '../../../contract/entities/order.ts'
import { readMoney } from './amounts.ts'
import { defined, readIso, readText } from './fields.ts'
import { from, holdsAll, issue, report, type Reading } from './reading.ts'

const PAYMENTS_MAX = 50

/** What has been paid and paid back, by the platform's account; zero amounts are no payments. */
export function readPayments(reading: Reading): readonly PaymentInput[] {
  const payments: PaymentInput[] = []
  for (const rule of reading.mapping.payments) {
    const scopes = rule.each === undefined ? [reading.root] : from(reading, reading.root, rule.each)
    for (const scope of scopes) {
      if (rule.when && !holdsAll(reading, scope, rule.when)) continue
      const amount = readMoney(reading, scope, rule.amount)
      if (amount === undefined || amount <= 0) continue
      const method = readText(reading, scope, { ...rule.method, max: 64 }) ?? 'channel'
      payments.push({
        kind: rule.kind,
        method,
        amount,
        ...defined({
          paymentRef: rule.paymentRef && readText(reading, scope, rule.paymentRef),
          occurredAt: readIso(reading, scope, rule.occurredAt),
        }),
      })
    }
  }
  if (payments.length > PAYMENTS_MAX)
    report(reading, issue('payments_too_many', 'warning', 'payments', `at most ${PAYMENTS_MAX}`, `${payments.length}`))
  return payments.slice(0, PAYMENTS_MAX)
}
