import type { ItemInput } from '../../../contract/entities/item.ts'

/** What has to be carried. */
export type Load = {
  readonly grams: number
  /** cm³; 0 where items have no size. */
  readonly volumeCm3: number
  /** The heaviest single unit. */
  readonly heaviestGrams: number
}

/** Weight of a unit whose item says none. */
export const DEFAULT_UNIT_GRAMS = 500
export const NO_LOAD: Load = { grams: 0, volumeCm3: 0, heaviestGrams: 0 }

type Measures = Pick<ItemInput, 'weightGrams' | 'lengthMm' | 'widthMm' | 'heightMm'>

/** Load of a quantity of one item. */
export function loadOf(item: Measures, quantity: number): Load {
  const unit = item.weightGrams ?? DEFAULT_UNIT_GRAMS
  const volume = ((item.lengthMm ?? 0) * (item.widthMm ?? 0) * (item.heightMm ?? 0)) / 1000
  return { grams: unit * quantity, volumeCm3: volume * quantity, heaviestGrams: quantity > 0 ? unit : 0 }
}

export const addLoads = (a: Load, b: Load): Load => ({
  grams: a.grams + b.grams,
  volumeCm3: a.volumeCm3 + b.volumeCm3,
  heaviestGrams: Math.max(a.heaviestGrams, b.heaviestGrams),
})
