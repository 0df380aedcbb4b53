import type { Permission } from '../../../contract/access.ts'
import type { FulfillmentOrderDetail, WorkAction } from '../../../contract/entities/fulfillment-order.ts'
import { presentPlace } from './present-order.ts'
import { canSeeCarrier, canSeeNode } from './scope.ts'
import { sightOfRole, type Viewer } from './sight.ts'

/** Who may do what to a node's work; the capabilities ask for the same. */
export const permissionOfWork: Readonly<Record<WorkAction, Permission>> = {
  accept: 'fulfillment.work',
  reject: 'fulfillment.work',
  start: 'fulfillment.work',
  pick: 'fulfillment.work',
  pack: 'fulfillment.work',
  unpack: 'fulfillment.work',
  handOver: 'fulfillment.work',
  deliver: 'fulfillment.work',
  setReady: 'fulfillment.work',
  collect: 'fulfillment.work',
  refuseCancel: 'fulfillment.work',
  cancel: 'fulfillment.manage',
  requestCancel: 'fulfillment.manage',
  hold: 'fulfillment.manage',
  release: 'fulfillment.manage',
  move: 'fulfillment.manage',
  split: 'fulfillment.manage',
  merge: 'fulfillment.manage',
}

/** Whether a node's work lies inside the scope beyond its order: its own node and carrier, not another's on the same order. */
export function canSeeWork({ scope }: Pick<Viewer, 'scope'>, work: { readonly nodeId: string; readonly carrierId?: string }): boolean {
  if (!canSeeNode(scope, work.nodeId)) return false
  return scope.carriers === undefined || (work.carrierId !== undefined && canSeeCarrier(scope, work.carrierId))
}

/** One node's work as the viewer may see it. */
export function presentWork(viewer: Viewer, work: FulfillmentOrderDetail & { readonly personErased?: boolean }): FulfillmentOrderDetail {
  const { shipTo, personErased, ...rest } = work
  return {
    ...rest,
    ...(shipTo === undefined ? {} : { shipTo: presentPlace(sightOfRole[viewer.role], shipTo, personErased === true) }),
    allowedActions: work.allowedActions.filter((action) => viewer.permissions.has(permissionOfWork[action])),
  }
}
