import type { ViewSearch } from '../../../contract/capabilities/view.ts'
import type { Phase } from '../../../contract/entities/order.ts'

/** What a list of orders is narrowed to; it lives in the URL, so that it can be sent, kept and gone back to. */
export type Filters = {
  readonly phase?: Phase
  readonly channelId?: string
  readonly nodeId?: string
  readonly q?: string
  readonly sort?: 'oldest'
}
export type OrderSearch = Filters & {
  /** A saved view that a link leads to; it turns into its filters. */
  readonly view?: string
}

export const listedPhases = [
  'awaitingReview',
  'awaitingPayment',
  'onHold',
  'unroutable',
  'sourcing',
  'inFulfillment',
  'partShipped',
  'inTransit',
  'delivered',
  'complete',
  'cancelled',
] as const satisfies readonly Phase[]

/** Reads a search out of a URL; what does not belong there is left out. */
export function searchOf(given: Record<string, unknown>): OrderSearch {
  const text = (name: string): string | undefined => {
    const value = given[name]
    const plain = typeof value === 'number' ? String(value) : value
    return typeof plain === 'string' && plain.trim() !== '' ? plain.trim() : undefined
  }
  const phase = listedPhases.find((one) => one === given['phase'])
  const [channelId, nodeId, q, view] = [text('channelId'), text('nodeId'), text('q'), text('view')]
  return {
    ...(phase === undefined ? {} : { phase }),
    ...(channelId === undefined ? {} : { channelId }),
    ...(nodeId === undefined ? {} : { nodeId }),
    ...(q === undefined ? {} : { q }),
    ...(given['sort'] === 'oldest' ? { sort: 'oldest' as const } : {}),
    ...(view === undefined ? {} : { view }),
  }
}

/** What a saved view keeps of a search: a text that is searched for may name a person, so it is left out. */
export function keptOf({ phase, channelId, nodeId, sort }: Filters): ViewSearch {
  return {
    ...(phase === undefined ? {} : { phase }),
    ...(channelId === undefined ? {} : { channelId }),
    ...(nodeId === undefined ? {} : { nodeId }),
    ...(sort === undefined ? {} : { sort }),
  }
}
