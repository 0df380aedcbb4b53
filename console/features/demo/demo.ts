import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { type Answer, hub } from '../../api/hub.ts'

export type Trouble = Answer<'demo.troubles'>['items'][number]
export type TroubleKind = Trouble['kind']
type Move = { readonly rate?: number; readonly advanceSeconds?: number }

const CLOCK = ['demo', 'clock'] as const
const TROUBLES = ['demo', 'troubles'] as const
const CLOCK_MS = 3_000
/** While history is lived. */
const LIVED_MS = 500
const ASKED_MS = 1_000

export function useDemoClock() {
  const queries = useQueryClient()
  const asked = useQuery({
    queryKey: CLOCK,
    queryFn: () => hub.call('demo.clock', {}),
    refetchInterval: ({ state }) => (state.data?.history === undefined ? CLOCK_MS : LIVED_MS),
  })
  const move = useMutation({
    mutationFn: (body: Move) => hub.call('demo.moveClock', { body }),
    onSuccess: (clock) => queries.setQueryData(CLOCK, clock),
  })
  return { asked, move }
}

/** What was asked for lately; asked again each second while the world has not answered. */
export const useTroubles = () =>
  useQuery({
    queryKey: TROUBLES,
    queryFn: () => hub.call('demo.troubles', {}),
    refetchInterval: ({ state }) => (state.data?.items.some((one) => one.state === 'asked') === true ? ASKED_MS : false),
  })

export function useAskTrouble() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (kind: TroubleKind) => hub.call('demo.trouble', { body: { kind } }),
    onSuccess: () => void queries.invalidateQueries({ queryKey: TROUBLES }),
  })
}

/** Wall milliseconds, anew at most every `everyMs`. */
export function useWall(everyMs: number): number {
  const [wall, setWall] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setWall(Date.now()), everyMs)
    return () => clearInterval(timer)
  }, [everyMs])
  return wall
}
