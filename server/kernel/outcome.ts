import type { Words } from './words.ts'

/**
 * The answer to a command. A business refusal is a value: `code` names the violated rule
 * (catalogue: contract/outcomes.ts), `detail` says how, in both languages, `expected` and `got` in the caller's values.
 */
export type Refusal = {
  readonly status: 'refused'
  readonly code: string
  readonly detail: Words
  readonly expected?: unknown
  readonly got?: unknown
  /** JSON pointer into the input, where one field is to blame. */
  readonly pointer?: string
}

export type Accepted<T> = { readonly status: 'done'; readonly value: T }

export type Outcome<T> = Accepted<T> | Refusal

export const done = <T>(value: T): Accepted<T> => ({ status: 'done', value })

/** Builds a refusal; `code` must be in the catalogue. */
export function refuse(code: string, detail: Words, more?: { expected?: unknown; got?: unknown; pointer?: string }): Refusal {
  return { status: 'refused', code, detail, ...more }
}
