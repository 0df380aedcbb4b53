import type { Static } from 'typebox'
import type { Key, ScopeInput, User } from '../../../contract/capabilities/access.ts'
import type { Scope } from '../../domain/access/principal.ts'
import { toIso } from '../../kernel/time.ts'
import type { Credential } from '../../store/credentials.ts'
import type { User as UserRow } from '../../store/users.ts'

/** A scope in the shape of the contract. */
export function mutableScope(scope: Scope): Static<typeof ScopeInput> {
  return {
    ...(scope.channels === undefined ? {} : { channels: [...scope.channels] }),
    ...(scope.nodes === undefined ? {} : { nodes: [...scope.nodes] }),
    ...(scope.carriers === undefined ? {} : { carriers: [...scope.carriers] }),
    ...(scope.customer === undefined ? {} : { customer: { ...scope.customer } }),
  }
}

/** A key as its managers see it. */
export const viewOfKey = (key: Credential): Static<typeof Key> => ({
  credentialId: key.credentialId,
  name: key.name,
  role: key.role,
  permissions: [...key.permissions],
  scope: mutableScope(key.scope),
  createdAt: toIso(key.createdAt),
  ...(key.expiresAt === undefined ? {} : { expiresAt: toIso(key.expiresAt) }),
  ...(key.revokedAt === undefined ? {} : { revokedAt: toIso(key.revokedAt) }),
  ...(key.lastUsedOn === undefined ? {} : { lastUsedOn: key.lastUsedOn }),
})

/** A user as its managers see it. */
export const viewOfUser = (user: UserRow): Static<typeof User> => ({
  userId: user.userId,
  login: user.login,
  name: user.name,
  role: user.role,
  scope: mutableScope(user.scope),
  createdAt: toIso(user.createdAt),
  ...(user.disabledAt === undefined ? {} : { disabledAt: toIso(user.disabledAt) }),
})
