type Entry = { readonly at: number; readonly act: () => Promise<void> }

const ENTRIES_MAX = 100_000

/** What people mean to do later, by business time. Bounded: what does not fit is never done. */
export class Agenda {
  /** A binary heap, the earliest first. */
  readonly #heap: Entry[] = []

  plan(at: number, act: () => Promise<void>): void {
    const heap = this.#heap
    if (heap.length >= ENTRIES_MAX) return
    let i = heap.push({ at, act }) - 1
    for (let parent = (i - 1) >> 1; i > 0 && this.#at(parent) > at; parent = (i - 1) >> 1) {
      this.#swap(i, parent)
      i = parent
    }
  }

  /** Takes out the earliest that is due by then. */
  take(by: number): (() => Promise<void>) | undefined {
    const first = this.#heap[0]
    if (first === undefined || first.at > by) return undefined
    this.#dropFirst()
    return first.act
  }

  #dropFirst(): void {
    const heap = this.#heap
    const last = heap.pop()
    if (heap.length === 0 || last === undefined) return
    heap[0] = last
    for (let i = 0; ;) {
      const left = 2 * i + 1
      const least = this.#at(left + 1) < this.#at(left) ? left + 1 : left
      if (this.#at(least) >= last.at) return
      this.#swap(i, least)
      i = least
    }
  }

  #at(i: number): number {
    return this.#heap[i]?.at ?? Infinity
  }

  #swap(i: number, j: number): void {
    const [a, b] = [this.#heap[i], this.#heap[j]]
    if (a === undefined || b === undefined) return
    this.#heap[i] = b
    this.#heap[j] = a
  }
}
