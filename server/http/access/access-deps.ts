import type { IdSource } from '../../kernel/ids.ts'
import type { Pool } from '../../store/database.ts'
import type { Authenticator } from './authenticator.ts'
import type { Passwords } from './passwords.ts'

/** What the handlers of keys, users and sessions work with. */
export type AccessDeps = {
  readonly pool: Pool
  readonly ids: IdSource
  readonly wallMs: () => number
  readonly passwords: Passwords
  readonly authenticator: Authenticator
}
