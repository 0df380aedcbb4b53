import { useQueryClient, type QueryClient } from '@tanstack/react-query'
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react'
import { type Event, events } from '../../contract/events.ts'
import { hub } from './hub.ts'

/** What is fetched anew at most this often, however much happens. */
const REFRESH_MS = 700
/** After a quiet while a change is fetched at once, with what came together with it. */
const GATHER_MS = 40
const KEPT = 60
const AGAIN_MS = 6000
/** A line that the hub itself ended is opened again after this; browsers do so only for those that broke. */
const REOPEN_MS = 3000

/** none: this role follows no events. opening: not yet known. again: live after it was lost, told for a while. */
type Line = 'none' | 'opening' | 'live' | 'again' | 'lost'
type Live = { readonly line: Line; readonly recent: readonly Event[]; readonly perMinute: number }
const Context = createContext<Live>({ line: 'none', recent: [], perMinute: 0 })
export const useLive = (): Live => useContext(Context)

/**
 * One stream a page. What happened marks what it touches as stale; stale lists on screen are fetched at most every 700 ms, so that a
 * busy hour does not shake the page. The browser comes back by itself with the last event it saw: nothing is missed.
 */
class LiveFeed {
  private readonly queries: QueryClient
  private readonly touched = new Set<string>()
  private timer: ReturnType<typeof setTimeout> | undefined
  private refreshedAt = -REFRESH_MS

  constructor(queries: QueryClient) {
    this.queries = queries
  }

  take(event: Event): void {
    if (event.orderId !== undefined) this.touched.add(event.orderId)
    if (event.type.startsWith('task.')) this.touched.add('tasks')
    if (event.subject.kind === 'stock') this.touched.add('stock')
    if (event.subject.kind === 'fact') this.touched.add('facts')
    if (event.type === 'body.kept') this.touched.add('inbox')
    this.timer ??= setTimeout(() => this.refresh(), Math.max(GATHER_MS, this.refreshedAt + REFRESH_MS - performance.now()))
  }

  private refresh(): void {
    this.timer = undefined
    this.refreshedAt = performance.now()
    const touched = new Set(this.touched)
    this.touched.clear()
    const orders = [...touched].some((one) => one.startsWith('ord_'))
    void this.queries.invalidateQueries({
      predicate: ({ queryKey: [name, id] }) =>
        (orders && (name === 'orders' || name === 'works' || name === 'now')) ||
        (name === 'order' && touched.has(String(id))) ||
        (name === 'stock' && (orders || touched.has('stock'))) ||
        (name === 'tasks' && touched.has('tasks')) ||
        (name === 'facts' && touched.has('facts')) ||
        (name === 'inbox' && touched.has('inbox')),
    })
  }

  stop(): void {
    clearTimeout(this.timer)
  }
}

/**
 * Follows the stream from where it stood until the returned function is called. Where its place is unknown or gone, everything counts as
 * stale once the line is open again: not before, when nobody would answer.
 */
function follow(take: (message: MessageEvent<string>) => void, tell: (line: Line) => void, startAnew: () => void): () => void {
  let after: string | undefined
  let failures = 0
  let isGap = false
  let wasLost = false
  let source: EventSource
  let timer: ReturnType<typeof setTimeout> | undefined
  const open = () => {
    source = new EventSource(hub.url('event.stream', after === undefined ? {} : { query: { after } }))
    source.addEventListener('open', () => {
      failures = 0
      tell(wasLost ? 'again' : 'live')
      if (isGap) startAnew()
      isGap = wasLost = false
    })
    source.addEventListener('error', () => {
      wasLost = true
      tell('lost')
      if (source.readyState !== EventSource.CLOSED) return
      failures += 1
      if (failures > 1) after = undefined
      isGap = after === undefined
      timer = setTimeout(open, REOPEN_MS)
    })
    for (const type of Object.keys(events))
      source.addEventListener(type, (message: MessageEvent<string>) => {
        after = message.lastEventId
        take(message)
      })
  }
  open()
  return () => {
    clearTimeout(timer)
    source.close()
  }
}

export function LiveProvider({ isAllowed, children }: { readonly isAllowed: boolean; readonly children: ReactNode }) {
  const queries = useQueryClient()
  const [line, setLine] = useState<Line>(isAllowed ? 'opening' : 'none')
  const [recent, setRecent] = useState<readonly Event[]>([])
  const [arrivals, setArrivals] = useState<readonly number[]>([])
  useEffect(() => {
    if (!isAllowed) return
    const feed = new LiveFeed(queries)
    let waiting: Event[] = []
    const take = (message: MessageEvent<string>) => {
      const event = JSON.parse(message.data) as Event
      feed.take(event)
      waiting.push(event)
    }
    const close = follow(take, setLine, () => void queries.invalidateQueries())
    const tick = setInterval(() => {
      const now = Date.now()
      const fresh = waiting
      waiting = []
      const placed = fresh.filter((event) => event.type === 'order.received').map(() => now)
      setArrivals((all) => (placed.length === 0 && all.length === 0 ? all : [...all.filter((at) => now - at < 60_000), ...placed]))
      if (fresh.length > 0) setRecent((all) => [...fresh.toReversed(), ...all].slice(0, KEPT))
    }, 1000)
    return () => {
      clearInterval(tick)
      feed.stop()
      close()
    }
  }, [queries, isAllowed])
  useEffect(() => {
    if (line !== 'again') return
    const timer = setTimeout(() => setLine('live'), AGAIN_MS)
    return () => clearTimeout(timer)
  }, [line])
  const live = useMemo(() => ({ line, recent, perMinute: arrivals.length }), [line, recent, arrivals])
  return <Context value={live}>{children}</Context>
}
