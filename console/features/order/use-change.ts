import { useMutation, useQueryClient } from '@tanstack/react-query'
import { App } from 'antd'
import { hub } from '../../api/hub.ts'
import { useText } from '../../i18n/language.tsx'
import type { Change } from './change-preview.tsx'
import type { Order } from './order.ts'

/** The page shows at once what the hub answered. */
export function useShown(orderId: string): (after: Order) => void {
  const queries = useQueryClient()
  return (after) => {
    queries.setQueryData(['order', orderId, 'now'], after)
    void queries.invalidateQueries({ queryKey: ['order', orderId] })
  }
}

/** Confirms or discards a proposal, on the version that is on the page. */
export function useSettleChange(order: Order, onSettled: () => void) {
  const t = useText()
  const { message } = App.useApp()
  const show = useShown(order.orderId)
  return useMutation({
    mutationFn: ({ change, how }: { readonly change: Change; readonly how: 'confirm' | 'decline' }) => {
      const params = { orderId: order.orderId, changeId: change.changeId }
      const options = { ifMatch: order.version }
      return how === 'confirm'
        ? hub.call('order.confirmChange', { params, body: {} }, options)
        : hub.call('order.declineChange', { params, body: {} }, options)
    },
    onSuccess: (after, { how }) => {
      show(after)
      void message.success(t(how === 'confirm' ? 'change.confirmed' : 'change.declined'))
      onSettled()
    },
  })
}
