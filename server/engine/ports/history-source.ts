import type { PersonView } from '../../domain/order/person.ts'
import type { PastOrder } from '../../domain/order/record-history.ts'
import type { FactKind } from '../memory.ts'

/** A row that could not be taken, and why; `got` is cut and never holds a whole row. */
export type Rejection = {
  readonly table: string
  /** Counted from 1 without the heading; of the orders table where an order was turned down. */
  readonly row: number
  /** Reference of the order or fact, where the row names one. */
  readonly key?: string
  readonly code: string
  readonly column?: string
  readonly expected?: string
  readonly got?: string
  /** Where the cause lies in another table than the row. */
  readonly cause?: { readonly table: string; readonly row: number }
}

export type HistoryFactRow = { readonly fact: FactKind; readonly key: string; readonly doc: Record<string, unknown> }

/** What one row of the orders table came to; `blank` rows hold nothing. */
export type HistoryRow = { readonly row: number } & (
  | { readonly kind: 'order'; readonly past: PastOrder; readonly person: PersonView; readonly countryCode: string }
  | { readonly kind: 'rejected'; readonly rejection: Rejection }
  | { readonly kind: 'blank' }
)

/**
 * A marketplace's past, as an adapter reads it. Reading the same source twice gives the same id, rows and numbers, which is what
 * makes an import resumable.
 */
export type HistorySource = {
  /** Of mapping and contents: other files have another id. */
  readonly importId: string
  readonly label: string
  /** Rows of the orders table. */
  readonly rows: number
  /** Rows of other tables that belong to nothing. */
  readonly strays: readonly Rejection[]
  /** Strays beyond those listed. */
  readonly straysUnlisted: number
  /** Channel, nodes and items, in that order; a rejection for a row that is none. */
  facts(): AsyncIterable<HistoryFactRow | { readonly rejection: Rejection }>
  /** The rows of the orders table after the first `done`, in their order. `isKnown` asks for facts the hub has. */
  orders(done: number, isKnown: (fact: FactKind, key: string) => boolean): AsyncIterable<HistoryRow>
}
