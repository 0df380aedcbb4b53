import type { Bilingual } from '../capability.ts'
import type { ProblemClass, ProblemDefinition } from '../surface-problems.ts'

/** A business refusal: what it means for the caller, its title, and the rule that was broken. */
export type OutcomeDefinition = ProblemDefinition & { readonly rule: Bilingual }

/** `en` and `zh`: the title, then the rule. */
export const outcome = (
  problemClass: ProblemClass,
  en: readonly [title: string, rule: string],
  zh: readonly [title: string, rule: string],
): OutcomeDefinition => ({ class: problemClass, title: { en: en[0], zh: zh[0] }, rule: { en: en[1], zh: zh[1] } })
