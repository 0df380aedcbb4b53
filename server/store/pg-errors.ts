import pg from 'pg'
import { Defect } from '../kernel/assert.ts'
import { Fault, type Retry } from '../kernel/fault.ts'

type Rule = { readonly code: string; readonly retry: Retry; readonly says: string }

/** By SQLSTATE, or its class of two characters where no exact one is listed (postgresql.org/docs/18/errcodes-appendix.html). */
const RULES: Readonly<Record<string, Rule>> = {
  '40001': { code: 'database_conflict', retry: 'now', says: 'another transaction got in between' },
  '40P01': { code: 'database_conflict', retry: 'now', says: 'deadlock: this transaction was chosen to give way' },
  '40003': { code: 'database_outcome_unknown', retry: 'later', says: 'whether the transaction was committed is not known' },
  '55P03': { code: 'database_busy', retry: 'later', says: 'a lock was not free in time' },
  '57014': { code: 'database_busy', retry: 'later', says: 'the statement was cancelled or took too long' },
  '25006': { code: 'database_read_only', retry: 'later', says: 'this server only reads now (a standby, or in maintenance)' },
  '53': { code: 'database_exhausted', retry: 'later', says: 'out of connections, memory or disk' },
  '57': { code: 'database_lost', retry: 'later', says: 'the server is shutting down or starting' },
  '58': { code: 'database_broken', retry: 'later', says: 'the server met an error of its system' },
  '08': { code: 'database_lost', retry: 'later', says: 'the connection broke' },
  XX: { code: 'database_broken', retry: 'never', says: 'the server met an internal error' },
  '28': { code: 'database_refused', retry: 'never', says: 'user or password were not accepted' },
  '3D': { code: 'database_refused', retry: 'never', says: 'there is no such database' },
}

/** What Node reports when the way to the server breaks. */
const NETWORK = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOENT',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EACCES',
])
/** What pg says when it has no code for it. */
const LOST =
  /^(Connection terminated|timeout expired|timeout exceeded when trying to connect|Query read timeout|Client (was closed|has encountered a connection error))/

/**
 * Translates what `pg` throws, by SQLSTATE and never by the words of the server. A violated constraint or a statement that
 * the schema does not fit is a Defect, unless the caller expects it and asks {@link violatedConstraint} first. Faults and Defects pass as they are.
 */
export function toFault(error: unknown, during: string): Fault | Defect {
  if (error instanceof Fault || error instanceof Defect) return error
  if (error instanceof pg.DatabaseError) return fromServer(error, during)
  const message = error instanceof Error ? error.message : String(error)
  const code = networkCode(error)
  if (NETWORK.has(code) || LOST.test(message)) {
    return new Fault('database_lost', `${during}: the database cannot be reached (${message || code})`, 'later', { cause: error })
  }
  return defect(`${during}: ${message}`, error)
}

function fromServer(error: pg.DatabaseError, during: string): Fault | Defect {
  const state = error.code ?? ''
  const rule = RULES[state] ?? RULES[state.slice(0, 2)]
  if (rule !== undefined) return new Fault(rule.code, `${during}: ${rule.says} (${state})`, rule.retry, { cause: error })
  const named = error.constraint === undefined ? '' : ` constraint ${error.constraint}`
  return defect(`${during}: ${state}${named} ${error.message}`, error)
}

/** Node gathers the failures of several addresses in one AggregateError, which carries the code as well. */
const networkCode = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : '')

function defect(message: string, cause: unknown): Defect {
  const made = new Defect(message)
  made.cause = cause
  return made
}

/** The name of the constraint that a statement violated (SQLSTATE class 23), or undefined for any other error; looks through a translated one. */
export function violatedConstraint(error: unknown): string | undefined {
  const original = error instanceof Defect || error instanceof Fault ? error.cause : error
  return original instanceof pg.DatabaseError && original.code?.startsWith('23') ? original.constraint : undefined
}

/** Whether the fate of a commit is open after this error: the connection broke before the answer came. */
export const isOutcomeUnknown = (error: unknown): boolean =>
  error instanceof Fault && (error.code === 'database_lost' || error.code === 'database_outcome_unknown')
