import type { PaymentInput } from '../../../contract/entities/order.ts'

/**
 * Bodies tell the state of an account, not its entries: a part payment that became whole comes as one larger amount.
 * So amounts are compared per account line (kind and the platform's reference, or the method where it gives none).
 */
const lineOf = (payment: PaymentInput): string =>
  JSON.stringify([payment.kind, payment.paymentRef ?? null, payment.paymentRef ? null : payment.method])

function totals(payments: readonly PaymentInput[]): Map<string, number> {
  const sums = new Map<string, number>()
  for (const payment of payments) sums.set(lineOf(payment), (sums.get(lineOf(payment)) ?? 0) + payment.amount)
  return sums
}

/** What came on top since the earlier body: whole new entries, and the differences of those that grew. */
export function newPayments(old: readonly PaymentInput[], now: readonly PaymentInput[]): PaymentInput[] {
  const before = totals(old)
  const added: PaymentInput[] = []
  for (const [line, total] of totals(now)) {
    const was = before.get(line)
    const same = now.filter((payment) => lineOf(payment) === line)
    const last = same.at(-1)
    if (was === undefined) added.push(...same)
    else if (last && total > was)
      // A reference names one entry: the difference gets one of its own, the same for the same body.
      added.push({
        ...last,
        amount: total - was,
        ...(last.paymentRef === undefined ? {} : { paymentRef: `${last.paymentRef.slice(0, 100)}~${total}` }),
      })
  }
  return added
}

/**
 * The payments to compare the next body with: for each account line whichever body told of more, so that money
 * which vanishes from one body and is back in the next is not counted twice.
 */
export function knownPayments(old: readonly PaymentInput[], now: readonly PaymentInput[]): PaymentInput[] {
  const [before, after] = [totals(old), totals(now)]
  const ofOld = (payment: PaymentInput): boolean => (before.get(lineOf(payment)) ?? 0) > (after.get(lineOf(payment)) ?? 0)
  return [...old.filter(ofOld), ...now.filter((payment) => !ofOld(payment))]
}

/** True when money that an earlier body told of is gone or less; an authorisation that was used up is not. */
export function isPaymentWithdrawn(old: readonly PaymentInput[], now: readonly PaymentInput[]): boolean {
  const after = totals(now)
  const lasting = old.filter((payment) => payment.kind !== 'authorise')
  return [...totals(lasting)].some(([line, total]) => (after.get(line) ?? 0) < total)
}
