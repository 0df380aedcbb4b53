import type { ParcelInput, WorkAction, WorkUnits } from '../../../contract/entities/fulfillment-order.ts'
import type { NodeInput } from '../../../contract/entities/node.ts'
import type { NewEvent } from '../../../contract/events.ts'
import type { FulfillmentOrderId, ParcelId } from '../../kernel/ids.ts'
import type { Instant } from '../../kernel/time.ts'

/** An action on one node's work, with what it needs to know. */
export type WorkCommand = {
  readonly fulfillmentOrderId: string
  readonly verb: WorkAction
  readonly reason?: string
  /** Of a pick: units picked now; left out = all that are open. */
  readonly lines?: readonly WorkUnits[]
  readonly short?: boolean
  readonly parcels?: readonly ParcelInput[]
  /** Of an unpacking: which; left out = all that can be. */
  readonly parcelIds?: readonly string[]
  /** Of a move: where to; left out = where it is served best. */
  readonly toNodeId?: string
  /** Of a merge: what is taken over; left out = all that can be. */
  readonly with?: readonly string[]
  /** Of a collection: what the buyer shows. */
  readonly code?: string
  readonly occurredAt?: Instant
}

/** Facts and ids that decisions about work take as arguments. */
export type WorkFacts = {
  readonly nextParcelId: () => ParcelId
  readonly nextWorkId: () => FulfillmentOrderId
  /** How a node keeps what buyers collect, and a fresh code. */
  readonly pickupAt: (nodeId: string) => NodeInput['pickup']
  readonly nextCode: () => string
  readonly hasService: (carrierId: string, serviceId: string | undefined) => boolean
}

/** The events of an action on a node's work. `isOpenAgain`: units are open now and must be looked for elsewhere. */
export type DecidedWork = { readonly events: readonly NewEvent[]; readonly isOpenAgain: boolean }
