import type { Purchase } from '../shoppers/purchase.ts'

/** How far a purchase has come on its platform when it sends a body. */
export type Stage = {
  readonly purchase: Purchase
  /** Epoch ms of this body. */
  readonly at: number
  /** All of it; what has a deposit is told of when that is paid. */
  readonly isPaid: boolean
  readonly isCancelled: boolean
  /** Fen by which the total that the platform states is wrong. */
  readonly misstated?: number
}

/** A request as a platform sends it. */
export type PlatformCall = {
  readonly body: Uint8Array
  readonly headers: Readonly<Record<string, string>>
  readonly query: Readonly<Record<string, string>>
}
