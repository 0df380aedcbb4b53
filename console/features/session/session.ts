import { createContext, useContext } from 'react'
import type { Permission } from '../../../contract/access.ts'
import type { Answer } from '../../api/hub.ts'

export type Session = Answer<'session.get'>
export const SessionContext = createContext<{ readonly session: Session; readonly leave: () => void } | undefined>(undefined)

export function useSession(): { readonly session: Session; readonly leave: () => void } {
  const here = useContext(SessionContext)
  if (here === undefined) throw new Error('nobody is signed in')
  return here
}

export function useMay(): (permission: Permission) => boolean {
  const { session } = useSession()
  return (permission) => session.permissions.includes(permission)
}
