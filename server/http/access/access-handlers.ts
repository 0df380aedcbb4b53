import type { Handlers } from '../handler.ts'
import type { AccessDeps } from './access-deps.ts'
import { keyHandlers } from './key-handlers.ts'
import { sessionHandlers } from './session-handlers.ts'
import { userHandlers } from './user-handlers.ts'

export type AccessHandlerName = Extract<keyof Handlers, `key.${string}` | `user.${string}` | `session.${string}`>

/**
 * The handlers of keys, users and sessions. What makes a key or user keeps its answer with it (once.ts). A log-in has no credential that an
 * Idempotency-Key could belong to, and a log-out ends its own.
 */
export function accessHandlers(deps: AccessDeps): Pick<Handlers, AccessHandlerName> {
  return { ...keyHandlers(deps), ...userHandlers(deps), ...sessionHandlers(deps) }
}
