import type { Permission, Role } from '../../../contract/access.ts'
import type { Instant } from '../../kernel/time.ts'

/**
 * What a credential may touch. A missing list means everything of that kind; an empty list means nothing.
 * `customer` narrows to the orders of one customer.
 */
export type Scope = {
  readonly channels?: readonly string[]
  readonly nodes?: readonly string[]
  readonly carriers?: readonly string[]
  readonly customer?: { readonly channelId: string; readonly customerRef: string } | { readonly accountId: string }
}

/** Who asks: one credential with its role, permissions and scope. */
export type Principal = {
  /** Public id of the API key or user: `key_…` or `usr_…`; idempotency keys are scoped to it. */
  readonly credentialId: string
  readonly kind: 'key' | 'session'
  readonly name: string
  readonly role: Role
  readonly permissions: ReadonlySet<Permission>
  readonly scope: Scope
  /** When a key ends by itself. A session ends too, but who is logged in does not. */
  readonly expiresAt?: Instant
}

export const unscoped: Scope = {}
