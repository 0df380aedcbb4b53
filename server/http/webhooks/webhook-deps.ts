import type { WebhookSender } from '../../engine/ports/webhook-sender.ts'
import type { IdSource } from '../../kernel/ids.ts'
import type { Pool } from '../../store/database.ts'
import type { Vault } from '../../store/vault.ts'

/** What the handlers of webhooks work with. */
export type WebhookDeps = {
  readonly pool: Pool
  readonly ids: IdSource
  readonly vault: Vault
  readonly sender: WebhookSender
  readonly wallNow: () => number
  /** Lets the deliverer of this process look at once, where it has one. */
  readonly onChanged: () => void
}
