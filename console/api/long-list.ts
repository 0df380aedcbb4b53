import { type QueryClient, type QueryKey, useQueries, useQueryClient, type UseQueryResult } from '@tanstack/react-query'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { type Answered, apartIn, type Kept, pagesIn, readPage, rowsOf } from './pages.ts'

/** Fetched when the last row in view is this close to the end of what is here. */
const AHEAD = 60
/** Who scrolled so far narrows the filter instead. */
const ROWS_MAX = 20_000
const KEPT_MS = 120_000

type Cursor = string | undefined
type Asked<T> = {
  /** Names the list; it is stale when the live stream says so of its first word. */
  readonly key: QueryKey
  readonly ask: (cursor: Cursor, signal: AbortSignal) => Promise<Answered<T>>
  readonly keyOf: (row: T) => string
}
export type LongList<T> = {
  readonly data: readonly T[] | undefined
  readonly error: unknown
  readonly isPending: boolean
  readonly refetch: () => void
  /** What is shown is of the list before, until this one is here. */
  readonly isStale: boolean
  readonly isMore: boolean
  readonly isFull: boolean
  /** Says which rows are in view: their pages are kept fresh, the others rest; near the end the next is fetched. */
  readonly see: (from: number, to: number) => void
}

/**
 * A list by pages, each a query of its own at a fixed place. Of ten thousand rows only the pages in view follow the hub: a live update
 * asks for two pages, not for a hundred. Who comes back within two minutes finds the rows where they were.
 */
export function useLongList<T>({ key, ask, keyOf }: Asked<T>): LongList<T> {
  const queries = useQueryClient()
  const name = JSON.stringify(key)
  const [chain, setChain] = useState(() => chainOf(queries, key))
  const [span, setSpan] = useState<Span>({ from: 0, to: 1 })
  if (chain.name !== name) setChain(chainOf(queries, key))
  const { cursors } = chain
  const pageKey = (cursor: Cursor): QueryKey => [...key, 'page', cursor ?? '']
  const counts = cursors.map((cursor) => queries.getQueryData<Kept<T>>(pageKey(cursor))?.items.length ?? 0)
  const inView = pagesIn(counts, span.from, span.to)
  const isAsked = (i: number): boolean => inView.has(i) || counts[i] === 0

  const meeting = (i: number): ((row: T) => boolean) | undefined => {
    if (i + 1 >= cursors.length) return undefined
    const own = queries.getQueryData<Kept<T>>(pageKey(cursors[i]))?.items.slice(-1) ?? []
    const after = queries.getQueryData<Kept<T>>(pageKey(cursors[i + 1]))?.items ?? []
    const keys = new Set([...own, ...after].map(keyOf))
    return (row) => keys.has(keyOf(row))
  }
  const { pages, error, isPending } = useQueries({
    queries: cursors.map((cursor, i) => ({
      queryKey: pageKey(cursor),
      queryFn: ({ signal }: { readonly signal: AbortSignal }) => readPage((at) => ask(at, signal), cursor, meeting(i)),
      enabled: isAsked(i),
      gcTime: KEPT_MS,
    })),
    combine: together<T>,
  })
  useEffect(() => {
    queries.setQueryDefaults(['chain'], { gcTime: KEPT_MS })
    queries.setQueryData(['chain', ...key], cursors)
  }, [queries, name, cursors])

  useDropped(chain, (cursor) => queries.removeQueries({ queryKey: pageKey(cursor), exact: true }))

  const rows = useMemo(() => (pages[0] === undefined ? undefined : rowsOf(pages, keyOf)), [pages, keyOf])
  const before = useRef(rows)
  useEffect(() => {
    if (rows !== undefined) before.current = rows
  }, [rows])
  const last = pages.at(-1)
  const isFull = (rows?.length ?? 0) >= ROWS_MAX
  const apart = apartIn(pages, cursors)
  useEffect(() => {
    if (apart >= 0) setChain((was) => ({ ...was, cursors: was.cursors.slice(0, apart + 1) }))
    else if (rows !== undefined && last?.next !== undefined && !isFull && span.to > rows.length - AHEAD)
      setChain((was) => (was.cursors.includes(last.next) ? was : { ...was, cursors: [...was.cursors, last.next] }))
  }, [apart, rows, last, isFull, span.to])

  return {
    data: rows ?? (error === null ? before.current : undefined),
    error: rows === undefined ? error : null,
    isPending,
    refetch: () => void queries.invalidateQueries({ queryKey: key }),
    isStale: rows === undefined,
    isMore: (last === undefined ? cursors.length > 1 : last.next !== undefined) && !isFull,
    isFull,
    see: useCallback((from, to) => setSpan((was) => spanOf(was, from, to)), []),
  }
}

type Span = { readonly from: number; readonly to: number }
/** In coarse steps, so that a scroll seldom asks which pages are in view. */
const STEP = 50
function spanOf(was: Span, first: number, end: number): Span {
  const [from, to] = [Math.floor(first / STEP) * STEP, Math.ceil(end / STEP) * STEP]
  return was.from === from && was.to === to ? was : { from, to }
}

type Chain = { readonly name: string; readonly cursors: readonly Cursor[] }

/** Pages that the list no longer has are let go at once: at fifty events a second the first ones change for ever. */
function useDropped(chain: Chain, drop: (cursor: Cursor) => void): void {
  const before = useRef(chain)
  useEffect(() => {
    const was = before.current
    before.current = chain
    if (was.name === chain.name) for (const cursor of was.cursors) if (!chain.cursors.includes(cursor)) drop(cursor)
  })
}

/** The pages that were there when the list was left, if every one of them still is; else the first. */
function chainOf(queries: QueryClient, key: QueryKey): Chain {
  const kept = queries.getQueryData<readonly Cursor[]>(['chain', ...key]) ?? []
  const isWhole = kept.length > 0 && kept.every((cursor) => queries.getQueryData([...key, 'page', cursor ?? '']) !== undefined)
  return { name: JSON.stringify(key), cursors: isWhole ? kept : [undefined] }
}

function together<T>(results: readonly UseQueryResult<Kept<T>>[]) {
  return {
    pages: results.map((result) => result.data),
    error: results.find((result) => result.error !== null)?.error ?? null,
    isPending: results[0]?.isPending ?? true,
  }
}
