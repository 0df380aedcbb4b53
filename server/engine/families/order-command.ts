import type { OrderInput } from '../../../contract/entities/order.ts'
import type { OrderChange } from '../../domain/order/change.ts'
import type { Order } from '../../domain/order/state.ts'
import type { HeldStock } from '../../domain/reservation/take-over.ts'
import type { OrderAction } from '../../domain/placement/act-on-order.ts'
import { type FulfillmentOrderId, idToInt8, type OrderId } from '../../kernel/ids.ts'
import { type Refusal, refuse } from '../../kernel/outcome.ts'
import type { Instant } from '../../kernel/time.ts'
import type { RefRow } from '../../store/claims.ts'
import type { SealedPerson } from '../../store/order-writes.ts'
import type { Write } from '../../store/write.ts'
import type { CommandContext, CommandOutcome } from '../command.ts'
import type { Decided } from '../family.ts'

/** A new order. `seal` makes its person row; it is called once the order is accepted. `bodyWrites` keep the channel body beside it. */
export type PlaceOrder = {
  readonly kind: 'placeOrder'
  readonly order: OrderInput
  readonly origin: 'api' | 'channel'
  readonly inputHash: Uint8Array
  readonly shard: number
  readonly reviewReasons?: readonly string[]
  readonly platformVersion?: number
  seal(orderId: OrderId): SealedPerson
  readonly bodyWrites?: (orderId: OrderId, change: OrderChange | undefined) => readonly Write[]
}

/** An action on an order that is there. */
export type ActOnOrder = {
  readonly kind: 'actOnOrder'
  readonly orderId: OrderId
  readonly action: OrderAction
  readonly bodyWrites?: (orderId: OrderId, change: OrderChange | undefined) => readonly Write[]
}

/** Past facts of an order from an import: no checks, stock, promise or notifications. */
export type RecordHistory = {
  readonly kind: 'recordHistory'
  readonly inputHash: Uint8Array
  readonly shard: number
  readonly channelId: string
  readonly externalRef: string
  build(orderId: OrderId, nextWorkId: () => FulfillmentOrderId, now: Instant): OrderChange
  seal(orderId: OrderId): SealedPerson
}

export type OrderCommand = PlaceOrder | ActOnOrder | RecordHistory

export type DecidedOrder = Decided<OrderCommand> & {
  outcome: CommandOutcome
  /** What it changes; none for refusals and for work that was done already. */
  readonly change?: OrderChange
  readonly decisions?: readonly { readonly decisionNo: number; readonly doc: string }[]
  /** The buyer of a new order, sealed once it is decided. */
  person?: SealedPerson
  /** A refused placement: it may be an order that is there already, or rest on what memory alone believes. */
  readonly isDoubtful?: true
  /** Reservations that it takes over. */
  readonly held?: readonly HeldStock[]
  /** A refused placement leaves an audit event. */
  readonly refused?: {
    readonly channelId: string
    readonly externalRef: string
    readonly code: string
    readonly detail: string
    readonly subjectId: string
    readonly shard: number
  }
}

/** What load() found for a placement whose ref is taken, or for an action's order. `isGuess`: committed here, not read since. */
export type Loaded = { readonly order?: Order; readonly inputHash?: Uint8Array; readonly isUnderWay?: boolean; readonly isGuess?: boolean }

/** `version_conflict` where the sender has seen another version of what `If-Match` speaks of: the order, or the fulfillment order that is acted on. */
export function versionConflict(order: Order, action: ActOnOrder['action'], { expectedVersion }: CommandContext): Refusal | undefined {
  const version = versionOf(order, action)
  if (expectedVersion === undefined || expectedVersion === version) return undefined
  const detail = { en: `it is at version ${version}`, zh: `当前为第 ${version} 版` }
  return refuse('version_conflict', detail, { expected: expectedVersion, got: version })
}

function versionOf({ state }: Order, action: ActOnOrder['action']): number {
  if (action.action !== 'work') return state.version
  return state.fulfillmentOrders.find((work) => work.fulfillmentOrderId === action.fulfillmentOrderId)?.version ?? state.version
}

/** Lines that a change would add to its order. */
export function addedBy(command: OrderCommand, order: Order | undefined): readonly { readonly sku: string }[] {
  if (command.kind !== 'actOnOrder') return []
  const { action } = command
  if (action.action === 'proposeChange') return action.edits.add ?? []
  if (action.action !== 'confirmChange') return []
  return order?.state.changes?.find((one) => one.changeId === action.changeId)?.edits.add ?? []
}

export function refOf(command: PlaceOrder | RecordHistory): { channelId: string; externalRef: string } {
  return command.kind === 'placeOrder'
    ? { channelId: command.order.channelId, externalRef: command.order.externalRef }
    : { channelId: command.channelId, externalRef: command.externalRef }
}

export const refKey = (ref: { readonly channelId: string; readonly externalRef: string }): string =>
  `${ref.channelId}\u0000${ref.externalRef}`

/** The decisions that take reservations over, each with its order. */
export const takersIn = (decided: readonly DecidedOrder[]) =>
  decided.flatMap(({ held, change }) =>
    held === undefined || change === undefined ? [] : [{ held, orderId: change.after.intake.orderId }],
  )

export const known = (order: Order | undefined): Loaded => (order === undefined ? {} : { order })

/** The row by which a new order claims its reference. */
export function refRowOf({ attempt: { command } }: DecidedOrder, { after: { intake } }: OrderChange): RefRow {
  return {
    shard: intake.shard,
    channelId: intake.channelId,
    externalRef: intake.externalRef,
    orderId: idToInt8(intake.orderId),
    inputHash: command.kind === 'actOnOrder' ? new Uint8Array() : command.inputHash,
  }
}
