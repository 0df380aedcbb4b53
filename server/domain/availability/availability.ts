import { assert } from '../../kernel/assert.ts'

/** What the database says about one item at one node. `version` is that row's version and only ever grows. */
export type Position = {
  readonly onHand: number
  readonly soft: number
  readonly firm: number
  readonly committed: number
  readonly safety: number
  readonly backorderLimit: number
  readonly version: number
}

/** What an item's rows at several nodes come to: a place in each column is one of them. */
export type Run = { readonly nodes: Int32Array; readonly available: Int32Array; readonly versions: Int32Array }

/** onHand − soft − firm − committed − safety + backorderLimit, in units; negative after a count that found less. */
export function availableOf(position: Position): number {
  return position.onHand - position.soft - position.firm - position.committed - position.safety + position.backorderLimit
}

/**
 * The hot loop's view: an item's nodes, ascending, are `nodes[i]` with `available[i]` for i in start(itemNo) … start + count(itemNo) − 1.
 * The arrays are replaced when the store grows, so take them anew for each decision. `available` has pending holds already taken off.
 */
export type AvailabilityView = {
  readonly nodes: Int32Array
  readonly available: Int32Array
  start(itemNo: number): number
  count(itemNo: number): number
}

export type Availability = AvailabilityView & {
  /** Replaces the base numbers by a row read from the database; an older version than the known one is ignored (false). */
  setPosition(itemNo: number, nodeNo: number, position: Position): boolean
  /** As {@link setPosition} for several nodes of an item, ascending; an item of which nothing is known takes them over as they are. */
  setRun(itemNo: number, run: Run): void
  /** Forgets an item at a node whose row is gone; pending holds on it must have ended. */
  dropPosition(itemNo: number, nodeNo: number): void
  /** Units that may still be promised, pending holds taken off; 0 where nothing is known. May be negative. */
  availableAt(itemNo: number, nodeNo: number): number
  forEachNode(itemNo: number, visit: (nodeNo: number, available: number) => void): void
  /** Sum over nodes of what each can promise; nodes below zero count as zero. */
  totalOf(itemNo: number): number
  /** A decision not yet committed takes units: the next decision sees less. */
  hold(itemNo: number, nodeNo: number, quantity: number): void
  /** Shows units as free that are not, for a question of what would be; {@link hold} ends it. No other decision may come between. */
  lend(itemNo: number, nodeNo: number, quantity: number): void
  /** The decision's transaction failed or took the command out: the units come back. */
  undo(itemNo: number, nodeNo: number, quantity: number): void
  /**
   * The decision was committed. With the row that the transaction left behind, the base becomes that truth; without it the units move
   * from pending to base, so that nobody sees them free before the log brings the row.
   */
  settle(itemNo: number, nodeNo: number, quantity: number, position?: Position): void
  readonly positions: number
  readonly bytes: number
}

const GROW = 1.5
const CLASSES = 24

/**
 * Availability of one process in typed arrays. Modes: none; every call leaves it consistent.
 * Each item owns one run of slots in shared columns (a power of two long, freed runs are kept per size and used again),
 * sorted by node, so that a posting list is one linear read: 1 M positions take about 40 MB where an object each takes 200.
 * Invariant: available[slot] = base − held[slot] for every used slot.
 */
export function createAvailability(options: { readonly slots?: number; readonly items?: number } = {}): Availability {
  const store = new Postings(options.slots ?? 1024, options.items ?? 256)
  return store
}

class Postings implements Availability {
  nodes: Int32Array
  available: Int32Array
  positions = 0
  private held: Int32Array
  private versions: Float64Array
  private starts: Int32Array
  private counts: Int32Array
  private classes: Int8Array
  private free: number[][] = Array.from({ length: CLASSES }, () => [])
  private used = 0

  constructor(slots: number, items: number) {
    this.nodes = new Int32Array(slots)
    this.available = new Int32Array(slots)
    this.held = new Int32Array(slots)
    this.versions = new Float64Array(slots)
    this.starts = new Int32Array(items)
    this.counts = new Int32Array(items)
    this.classes = new Int8Array(items).fill(-1)
  }

  get bytes(): number {
    const columns = [this.nodes, this.available, this.held, this.versions, this.starts, this.counts, this.classes]
    return columns.reduce((sum, column) => sum + column.byteLength, 0)
  }

  start(itemNo: number): number {
    return itemNo < this.starts.length ? this.starts[itemNo]! : 0
  }

  count(itemNo: number): number {
    return itemNo < this.counts.length ? this.counts[itemNo]! : 0
  }

  setPosition(itemNo: number, nodeNo: number, position: Position): boolean {
    return this.setBase(itemNo, nodeNo, availableOf(position), position.version)
  }

  setRun(itemNo: number, { nodes, available, versions }: Run): void {
    this.reachItem(itemNo)
    if (this.counts[itemNo]! > 0) {
      for (let i = 0; i < nodes.length; i++) this.setBase(itemNo, nodes[i]!, available[i]!, versions[i]!)
      return
    }
    while (this.classes[itemNo]! < 0 || 2 ** this.classes[itemNo]! < nodes.length) this.widen(itemNo)
    const start = this.starts[itemNo]!
    this.nodes.set(nodes, start)
    this.available.set(available, start)
    this.versions.set(versions, start)
    this.held.fill(0, start, start + nodes.length)
    this.counts[itemNo] = nodes.length
    this.positions += nodes.length
  }

  private setBase(itemNo: number, nodeNo: number, base: number, version: number): boolean {
    const slot = this.slotFor(itemNo, nodeNo)
    if (version < this.versions[slot]!) return false
    this.versions[slot] = version
    this.available[slot] = base - this.held[slot]!
    return true
  }

