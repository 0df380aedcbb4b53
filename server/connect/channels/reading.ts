import type { MappingIssue, Severity } from '../../engine/ports/channel-mapper.ts'
import type { Condition, Mapping } from './mapping.ts'
import { findAll, isBlank, textOf, type Found } from './path.ts'

/** One order being read: its scope, what is known so far, and the issues found on the way. */
export type Reading = {
  readonly mapping: Mapping
  readonly root: Found
  /** Zone for times without one: the channel's, where its owner set it. */
  readonly zone: string | undefined
  /** Digits of the order's currency. */
  readonly digits: number
  readonly issues: MappingIssue[]
  /** Sum of the lines' discounts in minor units, once the lines are read. */
  readonly linesDiscount: number
}

const ISSUES_MAX = 200

export function report(reading: Reading, issue: MappingIssue): void {
  if (reading.issues.length < ISSUES_MAX) reading.issues.push(issue)
  // Beyond the limit only a worse verdict matters.
  else if (issue.severity === 'error' && !reading.issues.some((known) => known.severity === 'error')) reading.issues[ISSUES_MAX - 1] = issue
}

/** What was got, for an issue: the value itself, or only its kind and length where it may be about a person. */
export function describe(value: unknown, isPersonal = false): string {
  if (value === undefined) return 'nothing'
  if (value === null) return 'null'
  if (Array.isArray(value)) return `a list of ${value.length}`
  if (typeof value === 'object') return `an object with ${Object.keys(value).slice(0, 8).join(', ') || 'no fields'}`.slice(0, 160)
  const text = typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? String(value) : typeof value
  if (isPersonal) return `a ${typeof value} of ${text.length} characters`
  return typeof value === 'string' ? JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text) : text
}

export const issue = (code: string, severity: Severity, path: string, expected: string, got: string): MappingIssue => ({
  code,
  severity,
  path,
  expected,
  got,
})

/** Where a path starts: the order for `/path`, else the scope. */
export const from = (reading: Reading, scope: Found, path: string): readonly Found[] =>
  path.startsWith('/') ? findAll(reading.root, path.slice(1)) : findAll(scope, path)

export function holdsAll(reading: Reading, scope: Found, conditions: readonly Condition[]): boolean {
  return conditions.every((condition) => holds(condition, from(reading, scope, condition.path)))
}

const patterns = new Map<string, RegExp>()
function patternOf(text: string): RegExp {
  const known = patterns.get(text) ?? new RegExp(text, 'iu')
  patterns.set(text, known)
  return known
}

/** `is`, `matches` and `exists` ask for any value on the path, `not` for none. */
export function holds(condition: Condition, found: readonly Found[]): boolean {
  const texts = found.map((one) => (one.value === null ? 'null' : textOf(one.value)))
  if (condition.exists !== undefined && found.some((one) => !isBlank(one.value)) !== condition.exists) return false
  const { matches } = condition
  if (matches !== undefined && !texts.some((text) => text !== undefined && patternOf(matches).test(text))) return false
  if (condition.is && !condition.is.some((want) => texts.includes(String(want)))) return false
  return !condition.not?.some((want) => texts.includes(String(want)))
}
