export type Steady<T> = { readonly rows: readonly T[]; readonly waiting: number }

/**
 * The rows on screen while somebody points at them: what each says is fresh, none comes, goes or moves. What comes after the last is
 * added; `waiting` counts what else will come and go once the pointer is away. The very same array where nothing changed.
 */
export function steadyOf<T>(shown: readonly T[], fresh: readonly T[], keyOf: (row: T) => string): Steady<T> {
  if (shown === fresh || shown.length === 0) return { rows: fresh, waiting: 0 }
  const at = new Map(fresh.map((row, i) => [keyOf(row), i]))
  const places = shown.map((row) => at.get(keyOf(row)))
  const lastPlace = places.findLast((place) => place !== undefined) ?? fresh.length - 1
  const renewed = shown.map((row, i) => fresh[places[i] ?? -1] ?? row)
  const known = new Set(shown.map(keyOf))
  const added = fresh.slice(lastPlace + 1).filter((row) => !known.has(keyOf(row)))
  const gone = places.filter((place) => place === undefined).length
  const come = fresh.slice(0, lastPlace + 1).filter((row) => !known.has(keyOf(row))).length
  const isSame = added.length === 0 && renewed.every((row, i) => row === shown[i])
  return { rows: isSame ? shown : [...renewed, ...added], waiting: gone + come }
}
