import { Alert, Button, Skeleton } from 'antd'
import { type ComponentType, type FunctionComponent, useEffect, useReducer, useState } from 'react'
import { bringHere, type Standing } from '../api/bring.ts'
import { useText } from '../i18n/language.tsx'

export type Part<P> = FunctionComponent<P> & { readonly preload: () => Promise<void> }
type Place = 'page' | 'in' | 'over'
/** A page that takes longer than this to come is waited for in its own place. */
const STAY_MS = 1000
/** Fetches each part that this window knows of, and tells whether it may have come; those of a page are known when it has come. */
const ahead = new Set<() => Promise<boolean>>()

/**
 * A page, a part `in` one or a dialog `over` it, whose script comes when it is first shown. Where the hub cannot be reached the frame stays,
 * words say so, and what was asked for opens when the hub is back.
 */
export function part<P extends object>(load: () => Promise<ComponentType<P>>, place: Place = 'page'): Part<P> {
  let come: ComponentType<P> | undefined
  const Shown = (given: P) => {
    const [standing, stand] = useState<Standing>('coming')
    const [, drawAgain] = useReducer((n: number) => n + 1, 0)
    const [tried, tryAgain] = useReducer((n: number) => n + 1, 0)
    useEffect(() => {
      if (come !== undefined) return undefined
      const left = new AbortController()
      void bringHere(load, { signal: left.signal, tell: stand, mayLeave: place !== 'over' }).then((component) => {
        come ??= component
        drawAgain()
      })
      return () => left.abort()
    }, [tried])
    const Come = come
    return Come === undefined ? <Missing standing={standing} place={place} onRetry={tryAgain} /> : <Come {...given} />
  }
  const fetchAhead = (): Promise<boolean> =>
    Promise.race([
      load().then(
        (component) => ((come = component), true),
        () => false,
      ),
      new Promise<boolean>((done) => setTimeout(done, STAY_MS, true)),
    ])
  ahead.add(fetchAhead)
  return Object.assign(Shown, { preload: async () => void (await fetchAhead()) })
}

function Missing({ standing, place, onRetry }: { readonly standing: Standing; readonly place: Place; readonly onRetry: () => void }) {
  const t = useText()
  if (standing === 'coming') return place === 'over' ? null : <Skeleton className={place} active paragraph={{ rows: 6 }} />
  const isGone = standing === 'gone'
  return (
    <div className={place === 'over' ? 'part-over' : place} role="status">
      <Alert
        type={isGone ? 'error' : 'warning'}
        showIcon
        title={t(isGone ? 'part.gone' : 'part.unreachable')}
        description={t(isGone ? 'part.gone.hint' : place === 'over' ? 'part.later.hint' : 'part.unreachable.hint')}
        action={<Button onClick={isGone ? () => location.reload() : onRetry}>{t(isGone ? 'part.reload' : 'state.retry')}</Button>}
      />
    </div>
  )
}

const idle = (): Promise<void> =>
  new Promise((done) => {
    // NOTE: Safari has no requestIdleCallback.
    if (typeof requestIdleCallback === 'function') requestIdleCallback(() => done())
    else setTimeout(done, STAY_MS)
  })

/**
 * From the first touch or key on, while the browser has nothing else to do: parts one by one, unless the reader saves data. The first that
 * fails ends it: what failed once stays failed in this window.
 */
export function preloadWhenIdle(): void {
  const { connection } = navigator as { readonly connection?: { readonly saveData?: boolean } }
  if (connection?.saveData === true) return
  const first = new AbortController()
  const begin = async (): Promise<void> => {
    first.abort()
    for (const fetchAhead of ahead) {
      await idle()
      if (!(await fetchAhead())) return
    }
  }
  for (const type of ['pointerdown', 'keydown']) addEventListener(type, () => void begin(), { signal: first.signal, passive: true })
}
