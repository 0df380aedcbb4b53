/**
 * Platforms mask a buyer some time after the sale: 133****3069. Such a value is accepted when nothing better is known,
 * and never takes the place of a readable one.
 */
export const isMasked = (value: unknown): boolean => typeof value === 'string' && /[*＊]/.test(value)

/** The new object, in which absent and masked members fall back to readable old ones; undefined when there is no new one. */
export function keepReadable<T extends object>(old: T | undefined, now: T | undefined): T | undefined {
  if (now === undefined || old === undefined) return now
  const isMaskedCopy = Object.values(now).some(isMasked)
  const merged: T = { ...now }
  for (const key in old) {
    const isLost = !Object.hasOwn(now, key) ? isMaskedCopy : isMasked(now[key]) && !isMasked(old[key])
    if (isLost) merged[key] = old[key]
  }
  return merged
}
