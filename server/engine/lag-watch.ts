/** How old the oldest event may be that a follower has not seen. */
export const LAG_MS_MAX = 30_000

/**
 * Whether a follower keeps up: what had been written half a minute ago has been followed by now. A distance alone says nothing, for while
 * others write there always is one.
 */
export class LagWatch {
  private mark: { readonly at: number; readonly written: number } | undefined

  /** Seconds since an event was written that is still not followed; undefined where it keeps up. */
  look(now: number, written: number, followed: number): number | undefined {
    const mark = (this.mark ??= { at: now, written })
    const ms = now - mark.at
    if (followed < mark.written) return ms >= LAG_MS_MAX ? Math.round(ms / 1000) : undefined
    this.mark = { at: now, written }
    return undefined
  }
}
