import type { Answer } from '../../domain/outbound/answer.ts'
import type { Words } from '../../kernel/words.ts'

export type WebhookMessage = {
  readonly url: string
  /** The same at every attempt: the receiver knows by it what it has seen. */
  readonly messageId: string
  readonly body: string
  /** All that are valid now; the body is signed with each. */
  readonly secrets: readonly string[]
}

/** Sends signed messages to addresses outside, and only to those that the operator allows. */
export type WebhookSender = {
  /** Why nothing may be sent to this URL, as far as it can be said without asking the network; undefined when it may. */
  refusalOf(url: string): Words | undefined
  /** A new signing secret in the form that receivers expect. */
  newSecret(): string
  /** One attempt; it ends by itself within {@link SEND_MS_MAX} and does not throw. */
  send(message: WebhookMessage): Promise<Answer>
}

/** An attempt without an answer after this time has failed, ms. */
export const SEND_MS_MAX = 10_000
