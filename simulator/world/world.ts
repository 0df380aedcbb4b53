import type { NodeInput } from '../../contract/entities/node.ts'
import { type Weights, weightsOf } from '../random.ts'
import { CITIES } from './cities.ts'
import { itemsOf, type WorldItem } from './items.ts'
import { nodesOf } from './nodes.ts'

/** Everything about the world that its seed decides. */
export type World = {
  readonly seed: number
  readonly items: readonly WorldItem[]
  readonly nodes: readonly NodeInput[]
  /** Items by family, with how often each is bought. */
  readonly shelves: ReadonlyMap<string, { readonly items: readonly WorldItem[]; readonly weights: Weights }>
  readonly people: Weights
}

export function worldOf(seed: number): World {
  const items = itemsOf(seed)
  const codes = [...new Set(items.map((one) => one.family.code))]
  const shelves = codes.map((code) => {
    const own = items.filter((one) => one.family.code === code)
    return [code, { items: own, weights: weightsOf(own.map((one) => one.weight)) }] as const
  })
  return { seed, items, nodes: nodesOf(seed), shelves: new Map(shelves), people: weightsOf(CITIES.map((city) => city.weight)) }
}
