import type { Problem, ProblemItem } from '../../contract/entities/page.ts'
import { surfaceProblems, type ProblemClass, type ProblemDefinition } from '../../contract/surface-problems.ts'
import { Fault } from '../kernel/fault.ts'
import type { Refusal } from '../kernel/outcome.ts'
import type { Words } from '../kernel/words.ts'

/** The one place where a class of problem becomes an HTTP status. */
const statusOfClass: Readonly<Record<ProblemClass, number>> = {
  malformed: 400,
  unauthenticated: 401,
  forbidden: 403,
  notFound: 404,
  methodNotAllowed: 405,
  timeout: 408,
  conflict: 409,
  gone: 410,
  preconditionFailed: 412,
  tooLarge: 413,
  unsupportedType: 415,
  contradictory: 422,
  throttled: 429,
  headersTooLarge: 431,
  internal: 500,
  unavailable: 503,
}

export type Language = keyof Words
export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8'
/** Where docs/reference/errors.md is served; the code is the anchor. */
const TYPE_BASE = '/docs#problem-'

/** A problem on its way out: what the caller reads, and how long to wait before another try. */
export type ProblemReply = { readonly problem: Problem; readonly retryAfterSeconds: number | undefined }

/** One of several mistakes in what was sent. */
export type Mistake = Omit<ProblemItem, 'detail'> & { readonly detail: Words }

type More = {
  readonly pointer?: string | undefined
  readonly expected?: unknown
  readonly got?: unknown
  readonly errors?: readonly Mistake[] | undefined
  readonly retryAfterSeconds?: number | undefined
}

/** What a request handler throws to answer with a problem of the surface (never for a rule of the trade: that is a refusal). */
export class SurfaceError extends Error {
  override readonly name = 'SurfaceError'
  readonly code: keyof typeof surfaceProblems
  readonly detail: Words
  readonly more: More
  constructor(code: keyof typeof surfaceProblems, detail: Words, more: More = {}) {
    super(detail.en)
    this.code = code
    this.detail = detail
    this.more = more
  }
}

export type ProblemBook = {
  readonly definitions: ReadonlyMap<string, ProblemDefinition>
  statusOf(code: string): number
  build(code: string, detail: Words, more: More, language: Language, traceId?: string): Problem
  /** Any thrown value as a problem; what it says of a defect is only the trace id. */
  ofThrown(thrown: unknown, language: Language, traceId: string): ProblemReply
  ofRefusal(refusal: Refusal, language: Language, traceId?: string): Problem
}

const RETRY_DEFAULT_SECONDS = 1

/** Every code the hub may answer with: those of the surface and those of the trade. */
export function problemBook(trade: Readonly<Record<string, ProblemDefinition>>): ProblemBook {
  const definitions = new Map<string, ProblemDefinition>([...Object.entries(trade), ...Object.entries(surfaceProblems)])
  const statusOf = (code: string): number => statusOfClass[definitions.get(code)?.class ?? 'internal']
  const build = (code: string, detail: Kept, more: More, language: Language, traceId?: string): Problem => {
    const definition = definitions.get(code)
    const said = saidIn(language, detail)
    const title = definition === undefined ? code : definition.title[language]
    const problem: Problem = {
      type: TYPE_BASE + code,
      title,
      status: statusOf(code),
      code,
      // A detail that adds nothing is the title again, to the letter, so that it can be seen to be the same.
      detail: said.toLowerCase() === title.toLowerCase() ? title : said,
    }
    if (definition?.rule !== undefined) problem.rule = definition.rule[language]
    if (more.pointer !== undefined) problem.pointer = more.pointer
    if (more.expected !== undefined) problem.expected = more.expected
    if (more.got !== undefined) problem.got = more.got
    if (more.errors !== undefined && more.errors.length > 0)
      problem.errors = more.errors.map((one) => ({ ...one, detail: saidIn(language, one.detail) }))
    if (traceId !== undefined) problem.traceId = traceId
    return problem
  }
  return {
    definitions,
    statusOf,
    build,
    ofRefusal: (refusal, language, traceId) => {
      // A refusal whose code no catalogue knows is our mistake, not the caller's; it is still better said than hidden.
      return build(refusal.code, refusal.detail, refusal, language, traceId)
    },
    ofThrown: (thrown, language, traceId) => {
      if (thrown instanceof SurfaceError) {
        const problem = build(thrown.code, thrown.detail, thrown.more, language, traceId)
        return { problem, retryAfterSeconds: retryAfter(problem.status, thrown.more.retryAfterSeconds) }
      }
      if (thrown instanceof Fault) {
        const code = thrown.retry === 'never' ? 'internal' : 'unavailable'
        const problem = build(code, faultDetail[code], {}, language, traceId)
        return { problem, retryAfterSeconds: retryAfter(problem.status, thrown.retryAfterSeconds) }
      }
      return { problem: build('internal', faultDetail.internal, {}, language, traceId), retryAfterSeconds: undefined }
    },
  }
}

/** An answer that was kept before details were in both languages has its words in English alone. */
type Kept = Words | string
const saidIn = (language: Language, detail: Kept): string => (typeof detail === 'string' ? detail : detail[language])

/** The text of a fault or defect stays in the log: it may name tables, hosts or values. */
const faultDetail = {
  internal: {
    en: 'The hub could not finish this request. The trace id finds it in the log.',
    zh: '请求未能完成。可用 traceId 在日志中查找。',
  },
  unavailable: {
    en: 'A part that the hub needs does not answer. The same request may succeed after Retry-After.',
    zh: '所依赖的部分暂无响应。可在 Retry-After 之后重试同一请求。',
  },
} as const

export function retryAfter(status: number, seconds: number | undefined): number | undefined {
  return status === 503 || status === 429 ? (seconds ?? RETRY_DEFAULT_SECONDS) : undefined
}
