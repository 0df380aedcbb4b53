import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { Begun } from '../../../contract/entities/closure.ts'
import { type Answer, hub } from '../../api/hub.ts'
import { useMay } from '../session/session.ts'

export type Closure = Answer<'node.closure'>
export type ClosurePreview = Answer<'node.previewClose'>

/** A sweep is looked at this often while it runs, and what is finished at the node meanwhile. */
const SWEEP_MS = 1_000
const WORK_MS = 10_000

/** How far a node that closes has come; it goes on in the hub, whoever looks. */
export function useClosure(nodeId: string) {
  const may = useMay()
  return useQuery({
    queryKey: ['closure', nodeId],
    enabled: may('fulfillment.read'),
    queryFn: () => hub.call('node.closure', { params: { nodeId } }),
    staleTime: 0,
    refetchInterval: ({ state: { data } }) =>
      data?.state === 'closing' ? SWEEP_MS : data?.state === 'closed' && data.atWork > 0 ? WORK_MS : false,
  })
}

/** What closing would lead to as things stand; never kept, because they do not stand still. */
export const useClosurePreview = (nodeId: string, begun: Begun) =>
  useQuery({
    queryKey: ['closure-preview', nodeId, begun],
    queryFn: () => hub.call('node.previewClose', { params: { nodeId }, body: { reason: 'preview', begun } }),
    staleTime: 0,
    gcTime: 0,
  })

function useAfterwards(nodeId: string) {
  const queries = useQueryClient()
  return (closure: Closure) => {
    queries.setQueryData(['closure', nodeId], closure)
    void queries.invalidateQueries({ queryKey: ['facts', 'node'] })
  }
}

export function useCloseNode(nodeId: string) {
  const onSuccess = useAfterwards(nodeId)
  return useMutation({
    mutationFn: (body: { readonly reason: string; readonly begun: Begun }) => hub.call('node.close', { params: { nodeId }, body }),
    onSuccess,
  })
}

export function useOpenNode(nodeId: string) {
  const onSuccess = useAfterwards(nodeId)
  return useMutation({ mutationFn: () => hub.call('node.open', { params: { nodeId }, body: {} }), onSuccess })
}

/** Of what had to leave the node, the share that is settled one way or another, 0 to 1. */
export function settledShare({
  state,
  total,
  moved,
  torn,
  leftBehind,
}: Pick<Closure, 'state' | 'total' | 'moved' | 'torn' | 'leftBehind'>): number {
  if (state !== 'closing') return 1
  return total === 0 ? 0 : Math.min(1, (moved + torn + leftBehind) / total)
}
