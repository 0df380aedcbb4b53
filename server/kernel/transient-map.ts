type Box<V> = { value: V | undefined }

/**
 * A Map for entries that come and go all the time, such as what is under way; keys are texts or numbers.
 *
 * NOTE: V8 lets each table that a Map has outgrown point to the next. Once one of them was old enough to be left to full collections, the
 * chain behind it, and with it every value that was there when a table was outgrown, survives all small collections: of 64 entries that
 * come and go, each. Here the tables hold boxes, and a box is emptied when its entry goes.
 */
export class TransientMap<K extends string | number, V> {
  private readonly boxes = new Map<K, Box<V>>()

  get size(): number {
    return this.boxes.size
  }

  has(key: K): boolean {
    return this.boxes.has(key)
  }

  get(key: K): V | undefined {
    return this.boxes.get(key)?.value
  }

  /** Puts it behind all others, also where the key was there before. */
  set(key: K, value: V): void {
    this.delete(key)
    this.boxes.set(key, { value })
  }

  delete(key: K): boolean {
    const box = this.boxes.get(key)
    if (box === undefined) return false
    box.value = undefined
    return this.boxes.delete(key)
  }

  /** The one that was put in first comes first. */
  keys(): IterableIterator<K> {
    return this.boxes.keys()
  }

  *values(): Generator<V> {
    for (const { value } of this.boxes.values()) if (value !== undefined) yield value
  }
}
