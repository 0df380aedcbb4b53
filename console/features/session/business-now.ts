import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { hub } from '../../api/hub.ts'
import { useSession } from './session.ts'

const CLOCK_MS = 10_000
const TICK_MS = 10_000

/** Business time at a wall instant, from what the hub last said: it runs on at the demo's rate in between. */
export function businessTime(said: { readonly at: string; readonly rate: number }, saidAtMs: number, nowMs: number): number {
  return Date.parse(said.at) + Math.max(0, nowMs - saidAtMs) * said.rate
}

/** Business time in ms, good enough to say what is overdue: the wall's, or in the demo that of its own clock. */
export function useBusinessNow(): number {
  const { session } = useSession()
  const clock = useQuery({
    queryKey: ['demo', 'clock'],
    queryFn: () => hub.call('demo.clock', {}),
    enabled: session.demo === true,
    refetchInterval: CLOCK_MS,
  })
  const [wall, setWall] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setWall(Date.now()), TICK_MS)
    return () => clearInterval(timer)
  }, [])
  return clock.data === undefined ? wall : businessTime(clock.data, clock.dataUpdatedAt, wall)
}
