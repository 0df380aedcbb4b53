import type { NodeQuote } from '../../server/domain/sourcing/problem.ts'

/** A quote that nobody has filled in yet; `service` is one that quoting does not give. */
export const emptyQuote = (): NodeQuote => ({
  freight: 0,
  freightPerKg: 0,
  handling: 0,
  handlingPerUnit: 0,
  carbonGrams: 0,
  carbonGramsPerKg: 0,
  shipBy: 0,
  deliverBy: 0,
  service: 9,
})
