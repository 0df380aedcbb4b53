import { QueryClient } from '@tanstack/react-query'
import { ProblemError } from './hub.ts'

/** Answers are kept while they are on screen; the live stream says when they are stale. A refusal is not asked again. */
export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      gcTime: 120_000,
      retry: (failures, error) => failures < 2 && !(error instanceof ProblemError && error.status < 500),
    },
  },
})
