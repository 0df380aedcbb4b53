type Page<T> = { readonly items: readonly T[]; readonly next?: string | undefined }

/** Walks a list to its end. */
export async function* all<T>(read: (cursor: string | undefined) => Promise<Page<T>>): AsyncGenerator<T> {
  for (let cursor: string | undefined; ;) {
    const page = await read(cursor)
    yield* page.items
    cursor = page.next
    if (cursor === undefined) return
  }
}
export const from = (cursor: string | undefined) => (cursor === undefined ? {} : { cursor })
