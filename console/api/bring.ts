/** How far a script that the page needs has come; `gone`: the hub answers, but this window cannot have it any more. */
export type Standing = 'coming' | 'unreachable' | 'gone'
/** What is asked of the browser while a script is waited for. */
export type Waiting = {
  readonly isHubHere: () => Promise<boolean>
  readonly pause: (ms: number) => Promise<void>
  /** Loads the window anew; false where that may not be, or was done for this script and did not help. */
  readonly reload: (after: 'outage' | 'nothing') => boolean
  readonly tell: (standing: Standing) => void
  readonly signal: AbortSignal
}
const PAUSE_MS = { first: 1000, most: 8000 }

/**
 * Asks for a script until it comes or nobody waits for it. A hub that cannot be reached is asked again, ever more seldom. One that answers
 * while the script fails serves another build than this page's, or came back after this window had failed once, which browsers remember:
 * the window is loaded anew.
 */
export async function bring<T>(load: () => Promise<T>, waiting: Waiting): Promise<T | undefined> {
  const { signal, tell } = waiting
  let isAfterOutage = false
  let isAskedAgain = false
  for (let ms = PAUSE_MS.first; !signal.aborted;) {
    const come = await load().then(
      (value) => ({ value }),
      () => undefined,
    )
    if (come !== undefined) return signal.aborted ? undefined : come.value
    const isHere = await waiting.isHubHere()
    if (signal.aborted) return undefined
    if (isHere && isAskedAgain) {
      if (!waiting.reload(isAfterOutage ? 'outage' : 'nothing')) tell('gone')
      return undefined
    }
    // Asked once more where the hub answers: it may have come back between the two.
    isAskedAgain = isHere
    if (isHere) continue
    isAfterOutage = true
    tell('unreachable')
    await waiting.pause(ms)
    ms = Math.min(ms * 2, PAUSE_MS.most)
  }
  return undefined
}

const KEY = 'fulcrum.reloadedFor'
const ANSWER_MS = 3000
const reloadedFor = (): readonly string[] => (sessionStorage.getItem(KEY) ?? '').split('\n')
const keep = (names: readonly string[]): void => sessionStorage.setItem(KEY, names.join('\n'))

/** `bring` in a browser; a window that may not be left is never loaded anew, for the sake of what is typed in it. */
export async function bringHere<T>(
  load: () => Promise<T>,
  { signal, tell = () => undefined, mayLeave = true }: { signal: AbortSignal; tell?: Waiting['tell']; mayLeave?: boolean },
): Promise<T | undefined> {
  // The text of the function names the script's file, whose name changes with its content.
  const name = load.toString().replaceAll(/\s+/g, ' ')
  const come = await bring(load, {
    signal,
    tell,
    isHubHere: () =>
      fetch('/livez', { cache: 'no-store', signal: AbortSignal.timeout(ANSWER_MS) }).then(
        (response) => response.ok,
        () => false,
      ),
    pause: (ms) => new Promise((done) => setTimeout(done, ms)),
    reload: (after) => {
      if (!mayLeave || (after === 'nothing' && reloadedFor().includes(name))) return false
      keep([...new Set([...reloadedFor(), name])])
      location.reload()
      return true
    },
  })
  if (come !== undefined && reloadedFor().includes(name)) keep(reloadedFor().filter((one) => one !== name))
  return come
}
