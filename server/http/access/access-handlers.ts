import type { IdSource } from '../../kernel/ids.ts'
import type { Pool } from '../../store/database.ts'
import type { Handlers } from '../handler.ts'
import type { Authenticator } from './authenticator.ts'
import { keyHandlers } from './key-handlers.ts'
import type { Passwords } from './passwords.ts'
import { sessionHandlers } from './session-handlers.ts'
import { userHandlers } from './user-handlers.ts'

export type AccessDeps = {
  readonly pool: Pool
  readonly ids: IdSource
  readonly wallMs: () => number
  readonly passwords: Passwords
  readonly authenticator: Authenticator
}

export type AccessHandlerName = Extract<keyof Handlers, `key.${string}` | `user.${string}` | `session.${string}`>

/**
 * The handlers of keys, users and sessions. They take no Idempotency-Key: answers with secrets are not stored, and a login is
 * unique by itself.
 */
export function accessHandlers(deps: AccessDeps): Pick<Handlers, AccessHandlerName> {
  return { ...keyHandlers(deps), ...userHandlers(deps), ...sessionHandlers(deps) }
}
