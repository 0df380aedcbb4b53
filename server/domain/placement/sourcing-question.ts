import type { Place } from '../../../contract/entities/basics.ts'
import type { Instant } from '../../kernel/time.ts'
import type { Constraint } from '../compliance/constraint.ts'
import type { LineIntake } from '../order/state.ts'
import type { Demand } from './demand.ts'
import type { ChannelPolicy } from './facts.ts'
import type { HeldUnits } from './held-demands.ts'

/** What a plan is made for: units of items, the place, and what the order, its channel and the rules demand. */
export type SourcingQuestion = {
  readonly demands: readonly Demand[]
  /** Units of the demands that are held for the order already. */
  readonly held?: readonly HeldUnits[]
  readonly shipTo: Place
  readonly channel: ChannelPolicy
  /** By line number, from the compliance check. */
  readonly constraints: readonly (readonly Constraint[] | undefined)[]
  /** By line number: what the order says of a line beyond its item. */
  readonly lines?: readonly Pick<LineIntake, 'attributes'>[]
  /** Nodes that this order is kept away from: they refused it, were relieved of it, or did not find the goods. */
  readonly excluded?: ReadonlySet<string>
  readonly promisedBy?: Instant | undefined
  readonly requestedService?: { readonly carrierId: string; readonly serviceId: string } | undefined
  /** The node where the buyer collects it: no other serves, no carrier goes. */
  readonly pickup?: string | undefined
  readonly partial: boolean
  readonly now: Instant
}
