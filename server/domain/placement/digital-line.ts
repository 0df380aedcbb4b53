import type { Attributes } from '../../../contract/entities/basics.ts'
import { BUNDLE_DEPTH_MAX } from '../fact/bundle-depth.ts'
import type { ItemFact, PlacementFacts } from './facts.ts'

/** Nothing of the item lies anywhere: it is digital itself, or a bundle of digital parts alone. */
export function isDigitalItem({ doc }: ItemFact, facts: Pick<PlacementFacts, 'item'>, depth = 0): boolean {
  const { components } = doc
  if (components === undefined || depth === BUNDLE_DEPTH_MAX) return doc.attributes?.['digital'] === true
  return components.every(({ sku }) => {
    const part = facts.item(sku)
    return part !== undefined && isDigitalItem(part, facts, depth + 1)
  })
}

type Asked = { readonly sku: string; readonly attributes?: Attributes | undefined }

/** Whether a line is delivered without node, stock or carrier: its item is digital, or the order says so of the line. */
export function isDigitalLine({ sku, attributes }: Asked, facts: Pick<PlacementFacts, 'item'>): boolean {
  if (attributes?.['digital'] === true) return true
  const item = facts.item(sku)
  return item !== undefined && isDigitalItem(item, facts)
}
