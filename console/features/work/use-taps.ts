import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useMemo, useState } from 'react'
import { hub, ProblemError } from '../../api/hub.ts'
import { useSession } from '../session/session.ts'
import { type Sent, type Tap, TapQueue } from './taps.ts'

const RETRY_MS = 5000

async function send({ key, fulfillmentOrderId, action, body }: Tap): Promise<Sent> {
  try {
    await hub.call(`fulfillment.${action}`, { params: { fulfillmentOrderId }, body: body as never }, { idempotencyKey: key })
    return { status: 'done' }
  } catch (error) {
    return mayPass(error) ? { status: 'offline' } : { status: 'refused', error }
  }
}

/** Whether the same tap may pass later: no network, a hub that is busy or away, or a session that has to be opened again. */
function mayPass(error: unknown): boolean {
  if (!(error instanceof ProblemError)) return true
  return error.status === 401 || error.status === 429 || error.status > 500
}

/** The taps of this page: how many wait, and how one is made. */
export function useTaps(onRefused: (error: unknown) => void): { readonly waiting: number; readonly tap: (tap: Omit<Tap, 'key'>) => void } {
  const queries = useQueryClient()
  const who = useSession().session.credentialId
  const [waiting, setWaiting] = useState(0)
  const queue = useMemo(() => {
    const made: TapQueue = new TapQueue(
      localStorage,
      who,
      send,
      () => {
        setWaiting(made.waiting.length)
        void queries.invalidateQueries({ queryKey: ['works'] })
      },
      (_, error) => onRefused(error),
    )
    return made
  }, [queries, onRefused, who])
  useEffect(() => {
    const flush = () => void queue.flush()
    setWaiting(queue.waiting.length)
    flush()
    addEventListener('online', flush)
    const timer = setInterval(flush, RETRY_MS)
    return () => {
      removeEventListener('online', flush)
      clearInterval(timer)
    }
  }, [queue])
  return { waiting, tap: (tap) => void queue.add({ ...tap, key: crypto.randomUUID() }) }
}
