import { useCallback } from 'react'
import { isUnreachable, ProblemError } from '../api/hub.ts'
import { type Text, useText } from '../i18n/language.tsx'

/** The problem that the hub answered with; what something before it answered (a proxy, say) is none. */
export const problemOf = (error: unknown): ProblemError['problem'] | undefined =>
  error instanceof ProblemError && error.problem.code !== 'not_a_problem' ? error.problem : undefined

/**
 * What went wrong, for the reader: the hub's words for what it refused. Whatever else failed has words that are in no language of the
 * reader's; they stand behind ours, for whoever is asked about it.
 */
export function reasonOf(t: Text, error: unknown): string {
  const problem = problemOf(error)
  if (problem !== undefined) return problem.detail
  if (error instanceof ProblemError) return t('state.foreign', { status: error.status })
  if (isUnreachable(error)) return t('state.unreachable')
  return t('state.failed', { what: error instanceof Error ? error.message : String(error) })
}

export function useReason(): (error: unknown) => string {
  const t = useText()
  return useCallback((error) => reasonOf(t, error), [t])
}
