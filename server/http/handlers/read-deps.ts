import { parseInstant, type Instant } from '../../kernel/time.ts'
import type { FactsView } from '../../engine/facts-view.ts'
import type { Memory } from '../../engine/memory.ts'
import type { OrderNames } from '../../domain/order/view.ts'
import type { BlindIndex } from '../../store/blind-index.ts'
import type { Queryable } from '../../store/database.ts'
import type { Vault } from '../../store/vault.ts'
import { decodePageKey } from '../../kernel/cursor.ts'
import { type Id, parseId } from '../../kernel/ids.ts'
import { done, type Outcome, refuse } from '../../kernel/outcome.ts'
import { SurfaceError } from '../problems.ts'

/** What reads are answered from. */
export type ReadDeps = {
  readonly pool: Queryable
  readonly memory: Memory
  readonly facts: FactsView
  readonly vault: Vault
  readonly blindIndex: BlindIndex
  readonly logShards: number
  /** Business time. */
  readonly now: () => Instant
}

/** Names of what an order of this channel mentions. */
export function namesOf(memory: Memory, channelId: string): OrderNames {
  return {
    channelName: memory.channels.get(channelId)?.doc.name,
    accountName: (accountId) => memory.accounts.get(accountId)?.doc.name,
    nodeName: (nodeId) => memory.nodes.get(nodeId)?.doc.name,
    itemName: (sku) => memory.items.get(sku)?.doc.name,
    barcodes: (sku) => memory.items.get(sku)?.doc.barcodes,
  }
}

/** An instant of a query or body; its shape was checked, a day that no month has was not. */
export function instantIn(name: string, text: string, problem: 'query_invalid' | 'body_invalid' = 'query_invalid'): Instant {
  const at = parseInstant(text)
  if (at === undefined)
    throw new SurfaceError(
      problem,
      { en: `expected an instant, got "${text}"`, zh: `须为时刻，实为“${text}”` },
      { pointer: `/${name}`, got: text },
    )
  return at
}

/** The key that a page cursor holds, or `first` without one; refusal `cursor_invalid`. */
export function pageKeyOf<const K extends readonly ('string' | 'number')[]>(
  list: string,
  kinds: K,
  cursor: string | undefined,
  first: { readonly [I in keyof K]: K[I] extends 'string' ? string : number },
): Outcome<{ readonly [I in keyof K]: K[I] extends 'string' ? string : number }> {
  if (cursor === undefined) return done(first)
  const key = decodePageKey(list, kinds, cursor)
  return key === undefined ? cursorInvalid(cursor) : done(key)
}

/** The id behind which a list in the order of its ids goes on; undefined at its beginning. Refusal `cursor_invalid`. */
export function idAfter<P extends string>(list: string, prefix: P, cursor: string | undefined): Outcome<Id<P> | undefined> {
  if (cursor === undefined) return done(undefined)
  const id = parseId(prefix, decodePageKey(list, ['string'], cursor)?.[0] ?? '')
  return id === undefined ? cursorInvalid(cursor) : done(id)
}

export const cursorInvalid = (cursor: string) =>
  refuse(
    'cursor_invalid',
    { en: 'expected the cursor of an answer to this very list', zh: '须为同一列表的响应给出的游标' },
    { pointer: '/cursor', got: cursor.slice(0, 80) },
  )

/** Of rows read one beyond the limit: those of this page, and the last one where more follow. */
export function pageOfRows<T>(rows: readonly T[], limit: number): { readonly rows: readonly T[]; readonly last: T | undefined } {
  return rows.length > limit ? { rows: rows.slice(0, limit), last: rows[limit - 1] } : { rows, last: undefined }
}
