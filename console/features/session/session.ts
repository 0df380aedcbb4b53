import { createContext, useContext } from 'react'
import type { Permission } from '../../../contract/access.ts'
import { type Answer, hub, keepToken } from '../../api/hub.ts'

export type Session = Answer<'session.get'>
export const SessionContext = createContext<{ readonly session: Session; readonly leave: () => void } | undefined>(undefined)

/** Who is signed in. Asked for once, before the first picture; a refusal means nobody is. */
export const sessionQuery = {
  queryKey: ['session'],
  queryFn: async () => {
    const session = await hub.call('session.get', {})
    keepToken(session.csrfToken)
    return session
  },
  staleTime: Infinity,
  retry: false,
  retryOnMount: false,
} as const

export function useSession(): { readonly session: Session; readonly leave: () => void } {
  const here = useContext(SessionContext)
  if (here === undefined) throw new Error('nobody is signed in')
  return here
}

export function useMay(): (permission: Permission) => boolean {
  const { session } = useSession()
  return (permission) => session.permissions.includes(permission)
}
