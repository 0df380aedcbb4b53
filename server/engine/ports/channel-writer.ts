import type { Answer } from '../../domain/outbound/answer.ts'
import type { ShippedParcel } from '../../domain/write-back/shipment.ts'
import type { Words } from '../../kernel/words.ts'

/** What a platform is told. Each may be told again: a writer sees to it that nothing happens twice. */
export type ChannelUpdate =
  | { readonly kind: 'shipped'; readonly externalRef: string; readonly parcels: readonly ShippedParcel[]; readonly isWhole: boolean }
  | { readonly kind: 'cancelled'; readonly externalRef: string; readonly reason: string }
  /** `code` is what the channel calls the item, `available` the level that it may sell. */
  | { readonly kind: 'stock'; readonly code: string; readonly available: number }

/** A platform's own API and the proof that it takes. */
export type ChannelConnection = {
  readonly channelId: string
  readonly platform: string
  readonly url: string
  readonly token: string
  readonly locationId: string | undefined
}

/** Writes the state of orders and stock to platforms, each in its own language. */
export type ChannelWriter = {
  /** Why nothing may be sent to this URL; undefined when it may. */
  refusalOf(url: string): Words | undefined
  /** One attempt, bounded in time; it does not throw. */
  write(connection: ChannelConnection, update: ChannelUpdate): Promise<Answer>
}
