const BOUNDS_MS = [1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000] as const
const CLASSES = ['2xx', '3xx', '4xx', '5xx', 'gone'] as const

type Row = { readonly route: string; readonly counts: Float64Array; readonly sumMs: Float64Array }

/**
 * Counts answers and their latency per route and status class in typed arrays: about 50 ns a request,
 * where a labelled prom-client histogram takes microseconds.
 */
export class HttpMetrics {
  readonly #rows: Row[] = []

  /** Slot for a route; observe with the number it returns. */
  register(route: string): number {
    const width = BOUNDS_MS.length + 1
    this.#rows.push({ route, counts: new Float64Array(CLASSES.length * width), sumMs: new Float64Array(CLASSES.length) })
    return this.#rows.length - 1
  }

  /** `status` 0 = the caller went away before the answer. */
  observe(slot: number, status: number, ms: number): void {
    const row = this.#rows[slot]
    if (row === undefined) return
    const kind = status === 0 ? 4 : status < 300 ? 0 : status < 400 ? 1 : status < 500 ? 2 : 3
    let bucket = 0
    while (bucket < BOUNDS_MS.length && ms > (BOUNDS_MS[bucket] ?? 0)) bucket++
    const at = kind * (BOUNDS_MS.length + 1) + bucket
    row.counts[at] = (row.counts[at] ?? 0) + 1
    row.sumMs[kind] = (row.sumMs[kind] ?? 0) + ms
  }

  /** Prometheus text format. */
  render(): string {
    const lines = [
      '# HELP fulcrum_http_request_duration_seconds Time from the request line to the end of the answer.',
      '# TYPE fulcrum_http_request_duration_seconds histogram',
    ]
    for (const row of this.#rows) CLASSES.forEach((name, kind) => lines.push(...renderClass(row, name, kind)))
    return `${lines.join('\n')}\n`
  }
}

function renderClass(row: Row, name: string, kind: number): readonly string[] {
  const width = BOUNDS_MS.length + 1
  const counts = row.counts.subarray(kind * width, (kind + 1) * width)
  const total = counts.reduce((sum, count) => sum + count, 0)
  if (total === 0) return []
  const labels = `capability="${row.route}",status="${name}"`
  const lines: string[] = []
  let below = 0
  BOUNDS_MS.forEach((bound, i) => {
    below += counts[i] ?? 0
    lines.push(`fulcrum_http_request_duration_seconds_bucket{${labels},le="${bound / 1000}"} ${below}`)
  })
  lines.push(
    `fulcrum_http_request_duration_seconds_bucket{${labels},le="+Inf"} ${total}`,
    `fulcrum_http_request_duration_seconds_sum{${labels}} ${(row.sumMs[kind] ?? 0) / 1000}`,
    `fulcrum_http_request_duration_seconds_count{${labels}} ${total}`,
  )
  return lines
}
