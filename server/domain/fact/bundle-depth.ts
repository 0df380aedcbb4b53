import type { RowProblem } from './row-problem.ts'

/** Bundles in bundles are followed this far: parts, their parts, and theirs. */
export const BUNDLE_DEPTH_MAX = 3

type Parts = readonly { readonly sku: string }[]
/** What an item holds; undefined where it is no bundle, or is not known. */
export type PartsOf = (sku: string) => Parts | undefined

/**
 * What is wrong with the bundles among items that are written together: one holds itself by way of its parts, or goes deeper than bundles are
 * followed. Such a bundle could not be covered by anything. Gives a function that answers by sku (`row_invalid`), undefined where all is well.
 */
export function bundleProblems(partsOf: PartsOf): (sku: string) => RowProblem | undefined {
  const known = new Map<string, boolean>()
  const isDeeper = (sku: string, levels: number): boolean => {
    const parts = partsOf(sku)
    if (parts === undefined) return false
    if (levels === 0) return true
    const key = `${levels} ${sku}`
    let deeper = known.get(key)
    if (deeper === undefined) known.set(key, (deeper = parts.some((part) => isDeeper(part.sku, levels - 1))))
    return deeper
  }
  return (sku) => {
    if (!isDeeper(sku, BUNDLE_DEPTH_MAX)) return undefined
    const expected = `bundles at most ${BUNDLE_DEPTH_MAX} deep, none of which holds itself`
    const got = (partsOf(sku) ?? []).map((part) => part.sku)
    return { code: 'row_invalid', detail: `components: expected ${expected}`, pointer: '/components', expected, got }
  }
}
