/** A payment entry as rules see it; amounts in minor units, positive except for adjust. */
export type LedgerEntry = {
  readonly kind: 'authorise' | 'capture' | 'void' | 'refund' | 'chargeback' | 'adjust'
  readonly method: string
  readonly amount: number
  readonly paymentRef?: string | undefined
  /** A refund that goes back by another way than the money came. */
  readonly crossMethod?: true | undefined
}

/** What was paid by one method. */
export type MethodBalance = {
  readonly method: string
  /** Authorised and neither captured nor voided. */
  readonly authorised: number
  readonly captured: number
  readonly refunded: number
  /** The part of `refunded` that was captured by other methods. */
  readonly refundedAcross: number
  readonly chargedBack: number
}

/** What a ledger says, worked out from its entries; nothing of it is stored. */
export type LedgerBalance = {
  readonly methods: readonly MethodBalance[]
  readonly authorised: number
  readonly captured: number
  readonly refunded: number
  readonly chargedBack: number
  /** Signed corrections of what the buyer owes: written off, store credit (+), extra charge (−). No method gives them back. */
  readonly adjusted: number
}

type Open = { readonly method: string; readonly ref: string | undefined; amount: number }
type Mutable = { -readonly [K in keyof MethodBalance]: MethodBalance[K] }

/**
 * Adds up a ledger, oldest entry first. A capture uses up open authorisations of its method, those with its paymentRef (or with none on either side),
 * oldest first; what goes beyond them is a direct sale. A void does the same without a rest.
 */
export function balanceOf(entries: readonly LedgerEntry[]): LedgerBalance {
  const methods: Mutable[] = []
  const open: Open[] = []
  let adjusted = 0
  for (const entry of entries) {
    if (entry.kind === 'adjust') {
      adjusted += entry.amount
      continue
    }
    let one = methods.find((candidate) => candidate.method === entry.method)
    if (one === undefined)
      methods.push((one = { method: entry.method, authorised: 0, captured: 0, refunded: 0, refundedAcross: 0, chargedBack: 0 }))
    book(one, open, entry)
  }
  const sum = { authorised: 0, captured: 0, refunded: 0, chargedBack: 0 }
  for (const one of methods) {
    sum.authorised += one.authorised
    sum.captured += one.captured
    sum.refunded += one.refunded
    sum.chargedBack += one.chargedBack
  }
  return { methods, ...sum, adjusted }
}

function book(one: Mutable, open: Open[], entry: LedgerEntry): void {
  if (entry.kind === 'authorise') {
    open.push({ method: entry.method, ref: entry.paymentRef, amount: entry.amount })
    one.authorised += entry.amount
  } else if (entry.kind === 'capture') {
    one.captured += entry.amount
    one.authorised -= use(open, entry)
  } else if (entry.kind === 'void') one.authorised -= use(open, entry)
  else if (entry.kind === 'refund') {
    one.refunded += entry.amount
    if (entry.crossMethod) one.refundedAcross += entry.amount
  } else one.chargedBack += entry.amount
}

/** Takes up to the entry's amount from the open authorisations it may use; how much it took. */
function use(open: readonly Open[], entry: LedgerEntry): number {
  let left = entry.amount
  for (const one of open) {
    if (left === 0) break
    if (one.method !== entry.method || (one.ref !== undefined && entry.paymentRef !== undefined && one.ref !== entry.paymentRef)) continue
    const taken = Math.min(one.amount, left)
    one.amount -= taken
    left -= taken
  }
  return entry.amount - left
}

/** Open authorisations of a method and paymentRef: what could still be captured from them, or voided. */
export function openAuthorisation(entries: readonly LedgerEntry[], method: string, paymentRef: string | undefined): number {
  const before = balanceOf(entries).authorised
  const after = balanceOf([...entries, { kind: 'void', method, amount: Number.MAX_SAFE_INTEGER, paymentRef }]).authorised
  return before - after
}

/** Captured money that is neither refunded nor charged back; what the order still costs does not count. */
export const refundableBy = (one: MethodBalance): number => Math.max(0, one.captured - one.refunded + one.refundedAcross - one.chargedBack)

/** The same over all methods: the limit of a refund that may cross them. */
export const refundable = (balance: LedgerBalance): number => Math.max(0, balance.captured - balance.refunded - balance.chargedBack)

/** Captured net of what went back: the money that credit and settlement count on. */
export const capturedNet = (balance: LedgerBalance): number => balance.captured - balance.refunded - balance.chargedBack

/** What of `total` is not covered by money that stayed; negative when overpaid. Authorised money is not paid yet. */
export const due = (balance: LedgerBalance, total: number): number => total - balance.adjusted - capturedNet(balance)

/** True when captured and authorised money covers the total: the order may be worked on. */
export const isCovered = (balance: LedgerBalance, total: number): boolean => due(balance, total) <= balance.authorised
