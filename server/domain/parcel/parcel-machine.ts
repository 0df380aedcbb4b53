import { checkedMachine } from '../../kernel/machine.ts'
import type { ParcelStateName, ScanMeaning } from '../../../contract/entities/scan.ts'

type Moves = Partial<Record<ScanMeaning | 'unpack', ParcelStateName>>

const onTheWay = { departed: 'inTransit', moving: 'inTransit', arrived: 'inTransit', delayed: 'inTransit' } as const
const inCustoms = { customsEntered: 'inTransit', customsHeld: 'inTransit', customsCleared: 'inTransit' } as const
const atTheDoor = {
  readyForPickup: 'outForDelivery',
  outForDelivery: 'outForDelivery',
  attemptFailed: 'failed',
  undeliverable: 'failed',
  damaged: 'failed',
  returning: 'failed',
  delivered: 'delivered',
  returned: 'returned',
  lost: 'lost',
} as const
const moved = { ...onTheWay, ...inCustoms, ...atTheDoor }

/**
 * Where a scan leads from each state. What is not named changes nothing: an announcement that comes late, a depot that reports after the
 * delivery. Delivered stays delivered unless the parcel is on its way back; what was lost can be found. `unpack` is the one step that no
 * scan makes: a node opens a parcel that its carrier does not have.
 */
export const parcelMachine = checkedMachine('parcel', 'created', ['delivered', 'returned', 'voided'], {
  created: { announced: 'labelled', collected: 'collected', ...moved, unpack: 'voided' },
  labelled: { collected: 'collected', ...moved, unpack: 'voided' },
  collected: moved,
  inTransit: moved,
  outForDelivery: moved,
  failed: moved,
  lost: { collected: 'collected', ...moved },
  delivered: { returning: 'failed', returned: 'returned' },
  returned: {},
  voided: {},
} as const satisfies Record<ParcelStateName, Moves>)

/** A parcel that goes back: what looks like its way to the buyer is its way home, and a delivery is one to the sender. */
export const returnMachine: Moves = { delivered: 'returned', returned: 'returned', lost: 'lost' }

export const parcelAfter = (state: ParcelStateName, meaning: ScanMeaning | 'unpack'): ParcelStateName | undefined =>
  (parcelMachine[state] as Moves)[meaning]
