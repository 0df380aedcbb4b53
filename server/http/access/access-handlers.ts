import type { Handlers } from '../handler.ts'
import type { AccessDeps } from './access-deps.ts'
import { keyHandlers } from './key-handlers.ts'
import { sessionHandlers } from './session-handlers.ts'
import { userHandlers } from './user-handlers.ts'

export type AccessHandlerName = Extract<keyof Handlers, `key.${string}` | `user.${string}` | `session.${string}`>

/**
 * The handlers of keys, users and sessions. They take no Idempotency-Key: answers with secrets are not stored, and a login is
 * unique by itself.
 */
export function accessHandlers(deps: AccessDeps): Pick<Handlers, AccessHandlerName> {
  return { ...keyHandlers(deps), ...userHandlers(deps), ...sessionHandlers(deps) }
}
