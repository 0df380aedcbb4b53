import { balanceOf, due, type LedgerEntry } from './ledger.ts'

/** What is owed for an order, what it cost, and whether it is at work. */
export type Owing = { readonly total: number; readonly isAtWork: boolean }

/**
 * What of the money that went back is not asked for again after further entries and then another total; minor units. Of an order at work a
 * refund settles what was due back, and beyond that it is goodwill and waived; before that it has to come again. What the order costs less
 * later (units cancelled, a lower price, money written off) was given back with it: goodwill counts for that first, so refund and cancellation
 * come to the same in either order. Whatever is added after that is asked for in full.
 */
export function waivedAfter(
  waived: number,
  entries: readonly LedgerEntry[],
  added: readonly LedgerEntry[],
  was: Owing,
  total: number,
): number {
  const ledger = [...entries]
  let kept = waived
  const asked = (owed: number): number => due(balanceOf(ledger), owed) - kept
  /** Takes from what is waived what would be due back because less is owed. */
  const absorb = (before: number, after: number): void => {
    const more = Math.max(0, -after) - Math.max(0, -before)
    if (after < before) kept -= Math.min(kept, Math.max(0, more))
  }
  for (const entry of added) {
    const before = asked(was.total)
    ledger.push(entry)
    if (entry.kind === 'refund' && was.isAtWork) kept += Math.max(0, entry.amount - Math.max(0, -before))
    else if (entry.kind === 'adjust') absorb(before, asked(was.total))
  }
  absorb(asked(was.total), asked(total))
  return kept
}
