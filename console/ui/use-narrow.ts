import { useSyncExternalStore } from 'react'

/** As the style sheets have it (`from-md`). */
const NARROW = '(max-width: 767px)'

const follow = (changed: () => void): (() => void) => {
  const query = matchMedia(NARROW)
  query.addEventListener('change', changed)
  return () => query.removeEventListener('change', changed)
}

/** Whether the window is a phone's: a table then says in one column what it says in two on a desk. */
export const useNarrow = (): boolean => useSyncExternalStore(follow, () => matchMedia(NARROW).matches)
