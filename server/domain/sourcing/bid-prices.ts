import { assert } from '../../kernel/assert.ts'

/**
 * What a unit of an item at a node is worth to the orders still to come, in minor units of the base currency: the dual of that
 * stock row in the transport LP. Immutable: a new solve makes a new object, and the engine swaps the reference.
 */
export type BidPrices = {
  readonly version: number
  /** 0 where nothing is known. */
  price(itemNo: number, nodeNo: number): number
  /** The item's prices by node number, for the hot loop; undefined when all are 0. */
  row(itemNo: number): Float64Array | undefined
}

export const noBidPrices: BidPrices = { version: 0, price: () => 0, row: () => undefined }

/** Prices of items by number; each row is indexed by node number. Rows are kept, not copied. */
export function bidPricesOf(version: number, rows: ReadonlyMap<number, Float64Array>): BidPrices {
  for (const [itemNo, row] of rows)
    assert(
      row.every((price) => price >= 0),
      `item ${itemNo} has a negative bid price`,
    )
  return { version, price: (itemNo, nodeNo) => rows.get(itemNo)?.[nodeNo] ?? 0, row: (itemNo) => rows.get(itemNo) }
}
