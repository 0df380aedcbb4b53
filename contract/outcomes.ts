import type { OutcomeDefinition } from './outcomes/definition.ts'
import { changeOutcomes } from './outcomes/change.ts'
import { checkOutcomes } from './outcomes/checks.ts'
import { orderOutcomes } from './outcomes/order.ts'
import { requestOutcomes } from './outcomes/request.ts'
import { reservationOutcomes } from './outcomes/reservation.ts'
import { workOutcomes } from './outcomes/work.ts'
import { webhookOutcomes } from './outcomes/webhook.ts'

/**
 * The catalogue of business refusals. Its order is the precedence: where several rules are broken, the answer names the one that stands first.
 * Problems of the surface and of access (contract/surface-problems.ts, contract/access-problems.ts) come before all of these: such a request never reaches the trade.
 */
export const outcomes = {
  ...requestOutcomes,
  ...webhookOutcomes,
  ...workOutcomes,
  ...reservationOutcomes,
  ...orderOutcomes,
  ...changeOutcomes,
  ...checkOutcomes,
} as const satisfies Record<string, OutcomeDefinition>
export type OutcomeCode = keyof typeof outcomes

/** The same as a list, first precedence first. */
export const outcomeList: readonly (OutcomeDefinition & { readonly code: string; readonly precedence: number })[] = Object.entries(
  outcomes,
).map(([code, definition], i) => ({ code, precedence: i + 1, ...definition }))

const precedences = new Map(outcomeList.map((one) => [one.code, one.precedence]))

/** Position in the catalogue, from 1; smaller wins. Unknown codes come last. */
export const precedenceOf = (code: string): number => precedences.get(code) ?? Number.POSITIVE_INFINITY

/** The refusal that is answered where several were found: the one that stands first in the catalogue; undefined for none. */
export function firstByPrecedence<R extends { readonly code: string }>(refusals: readonly R[]): R | undefined {
  let first: R | undefined
  for (const one of refusals) if (first === undefined || precedenceOf(one.code) < precedenceOf(first.code)) first = one
  return first
}
