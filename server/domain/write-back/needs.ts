import type { writtenStates } from '../../../contract/entities/channel.ts'
import type { LoggedEvent } from '../event/logged-event.ts'

export type WrittenState = (typeof writtenStates)[number]

export type GivenUnits = { readonly lineRef: string; readonly quantity: number }

/** What an event asks to be written back to one channel. */
export type WriteBackNeed =
  | { readonly kind: 'shipped'; readonly fulfillmentOrderId: string; readonly parcelIds: readonly string[] }
  /** Units that the buyer has without a parcel. */
  | { readonly kind: 'given'; readonly subject: string; readonly lines: readonly GivenUnits[] }
  | { readonly kind: 'cancelled'; readonly reason: string }
  /** The items whose stock, or what is held of it, has changed. */
  | { readonly kind: 'stock'; readonly skus: readonly string[] }

/**
 * What one event means for a channel: its own orders' hand-overs and cancellations, and every change of stock, whoever caused it.
 * What the channel itself said is not told back to it.
 */
export function needsOf(event: LoggedEvent, channelId: string, states: readonly WrittenState[]): readonly WriteBackNeed[] {
  const needs: WriteBackNeed[] = []
  const own = event.channelId === channelId && event.actor.kind !== 'channel'
  if (own && event.type === 'fulfillment.handedOver' && states.includes('shipped')) {
    const { fulfillmentOrderId, parcelIds } = event.data
    if (typeof fulfillmentOrderId === 'string') needs.push({ kind: 'shipped', fulfillmentOrderId, parcelIds: textsIn(parcelIds) })
  }
  // Collected is handed over without a parcel.
  if (own && event.type === 'fulfillment.collected' && states.includes('shipped')) {
    const { fulfillmentOrderId } = event.data
    if (typeof fulfillmentOrderId === 'string') needs.push({ kind: 'shipped', fulfillmentOrderId, parcelIds: [] })
  }
  // Whoever told of the order: that it was delivered is the hub's to say.
  if (event.channelId === channelId && event.type === 'order.digitalDelivered' && states.includes('shipped'))
    needs.push({ kind: 'given', subject: 'digital', lines: givenIn(event.data['lines']) })
  if (own && event.type === 'order.cancelled' && states.includes('cancelled')) {
    const { reason } = event.data
    needs.push({ kind: 'cancelled', reason: typeof reason === 'string' ? reason : '' })
  }
  const skus = states.includes('stock') ? skusOf(event) : []
  if (skus.length > 0) needs.push({ kind: 'stock', skus })
  return needs
}

/** Items whose units an event moves: counted or adjusted, reserved, or taken and given back. */
function skusOf({ subjectKind, data }: LoggedEvent): string[] {
  const moved = [data['stock'], data['reserved']].flatMap((list) => (Array.isArray(list) ? list : []))
  const skus = moved.map((one: unknown): unknown => Reflect.get(Object(one), 'sku'))
  if (subjectKind === 'stock') skus.push(data['sku'])
  return [...new Set(textsIn(skus))]
}

const textsIn = (list: unknown): string[] =>
  Array.isArray(list) ? list.filter((one: unknown): one is string => typeof one === 'string') : []

const givenIn = (list: unknown): GivenUnits[] =>
  (Array.isArray(list) ? list : []).flatMap((one: unknown) => {
    const [lineRef, quantity]: unknown[] = [Reflect.get(Object(one), 'lineRef'), Reflect.get(Object(one), 'quantity')]
    return typeof lineRef === 'string' && typeof quantity === 'number' ? [{ lineRef, quantity }] : []
  })
