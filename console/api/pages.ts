/** One answer of a list paged by key. */
export type Answered<T> = { readonly items: readonly T[]; readonly next?: string | undefined }
/** A page as it is kept; `isApart`: so much is new that it no longer meets the page after it. */
export type Kept<T> = Answered<T> & { readonly isApart: boolean }

const ASKS_MAX = 3

/**
 * A page asked again from its fixed place. Where rows came in between, one answer ends before the page after begins: as much further is
 * asked as it takes to meet it, so that no row is missed and none that left is kept. `isMeeting` knows the row that ended this page
 * before and those of the page after; without it there is no page after.
 */
export async function readPage<T>(
  ask: (cursor: string | undefined) => Promise<Answered<T>>,
  cursor: string | undefined,
  isMeeting: ((row: T) => boolean) | undefined,
): Promise<Kept<T>> {
  const items: T[] = []
  let from = cursor
  for (let asks = 0; asks < ASKS_MAX; asks++) {
    const { items: more, next } = await ask(from)
    items.push(...more)
    from = next
    if (isMeeting === undefined || next === undefined || more.some(isMeeting)) return { items, next, isApart: false }
  }
  return { items, next: from, isApart: true }
}

/** The rows of all pages in their order, each once. */
export function rowsOf<T>(pages: readonly (Answered<T> | undefined)[], keyOf: (row: T) => string): readonly T[] {
  const rows = new Map<string, T>()
  for (const page of pages) for (const row of page?.items ?? []) if (!rows.has(keyOf(row))) rows.set(keyOf(row), row)
  return [...rows.values()]
}

/** The first page that no longer meets the one after it, as the chain has it; -1 where all do. A page followed by the place it came to meets. */
export function apartIn(pages: readonly (Kept<unknown> | undefined)[], cursors: readonly (string | undefined)[]): number {
  return pages.findIndex((page, i) => page?.isApart === true && i + 1 < cursors.length && cursors[i + 1] !== page.next)
}

/** Which pages hold the rows from..to (the last not counted), given how many rows each has. */
export function pagesIn(counts: readonly number[], from: number, to: number): ReadonlySet<number> {
  const found = new Set<number>()
  let start = 0
  for (const [i, count] of counts.entries()) {
    if (start < to && start + count > from) found.add(i)
    start += count
  }
  return found
}
