/**
 * The answer to a command. A business refusal is a value: `code` names the violated rule
 * (catalogue: contract/outcomes.ts), `expected` and `got` say it in the caller's words.
 */
export type Refusal = {
  readonly status: 'refused'
  readonly code: string
  readonly detail: string
  readonly expected?: unknown
  readonly got?: unknown
  /** JSON pointer into the input, where one field is to blame. */
  readonly pointer?: string
}

export type Accepted<T> = { readonly status: 'done'; readonly value: T }

export type Outcome<T> = Accepted<T> | Refusal

export const done = <T>(value: T): Accepted<T> => ({ status: 'done', value })

/** Builds a refusal; `code` must be in the catalogue. */
export function refuse(code: string, detail: string, more?: { expected?: unknown; got?: unknown; pointer?: string }): Refusal {
  return { status: 'refused', code, detail, ...more }
}
