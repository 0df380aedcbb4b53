import { permissionsOfRole, type Permission, type Role } from '../../../contract/access.ts'
import { keyDays } from '../../../contract/capabilities/access.ts'
import { done, refuse, type Outcome } from '../../kernel/outcome.ts'
import { DAY, type Instant, instant, parseInstant, toIso } from '../../kernel/time.ts'
import type { Principal, Scope } from './principal.ts'
import { isWithin, narrow } from './scope.ts'

/** What a credential may do and touch. */
export type Grant = { readonly role: Role; readonly permissions: readonly Permission[]; readonly scope: Scope }
export type WantedGrant = {
  readonly role: Role
  readonly permissions?: readonly Permission[] | undefined
  readonly scope?: Scope | undefined
}

/**
 * The grant of a credential that `giver` makes: permissions inside the role and inside the giver's, scope inside the giver's.
 * A customer's needs a customer, a carrier's its carriers, because without them it would reach everybody's orders.
 * Refusals, first that fits: permission_exceeds_role, permission_exceeds_own, scope_exceeds_own, scope_required.
 */
export function grantFrom(giver: Principal, wanted: WantedGrant): Outcome<Grant> {
  const ofRole = permissionsOfRole[wanted.role]
  const permissions = [...new Set(wanted.permissions ?? ofRole)]
  const beyondRole = permissions.find((one) => !ofRole.includes(one))
  if (beyondRole !== undefined) {
    const detail = {
      en: `the role ${wanted.role} does not have the permission ${beyondRole}`,
      zh: `角色 ${wanted.role} 没有权限 ${beyondRole}`,
    }
    return refuse('permission_exceeds_role', detail, { pointer: '/permissions', expected: ofRole, got: beyondRole })
  }
  const beyondOwn = permissions.find((one) => !giver.permissions.has(one))
  if (beyondOwn !== undefined) {
    const detail = { en: `you do not have the permission ${beyondOwn} yourself`, zh: `您自己没有权限 ${beyondOwn}` }
    return refuse('permission_exceeds_own', detail, { pointer: '/permissions', expected: [...giver.permissions], got: beyondOwn })
  }
  const scope = narrow(giver.scope, wanted.scope ?? {})
  if (scope.status === 'refused') return scope
  const missing = missingScope(wanted.role, scope.value)
  if (missing !== undefined) {
    return refuse(
      'scope_required',
      { en: `a credential with the role ${wanted.role} needs scope.${missing}`, zh: `角色为 ${wanted.role} 的凭证须指定 scope.${missing}` },
      { pointer: `/scope/${missing}` },
    )
  }
  return done({ role: wanted.role, permissions, scope: scope.value })
}

/**
 * When a key that `giver` makes ends, undefined = never; `asked` as text, null = never. Where nothing is asked it lives for a year, or as
 * long as the key that makes it. Refusals, first that fits: expiry_past, expiry_exceeds_own.
 */
export function expiryFrom({ expiresAt: own }: Principal, asked: string | null | undefined, now: Instant): Outcome<Instant | undefined> {
  if (asked === undefined) return done(instant(Math.min(own ?? Infinity, now + keyDays * DAY)))
  const wanted = asked === null ? undefined : parseInstant(asked)
  if (wanted !== undefined && wanted <= now)
    return refuse(
      'expiry_past',
      { en: 'expiresAt must lie in the future', zh: 'expiresAt 须晚于当前时间' },
      { pointer: '/expiresAt', expected: `after ${toIso(now)}`, got: asked },
    )
  if (own !== undefined && (wanted === undefined || wanted > own))
    return refuse(
      'expiry_exceeds_own',
      { en: 'a key cannot make one that outlives it', zh: '密钥不能创建比自身更晚到期的密钥' },
      { pointer: '/expiresAt', expected: `at most ${toIso(own)}`, got: asked },
    )
  return done(wanted)
}

/** Whether a key opens the hub: it was neither revoked nor is its time over. */
export const isInForce = (
  key: { readonly revokedAt: Instant | undefined; readonly expiresAt: Instant | undefined },
  now: Instant,
): boolean => key.revokedAt === undefined && (key.expiresAt === undefined || key.expiresAt > now)

function missingScope(role: Role, scope: Scope): 'customer' | 'carriers' | undefined {
  if (role === 'customer' && scope.customer === undefined) return 'customer'
  return role === 'carrier' && scope.carriers === undefined ? 'carriers' : undefined
}

/** Whether a principal may see and change a credential: only one that allows nothing beyond the principal's own. */
export const canManage = (principal: Principal, grant: Grant): boolean =>
  grant.permissions.every((one) => principal.permissions.has(one)) && isWithin(principal.scope, grant.scope)
