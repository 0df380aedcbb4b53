import { useCallback, useMemo, useState } from 'react'
import type { OrderSummary } from '../../../contract/entities/order-summary.ts'
import { useText } from '../../i18n/language.tsx'
import { CHOSEN_MAX } from './bulk.ts'

/** The orders that are ticked, as the list last showed them; one that left the list is no longer chosen. */
export function useChosen(orders: readonly OrderSummary[]) {
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set())
  const chosen = useMemo(() => orders.filter((order) => ids.has(order.orderId)), [orders, ids])
  const toggle = useCallback((orderId: string) => {
    setIds((before) => {
      const after = new Set(before)
      if (!after.delete(orderId) && after.size < CHOSEN_MAX) after.add(orderId)
      return after
    })
  }, [])
  const clear = useCallback(() => setIds(new Set()), [])
  const isFull = chosen.length >= CHOSEN_MAX
  return { chosen, ids, isFull, toggle, clear }
}

/** The tick of one row. */
export function Tick(props: {
  readonly order: OrderSummary
  readonly isChosen: boolean
  readonly isFull: boolean
  readonly onToggle: (orderId: string) => void
}) {
  const t = useText()
  const { order, isChosen, isFull, onToggle } = props
  return (
    <label className="tick">
      <input
        type="checkbox"
        aria-label={t('bulk.choose', { order: order.externalRef })}
        checked={isChosen}
        disabled={isFull && !isChosen}
        onChange={() => onToggle(order.orderId)}
      />
    </label>
  )
}
