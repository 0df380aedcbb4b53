import type { LineQuantities } from './state.ts'

/** The ledger of a line to which nothing has happened yet. */
export const NO_UNITS: LineQuantities = {
  cancelled: 0,
  reserved: 0,
  allocated: 0,
  backordered: 0,
  released: 0,
  picked: 0,
  packed: 0,
  shipped: 0,
  delivered: 0,
}
