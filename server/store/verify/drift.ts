import type { OrderKey } from '../order-reads.ts'

/** What a look at the database found that a repair may mend. */
export type Drift = {
  readonly orders: readonly OrderKey[]
  readonly hasStockDrift: boolean
  readonly accounts: readonly string[]
  readonly supply: readonly string[]
  readonly capacity: readonly { readonly nodeId: string; readonly day: string }[]
}
