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

  /** Takes out what is due by then, the earliest first. */
  takeDue(by: number): (() => Promise<void>)[] {
    const due: (() => Promise<void>)[] = []
    for (let first = this.#heap[0]; first !== undefined && first.at <= by; first = this.#heap[0]) {
      due.push(first.act)
      this.#dropFirst()
    }
    return due
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
