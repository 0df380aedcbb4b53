import type { OrderParcel } from '../../../contract/entities/parcel.ts'
import { canSeeCarrier, canSeeNode } from './scope.ts'
import type { Viewer } from './sight.ts'

/** Whether a parcel lies inside the scope beyond its order: its own node and carrier, not another's on the same order. */
export function canSeeParcel({ scope }: Pick<Viewer, 'scope'>, parcel: { readonly nodeId?: string; readonly carrierId?: string }): boolean {
  if (parcel.nodeId !== undefined && !canSeeNode(scope, parcel.nodeId)) return false
  return scope.carriers === undefined || (parcel.carrierId !== undefined && canSeeCarrier(scope, parcel.carrierId))
}

/** A parcel as the viewer may see it: buyers see what comes to them, not which node it left and what its factors are. */
export function presentParcel<P extends OrderParcel>(viewer: Viewer, parcel: P): P {
  if (viewer.role !== 'customer') return parcel
  const { nodeId, nodeName, ...rest } = parcel
  return { ...rest, legs: [] } as unknown as P
}
