/** Refusals that placing an order may give, in the order in which they are found. */
export const orderLineOutcomes = [
  'external_ref_conflict',
  'channel_unknown',
  'item_unknown',
  'order_contradictory',
  'account_unknown',
  'stock_short',
  'credit_exceeded',
  'tax_refused',
  'compliance_refused',
] as const