  dropPosition(itemNo: number, nodeNo: number): void {
    const slot = this.find(itemNo, nodeNo)
    if (slot < 0) return
    assert(this.held[slot] === 0, `item ${itemNo} at node ${nodeNo} is dropped while ${this.held[slot]} units are pending`)
    const end = this.start(itemNo) + this.count(itemNo)
    this.shift(slot + 1, end, slot)
    this.counts[itemNo]! -= 1
    this.positions -= 1
  }

  availableAt(itemNo: number, nodeNo: number): number {
    const slot = this.find(itemNo, nodeNo)
    return slot < 0 ? 0 : this.available[slot]!
  }

  forEachNode(itemNo: number, visit: (nodeNo: number, available: number) => void): void {
    const start = this.start(itemNo)
    const end = start + this.count(itemNo)
    for (let slot = start; slot < end; slot++) visit(this.nodes[slot]!, this.available[slot]!)
  }

  totalOf(itemNo: number): number {
    const start = this.start(itemNo)
    const end = start + this.count(itemNo)
    let total = 0
    for (let slot = start; slot < end; slot++) total += Math.max(0, this.available[slot]!)
    return total
  }

  hold(itemNo: number, nodeNo: number, quantity: number): void {
    assert(quantity >= 0, `a hold takes units, got ${quantity}`)
    const slot = this.slotFor(itemNo, nodeNo)
    this.held[slot]! += quantity
    this.available[slot]! -= quantity
  }

  lend(itemNo: number, nodeNo: number, quantity: number): void {
    assert(quantity >= 0, `lent units are given, got ${quantity}`)
    const slot = this.slotFor(itemNo, nodeNo)
    this.held[slot]! -= quantity
    this.available[slot]! += quantity
  }

  undo(itemNo: number, nodeNo: number, quantity: number): void {
    const slot = this.release(itemNo, nodeNo, quantity)
    this.available[slot]! += quantity
  }

  settle(itemNo: number, nodeNo: number, quantity: number, position?: Position): void {
    const slot = this.release(itemNo, nodeNo, quantity)
    // Without the row the base falls by the quantity, which leaves `available` as it is: no write.
    if (!position) return
    // An older row than the known one is already part of the base: only the hold ends.
    this.available[slot]! += quantity
    this.setPosition(itemNo, nodeNo, position)
  }

  private release(itemNo: number, nodeNo: number, quantity: number): number {
    const slot = this.find(itemNo, nodeNo)
    assert(slot >= 0 && this.held[slot]! >= quantity, `item ${itemNo} at node ${nodeNo} has less than ${quantity} units pending`)
    this.held[slot]! -= quantity
    return slot
  }

  private find(itemNo: number, nodeNo: number): number {
    const slot = this.lowerBound(itemNo, nodeNo)
    return slot < this.start(itemNo) + this.count(itemNo) && this.nodes[slot] === nodeNo ? slot : -1
  }

  private lowerBound(itemNo: number, nodeNo: number): number {
    let low = this.start(itemNo)
    let high = low + this.count(itemNo)
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.nodes[middle]! < nodeNo) low = middle + 1
      else high = middle
    }
    return low
  }

  private slotFor(itemNo: number, nodeNo: number): number {
    this.reachItem(itemNo)
    let slot = this.lowerBound(itemNo, nodeNo)
    const count = this.counts[itemNo]!
    if (slot < this.starts[itemNo]! + count && this.nodes[slot] === nodeNo) return slot
    const index = slot - this.starts[itemNo]!
    if (this.classes[itemNo]! < 0 || count === 2 ** this.classes[itemNo]!) this.widen(itemNo)
    slot = this.starts[itemNo]! + index
    this.shift(slot, this.starts[itemNo]! + count, slot + 1)
    this.nodes[slot] = nodeNo
    this.available[slot] = 0
    this.held[slot] = 0
    this.versions[slot] = 0
    this.counts[itemNo] = count + 1
    this.positions += 1
    return slot
  }

  private shift(from: number, end: number, to: number): void {
    for (const column of [this.nodes, this.available, this.held, this.versions]) column.copyWithin(to, from, end)
  }

  private widen(itemNo: number): void {
    const size = this.classes[itemNo]! + 1
    assert(size < CLASSES, `item ${itemNo} has too many nodes`)
    const old = this.starts[itemNo]!
    const count = this.counts[itemNo]!
    const start = this.free[size]!.pop() ?? this.append(2 ** size)
    this.shift(old, old + count, start)
    if (size > 0) this.free[size - 1]!.push(old)
    this.starts[itemNo] = start
    this.classes[itemNo] = size
  }

  private append(slots: number): number {
    const start = this.used
    this.used += slots
    if (this.used > this.nodes.length) {
      const length = Math.ceil(Math.max(this.used, this.nodes.length * GROW))
      this.nodes = grownInt32(this.nodes, length)
      this.available = grownInt32(this.available, length)
      this.held = grownInt32(this.held, length)
      const versions = new Float64Array(length)
      versions.set(this.versions)
      this.versions = versions
    }
    return start
  }

  private reachItem(itemNo: number): void {
    if (itemNo < this.starts.length) return
    const length = Math.ceil((itemNo + 1) * GROW)
    this.starts = grownInt32(this.starts, length)
    this.counts = grownInt32(this.counts, length)
    const classes = new Int8Array(length).fill(-1)
    classes.set(this.classes)
    this.classes = classes
  }
}

function grownInt32(column: Int32Array, length: number): Int32Array {
  const grown = new Int32Array(length)
  grown.set(column)
  return grown
}
