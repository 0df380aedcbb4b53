import { findAll, textOf, type Found } from '../channels/path.ts'
import type { Source } from './mapping.ts'

/** One scan in its body: the scan first, what holds it behind. */
export type Chain = readonly Found[]

/** What a path reaches; each leading `^` starts one level further out. */
export function from(chain: Chain, path: string): readonly Found[] {
  const out = /^\^*/.exec(path)?.[0].length ?? 0
  const scope = chain[out]
  return scope ? findAll(scope, path.slice(out)) : []
}

/** The first usable text of the sources. */
export function firstText(chain: Chain, sources: readonly Source[]): string | undefined {
  for (const source of sources) {
    const { path, skip } = typeof source === 'string' ? { path: source, skip: [] } : source
    for (const found of from(chain, path)) {
      const text = textOf(found.value)
      if (text !== undefined && !skip.includes(text)) return text
    }
  }
  return undefined
}

export const firstTextOf = (chain: Chain, sources: readonly Source[] | undefined): string | undefined =>
  sources && firstText(chain, sources)
