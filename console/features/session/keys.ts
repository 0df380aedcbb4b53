import { useQuery } from '@tanstack/react-query'
import { type Answer, hub } from '../../api/hub.ts'
import { allOf } from '../network/facts.ts'
import { useMay } from './session.ts'

export type Key = Answer<'key.list'>['items'][number]

/** The API keys, for those who may see them; nothing is asked for others. */
export function useKeys() {
  const may = useMay()
  return useQuery({
    queryKey: ['keys'],
    enabled: may('access.read'),
    queryFn: () => allOf((cursor) => hub.call('key.list', { query: { limit: 200, ...(cursor === undefined ? {} : { cursor }) } })),
    staleTime: 60_000,
  })
}
