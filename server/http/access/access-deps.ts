import type { IdSource } from '../../kernel/ids.ts'
import type { Pool } from '../../store/database.ts'
import type { Vault } from '../../store/vault.ts'
import type { Authenticator } from './authenticator.ts'
import type { Passwords } from './passwords.ts'

/** What the handlers of keys, users and sessions work with. */
export type AccessDeps = {
  readonly pool: Pool
  readonly ids: IdSource
  readonly wallMs: () => number
  readonly passwords: Passwords
  /** Seals what an Idempotency-Key has to give again. */
  readonly vault: Vault
  readonly authenticator: Authenticator
  /** Whether the demo's world runs here; a session is told. */
  readonly isDemo?: boolean
}
