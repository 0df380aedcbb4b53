import { accessProblems } from '../../contract/access-problems.ts'
import { outcomes } from '../../contract/outcomes.ts'
import type { ProblemDefinition } from '../../contract/surface-problems.ts'

/** Every refusal of the trade and of access, as what it means for a caller. */
export const outcomeProblems: Readonly<Record<string, ProblemDefinition>> = { ...accessProblems, ...outcomes }
