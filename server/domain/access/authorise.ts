import type { Permission } from '../../../contract/access.ts'
import { refuse, type Refusal } from '../../kernel/outcome.ts'
import type { Principal } from './principal.ts'

/** The one question before anything is done: undefined when the principal may, else the refusal that names what is missing. */
export function authorise(principal: Principal, permission: Permission | 'signedIn'): Refusal | undefined {
  if (permission === 'signedIn' || principal.permissions.has(permission)) return undefined
  return refuse(
    'permission_missing',
    {
      en: `${principal.name} (${principal.role}) does not have the permission ${permission}`,
      zh: `${principal.name}（${principal.role}）没有权限 ${permission}`,
    },
    { expected: permission, got: [...principal.permissions] },
  )
}
