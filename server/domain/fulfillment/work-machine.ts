import type { requests, WorkAction, works } from '../../../contract/entities/fulfillment-order.ts'

export type Work = (typeof works)[number]
export type Request = (typeof requests)[number]

/** What may be done to the work and where it leads; `short` is a pick that found less than the books had. Checked in work-machine.test.ts. */
export const workMachine = {
  planned: { accept: 'ready', start: 'inProgress', reject: 'cancelled', cancel: 'cancelled' },
  ready: { start: 'inProgress', reject: 'cancelled', cancel: 'cancelled' },
  inProgress: { pick: 'inProgress', short: 'short', pack: 'inProgress', handOver: 'handedOver', cancel: 'cancelled' },
  short: { pick: 'short', short: 'short', pack: 'short', handOver: 'handedOver', cancel: 'cancelled' },
  handedOver: { deliver: 'done' },
  done: {},
  cancelled: {},
} as const satisfies Record<Work, Partial<Record<WorkAction | 'short', Work>>>

/** What is asked of a node and what it answers. `start` without an answer is one. */
export const requestMachine = {
  none: { accept: 'accepted', start: 'accepted', reject: 'rejected' },
  accepted: { reject: 'rejected', requestCancel: 'cancelRequested' },
  cancelRequested: { refuseCancel: 'cancelRefused' },
  cancelRefused: { requestCancel: 'cancelRequested' },
  rejected: {},
} as const satisfies Record<Request, Partial<Record<WorkAction, Request>>>

type Step = Partial<Record<string, string>>

/** Where an action leads on the work axis; undefined where it is not possible, the same state where it is no matter of this axis. */
export function workAfter(work: Work, action: WorkAction | 'short'): Work | undefined {
  if (action === 'requestCancel' || action === 'refuseCancel') return isAtWork(work) ? work : undefined
  return (workMachine[work] as Step)[action] as Work | undefined
}

/** Where an action leads on the request axis. Work that a node has begun is taken away only after it was asked to stop. */
export function requestAfter(request: Request, work: Work, action: WorkAction): Request | undefined {
  if (action === 'accept' || action === 'reject' || action === 'requestCancel' || action === 'refuseCancel' || action === 'start')
    return (
      ((requestMachine[request] as Step)[action] as Request | undefined) ??
      (action === 'start' && request === 'accepted' ? request : undefined)
    )
  if (action === 'cancel' && isAtWork(work) && request !== 'cancelRequested') return undefined
  return request
}

/** True while somebody is picking or packing. */
export const isAtWork = (work: Work): boolean => work === 'inProgress' || work === 'short'

/** True until the parcels leave: it can still be cancelled or done elsewhere. */
export const isMovable = (work: Work): boolean => work === 'planned' || work === 'ready' || isAtWork(work)

/** True once the goods have left the node. */
export const hasLeft = (work: Work): boolean => work === 'handedOver' || work === 'done'
