import { useQuery } from '@tanstack/react-query'
import { type Answer, hub } from '../../api/hub.ts'
import { allOf } from '../network/facts.ts'

export type Order = Answer<'order.get'>
export type Line = Order['lines'][number]
export type OrderEvent = Answer<'order.events'>['items'][number]

/** Everything that happened to an order, oldest first. */
export const useOrderEvents = (orderId: string) =>
  useQuery({
    queryKey: ['order', orderId, 'events'],
    queryFn: () =>
      allOf((cursor) =>
        hub.call('order.events', { params: { orderId }, query: { limit: 200, ...(cursor === undefined ? {} : { cursor }) } }),
      ),
  })
