const [SECOND, MINUTE, HOUR, DAY] = [1000, 60_000, 3_600_000, 86_400_000]
/** Steps that people count time in, ms. */
const STEPS = [
  ...[1, 2, 5, 10, 15, 30].map((n) => n * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * MINUTE),
  ...[1, 2, 3, 6, 12].map((n) => n * HOUR),
  ...[1, 2, 5, 10, 20, 50, 100].map((n) => n * DAY),
]
const STEPS_MAX = 4

/** An axis of durations from 0: a step that is a round number of seconds, minutes, hours or days, and an end that is a whole number of steps. */
export function durationAxis(values: readonly number[]): { readonly interval: number; readonly max: number } {
  const most = Math.max(SECOND, ...values)
  const interval = STEPS.find((step) => most <= step * STEPS_MAX) ?? Math.ceil(most / STEPS_MAX / (100 * DAY)) * 100 * DAY
  return { interval, max: Math.ceil(most / interval) * interval }
}
