/** The range a report is about; it lives in the URL. Days are local days of the reader, both included. */
export type ReportSearch = { readonly range?: 'today' | '7d' | '28d' | 'custom'; readonly from?: string; readonly to?: string }

export const presets = { today: 1, '7d': 7, '28d': 28 } as const
export type Preset = keyof typeof presets
export const DAYS_MAX = 92

const DAY = /^\d{4}-\d{2}-\d{2}$/

/** Reads a range out of a URL; what does not belong there is left out. */
export function reportSearchOf(given: Record<string, unknown>): ReportSearch {
  const day = (name: string): string | undefined => {
    const value = given[name]
    return typeof value === 'string' && DAY.test(value) && !Number.isNaN(Date.parse(value)) ? value : undefined
  }
  const [from, to] = [day('from'), day('to')]
  const { range } = given
  if (range === 'today' || range === '7d' || range === '28d') return { range }
  if (range !== 'custom' || from === undefined || to === undefined || from > to) return {}
  return { range, from, to }
}

/** Midnight at which a local day begins, and so many days after it. */
const midnight = (day: string, plus = 0): Date => {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number)
  return new Date(year, month - 1, date + plus)
}

/** The local day of an instant. */
export function dayOf(at: Date): string {
  return [at.getFullYear(), at.getMonth() + 1, at.getDate()].map((part) => String(part).padStart(2, '0')).join('-')
}

/** From when to when a search reaches: whole local days, the last one that of `now` (business time) where a preset is chosen. */
export function boundsOf(search: ReportSearch, now: Date): { readonly from: Date; readonly to: Date; readonly days: number } {
  if (search.range === 'custom' && search.from !== undefined && search.to !== undefined) {
    const [from, to] = [midnight(search.from), midnight(search.to, 1)]
    return { from, to, days: Math.round((to.getTime() - from.getTime()) / 86_400_000) }
  }
  const days = presets[search.range === undefined || search.range === 'custom' ? '7d' : search.range]
  const today = dayOf(now)
  return { from: midnight(today, 1 - days), to: midnight(today, 1), days }
}
