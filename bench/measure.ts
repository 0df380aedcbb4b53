/** One number of one repetition. `atLeast` and `atMost` are the gates. */
export type Sample = {
  readonly name: string
  readonly value: number
  readonly unit: string
  readonly atLeast?: number
  readonly atMost?: number
}
export type Summary = Sample & { readonly values: readonly number[]; readonly spread: number }

export function summarise(repetitions: readonly (readonly Sample[])[]): Summary[] {
  const names = new Map<string, Sample[]>()
  for (const samples of repetitions) for (const sample of samples) names.set(sample.name, [...(names.get(sample.name) ?? []), sample])
  return [...names.values()].flatMap((samples) => {
    const [first] = samples
    if (first === undefined) return []
    const values = samples.map((sample) => sample.value)
    const value = medianOf(values)
    const spread = value === 0 ? 0 : (Math.max(...values) - Math.min(...values)) / value
    return [{ ...first, value, values, spread: Math.round(spread * 100) / 100 }]
  })
}

export function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2
}

export function quantile(values: readonly number[], share: number): number {
  const sorted = Float64Array.from(values).sort()
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}

const text = (value: number): string => (value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(value >= 10 ? 1 : 2))

export function lineOf(summary: Summary): string {
  const { name, value, unit, values, atLeast, atMost } = summary
  const range = values.length === 1 ? '' : ` (${text(Math.min(...values))} – ${text(Math.max(...values))})`
  const gate = atLeast === undefined ? (atMost === undefined ? '' : `≤ ${text(atMost)}`) : `≥ ${text(atLeast)}`
  const verdict = gate === '' ? '' : `   ${isMet(summary) ? 'meets' : 'MISSES'} ${gate}`
  return `  ${name.padEnd(58)} ${text(value).padStart(10)} ${unit}${range}${verdict}`
}

export const isMet = ({ value, atLeast, atMost }: Sample): boolean => value >= (atLeast ?? -Infinity) && value <= (atMost ?? Infinity)
