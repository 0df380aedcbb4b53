import type { Words } from '../../kernel/words.ts'
import { balanceOf, type LedgerBalance, type LedgerEntry, openAuthorisation, refundable, refundableBy } from './ledger.ts'

type Limit = {
  readonly code: 'capture_exceeds_authorised' | 'void_exceeds_authorised' | 'refund_exceeds_captured' | 'chargeback_exceeds_captured'
  /** What the limit is, for a person. */
  readonly says: Words
  /** The most that an entry of this kind may be worth after these entries; undefined = no limit. */
  readonly max: (before: readonly LedgerEntry[], entry: LedgerEntry) => number | undefined
}

/**
 * The legal sequences of a payment, as the limit that each kind of entry has in what went before. Kinds without one may come at any time.
 * A refund never depends on what the order still costs; a bank may take back what was refunded already: only captured money limits it.
 */
export const entryLimits: Readonly<Record<LedgerEntry['kind'], Limit | undefined>> = {
  authorise: undefined,
  capture: {
    code: 'capture_exceeds_authorised',
    says: { en: 'more than is authorised by this payment and open', zh: '超过该笔授权的剩余金额' },
    max: capturable,
  },
  void: {
    code: 'void_exceeds_authorised',
    says: { en: 'more than is authorised and open', zh: '超过已授权的剩余金额' },
    max: (before, entry) => openAuthorisation(before, entry.method, entry.paymentRef),
  },
  refund: {
    code: 'refund_exceeds_captured',
    says: { en: 'more than can be given back by this method', zh: '超过该支付方式可退的金额' },
    max: givenBack,
  },
  chargeback: {
    code: 'chargeback_exceeds_captured',
    says: { en: 'more than was captured by this method', zh: '超过该支付方式已扣款的金额' },
    max: chargeable,
  },
  adjust: undefined,
}

/** A capture that names an authorised payment takes from it; any other is a sale of its own. */
function capturable(before: readonly LedgerEntry[], { method, paymentRef }: LedgerEntry): number | undefined {
  if (paymentRef === undefined) return undefined
  const isAuthorised = before.some((one) => one.kind === 'authorise' && one.method === method && one.paymentRef === paymentRef)
  return isAuthorised ? openAuthorisation(before, method, paymentRef) : undefined
}

function givenBack(before: readonly LedgerEntry[], { method, crossMethod }: LedgerEntry): number {
  const balance = balanceOf(before)
  if (crossMethod) return refundable(balance)
  const own = methodOf(balance, method)
  return own === undefined ? 0 : Math.min(refundableBy(own), refundable(balance))
}

function chargeable(before: readonly LedgerEntry[], { method }: LedgerEntry): number {
  const own = methodOf(balanceOf(before), method)
  return own === undefined ? 0 : own.captured - own.chargedBack
}

const methodOf = (balance: LedgerBalance, method: string) => balance.methods.find((one) => one.method === method)

/** True where an entry goes beyond what went before it: late, doubled or out of order. What a platform reports is kept all the same. */
export function isContradictory(before: readonly LedgerEntry[], entry: LedgerEntry): boolean {
  const max = entryLimits[entry.kind]?.max(before, entry)
  return max !== undefined && entry.amount > max
}
