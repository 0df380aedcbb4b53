/** What became of one row: done, refused by the hub, or failed otherwise, or not tried because somebody stopped. */
export type BulkOutcome =
  | { readonly status: 'done' }
  | { readonly status: 'refused'; readonly error: unknown }
  | { readonly status: 'skipped' }

/** Rows under way at once: enough to be quick, few enough to leave the hub to others. */
const PARALLEL = 4

/**
 * Does the same to many rows, each by a call of its own, so that one that is refused stops none of the others. Tells of each as it is
 * settled; after a stop no further one is begun, and those under way come to their end.
 */
export async function runBulk<T>(
  rows: readonly T[],
  act: (row: T) => Promise<void>,
  tell: (row: T, outcome: BulkOutcome) => void,
  signal: AbortSignal,
): Promise<void> {
  let next = 0
  const lane = async () => {
    for (;;) {
      const row = rows[next++]
      if (row === undefined) return
      if (signal.aborted) tell(row, { status: 'skipped' })
      else tell(row, await outcomeOf(act(row)))
    }
  }
  await Promise.all(Array.from({ length: Math.min(PARALLEL, rows.length) }, lane))
}

async function outcomeOf(acting: Promise<void>): Promise<BulkOutcome> {
  try {
    await acting
    return { status: 'done' }
  } catch (error) {
    return { status: 'refused', error }
  }
}
