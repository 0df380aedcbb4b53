import { checkedMachine } from '../../kernel/machine.ts'
import type { requests, WorkAction, works } from '../../../contract/entities/fulfillment-order.ts'

export type Work = (typeof works)[number]
export type Request = (typeof requests)[number]

/** Until it is begun, work can be divided and put together. */
function unbegun<const W extends Work>(work: W) {
  return { hold: work, release: work, split: work, merge: work } as const
}

/** What may be done to the work and where it leads; `short` is a pick that found less than the books had. */
export const workMachine = checkedMachine('work', 'planned', ['done', 'cancelled'], {
  planned: { accept: 'ready', start: 'inProgress', reject: 'cancelled', cancel: 'cancelled', move: 'cancelled', ...unbegun('planned') },
  ready: { start: 'inProgress', reject: 'cancelled', cancel: 'cancelled', move: 'cancelled', ...unbegun('ready') },
  inProgress: {
    pick: 'inProgress',
    short: 'short',
    pack: 'inProgress',
    unpack: 'inProgress',
    handOver: 'handedOver',
    setReady: 'readyForPickup',
    cancel: 'cancelled',
    move: 'cancelled',
    hold: 'inProgress',
    release: 'inProgress',
  },
  short: {
    pick: 'short',
    short: 'short',
    pack: 'short',
    unpack: 'short',
    handOver: 'handedOver',
    setReady: 'readyForPickup',
    cancel: 'cancelled',
    move: 'cancelled',
    hold: 'short',
    release: 'short',
  },
  readyForPickup: { collect: 'done', cancel: 'cancelled', hold: 'readyForPickup', release: 'readyForPickup' },
  handedOver: { deliver: 'done' },
  done: {},
  cancelled: {},
} as const satisfies Record<Work, Partial<Record<WorkAction | 'short', Work>>>)

/** What is asked of a node and what it answers. `start` without an answer is one; an offer that its time runs out on is refused. */
export const requestMachine = checkedMachine('request', 'none', ['accepted', 'rejected', 'cancelRequested'], {
  none: { offer: 'offered', accept: 'accepted', start: 'accepted', reject: 'rejected' },
  offered: { accept: 'accepted', start: 'accepted', reject: 'rejected', expire: 'rejected' },
  accepted: { reject: 'rejected', requestCancel: 'cancelRequested' },
  cancelRequested: { refuseCancel: 'cancelRefused' },
  cancelRefused: { requestCancel: 'cancelRequested' },
  rejected: {},
} as const satisfies Record<Request, Partial<Record<WorkAction | 'offer' | 'expire', Request>>>)

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
  if ((action === 'cancel' || action === 'move') && isAtWork(work) && request !== 'cancelRequested') return undefined
  return request
}

/** True while somebody is picking or packing. */
export const isAtWork = (work: Work): boolean => work === 'inProgress' || work === 'short'

/** True until somebody begins. */
export const isUnbegun = (work: Work): boolean => work === 'planned' || work === 'ready'

/** True while it waits for the buyer to collect it. */
export const isReady = (work: Work): boolean => work === 'readyForPickup'

/** True until the goods leave: it can still be cancelled, or done elsewhere unless it waits to be collected. */
export const isMovable = (work: Work): boolean => isUnbegun(work) || isAtWork(work) || isReady(work)

/** True once the goods have left the node. */
export const hasLeft = (work: Work): boolean => work === 'handedOver' || work === 'done'
