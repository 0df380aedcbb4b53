import { HOUR } from '../kernel/time.ts'

/** Something that goes wrong slowly. `what` tells it from others; it is worse when its `size` grows. */
export type Trouble = { readonly what: string; readonly size: number; readonly data: object; readonly message: string }

/** Speaks of a trouble when it begins, when it gets worse, and once an hour while it lasts: a log that repeats itself is not read. */
export class Reminder {
  private readonly told = new Map<string, { readonly at: number; readonly size: number }>()
  private readonly wallNow: () => number
  private readonly warn: (data: object, message: string) => void

  constructor(wallNow: () => number, warn: (data: object, message: string) => void) {
    this.wallNow = wallNow
    this.warn = warn
  }

  /** `all` that are there now; those that were told of and are not among them are over. */
  tell(all: readonly Trouble[]): void {
    const now = this.wallNow()
    const present = new Set(all.map((one) => one.what))
    for (const what of this.told.keys()) if (!present.has(what)) this.told.delete(what)
    for (const { what, size, data, message } of all) {
      const before = this.told.get(what)
      if (before !== undefined && size <= before.size && now < before.at + HOUR) continue
      this.told.set(what, { at: now, size })
      this.warn(data, message)
    }
  }
}
