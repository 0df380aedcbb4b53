import type { RowProblem } from './row-problem.ts'

/** Bundles in bundles are followed this far: parts, their parts, and theirs. */
export const BUNDLE_DEPTH_MAX = 3

type Parts = readonly { readonly sku: string }[]
/** The items that are there, both ways. */
export type Bundles = {
  /** What an item holds; undefined where it is no bundle, or is not known. */
  readonly partsOf: (sku: string) => Parts | undefined
  /** The bundles that hold an item. */
  readonly holdersOf: (sku: string) => Iterable<string>
}

/**
 * What is wrong with the bundles among items that are written together: one holds itself by way of its parts, goes deeper than bundles are
 * followed, or makes one deeper that holds it already. Such a bundle could not be covered by anything. Where all of them are well together, all
 * are taken; otherwise those that are too deep themselves are not, and of the others, in their order, what fits those before it.
 * Gives a function that answers by sku (`row_invalid`, with the chain), undefined where all is well.
 */
export function bundleProblems(
  standing: Bundles,
  written: ReadonlyMap<string, Parts | undefined>,
): (sku: string) => RowProblem | undefined {
  const problems = new Map<string, RowProblem>()
  const together = new Overlay(standing, written)
  const chains = new Chains(together)
  const isWell = [...written.keys()].every((sku) => tooDeep(chains, standing, sku, written.get(sku)) === undefined)
  if (isWell) return () => undefined
  const rest: string[] = []
  for (const sku of written.keys()) {
    const own = chains.down(sku, BUNDLE_DEPTH_MAX + 1)
    if (own === undefined) rest.push(sku)
    else problems.set(sku, problemOf(own))
  }
  const taken = new Overlay(standing, new Map())
  for (const sku of rest) {
    const parts = written.get(sku)
    const undo = taken.put(sku, parts)
    const chain = tooDeep(new Chains(taken), standing, sku, parts)
    if (chain === undefined) continue
    undo()
    problems.set(sku, problemOf(chain))
  }
  return (sku) => problems.get(sku)
}

/** A chain of bundles through this one that is too long; one that was there before counts only where the bundle itself is at its top. */
function tooDeep(chains: Chains, standing: Bundles, sku: string, parts: Parts | undefined): readonly string[] | undefined {
  if (parts === undefined) return undefined
  const own = chains.down(sku, BUNDLE_DEPTH_MAX + 1)
  if (own !== undefined) return own
  const before = standing.partsOf(sku)
  if (before !== undefined && parts.every((part) => before.some((one) => one.sku === part.sku))) return undefined
  for (let above = 1; above <= BUNDLE_DEPTH_MAX; above++) {
    const down = chains.down(sku, BUNDLE_DEPTH_MAX + 1 - above)
    const up = down === undefined ? undefined : chains.up(sku, above)
    if (down !== undefined && up !== undefined) return [...up, ...down]
  }
  return undefined
}

function problemOf(chain: readonly string[]): RowProblem {
  const expected = `bundles at most ${BUNDLE_DEPTH_MAX} deep, none of which holds itself`
  return {
    code: 'row_invalid',
    detail: {
      en: `components: expected ${expected}, got ${chain.join(' > ')}`,
      zh: `components：组合商品最多嵌套 ${BUNDLE_DEPTH_MAX} 层，且不得包含自身，实为 ${chain.join(' > ')}`,
    },
    pointer: '/components',
    expected,
    got: chain,
  }
}

/** Items as they are with some written over them. */
class Overlay implements Bundles {
  private readonly standing: Bundles
  private readonly written: Map<string, Parts | undefined>
  private readonly holders = new Map<string, Set<string>>()

  constructor(standing: Bundles, written: ReadonlyMap<string, Parts | undefined>) {
    this.standing = standing
    this.written = new Map(written)
    for (const [sku, parts] of written) this.hold(sku, parts)
  }

  /** Writes one item that was not written yet; gives what takes it back. */
  put(sku: string, parts: Parts | undefined): () => void {
    this.written.set(sku, parts)
    this.hold(sku, parts)
    return () => {
      this.written.delete(sku)
      for (const part of parts ?? []) this.holders.get(part.sku)?.delete(sku)
    }
  }

  partsOf(sku: string): Parts | undefined {
    return this.written.has(sku) ? this.written.get(sku) : this.standing.partsOf(sku)
  }

  holdersOf(sku: string): Iterable<string> {
    const holders = [...(this.holders.get(sku) ?? [])]
    for (const holder of this.standing.holdersOf(sku)) if (!this.written.has(holder)) holders.push(holder)
    return holders
  }

  private hold(sku: string, parts: Parts | undefined): void {
    for (const part of parts ?? []) {
      const known = this.holders.get(part.sku)
      if (known === undefined) this.holders.set(part.sku, new Set([sku]))
      else known.add(sku)
    }
  }
}

/** Bundles that hold each other in turn, each asked for once: never more than {@link BUNDLE_DEPTH_MAX} + 1 levels are looked at. */
class Chains {
  private readonly bundles: Bundles
  private readonly known = new Map<string, readonly string[] | undefined>()

  constructor(bundles: Bundles) {
    this.bundles = bundles
  }

  /** `length` bundles, this one first, each of which holds the next. */
  down(sku: string, length: number): readonly string[] | undefined {
    return this.once(`down ${length} ${sku}`, () => {
      const parts = this.bundles.partsOf(sku)
      if (parts === undefined) return undefined
      if (length === 1) return [sku]
      for (const part of parts) {
        const below = this.down(part.sku, length - 1)
        if (below !== undefined) return [sku, ...below]
      }
      return undefined
    })
  }

  /** `length` bundles, each of which holds the next, and the last this one. */
  up(sku: string, length: number): readonly string[] | undefined {
    return this.once(`up ${length} ${sku}`, () => {
      for (const holder of this.bundles.holdersOf(sku)) {
        const above = length === 1 ? [] : this.up(holder, length - 1)
        if (above !== undefined) return [...above, holder]
      }
      return undefined
    })
  }

  private once(key: string, find: () => readonly string[] | undefined): readonly string[] | undefined {
    if (this.known.has(key)) return this.known.get(key)
    const found = find()
    this.known.set(key, found)
    return found
  }
}
