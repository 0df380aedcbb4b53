import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Spin } from 'antd'
import { type ReactNode, useMemo } from 'react'
import { hub, keepToken, ProblemError } from '../../api/hub.ts'
import { LiveProvider } from '../../api/live.tsx'
import { ProblemAlert } from '../../ui/states.tsx'
import { SessionContext, sessionQuery } from './session.ts'
import { part } from '../../ui/part.tsx'

const SignIn = part(async () => (await import('./sign-in.tsx')).SignIn)

/** Nobody sees a page before they have said who they are. */
export function SessionGate({ children }: { readonly children: ReactNode }) {
  const queries = useQueryClient()
  const asked = useQuery(sessionQuery)
  const session = asked.data
  const here = useMemo(
    () =>
      session === undefined
        ? undefined
        : {
            session,
            leave: () =>
              void hub.call('session.close', {}).finally(() => {
                queries.clear()
                location.assign('/')
              }),
          },
    [session, queries],
  )
  if (here !== undefined)
    return (
      <SessionContext value={here}>
        <LiveProvider isAllowed={here.session.permissions.includes('event.read')} key={here.session.credentialId}>
          {children}
        </LiveProvider>
      </SessionContext>
    )
  if (asked.isPending) return <Spin fullscreen delay={300} />
  if (asked.error instanceof ProblemError && asked.error.status === 401)
    return (
      <SignIn
        onEntered={(entered) => {
          keepToken(entered.csrfToken)
          queries.setQueryData(['session'], entered)
        }}
      />
    )
  return <ProblemAlert error={asked.error} onRetry={() => void asked.refetch()} />
}
