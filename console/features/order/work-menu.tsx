import { useQuery } from '@tanstack/react-query'
import { Button, Dropdown, Spin } from 'antd'
import { useState } from 'react'
import { hub } from '../../api/hub.ts'
import { useText } from '../../i18n/language.tsx'
import { useMay } from '../session/session.ts'
import type { Order } from './order.ts'
import { type WorkEdit, workEdits } from './work-edits.ts'
import { part } from '../../ui/part.tsx'

const WorkDialog = part(async () => (await import('./work-dialog.tsx')).WorkDialog, 'over')

/** What a manager may do with one node's work, asked for when the menu is opened. */
export function WorkMenu({ order, work }: { readonly order: Order; readonly work: Order['fulfillmentOrders'][number] }) {
  const t = useText()
  const may = useMay()
  const [isOpen, setIsOpen] = useState(false)
  const [chosen, choose] = useState<WorkEdit>()
  const { fulfillmentOrderId } = work
  const asked = useQuery({
    queryKey: ['order', order.orderId, 'work', fulfillmentOrderId, order.version],
    enabled: isOpen,
    queryFn: () => hub.call('fulfillment.get', { params: { fulfillmentOrderId } }),
  })
  if (!may('fulfillment.manage') || work.work === 'cancelled' || work.work === 'done') return null
  const allowed = workEdits.filter((action) => asked.data?.allowedActions.includes(action) === true)
  const nothing = { key: 'none', disabled: true, label: asked.isPending ? <Spin size="small" /> : t('workEdit.none') }
  const items = allowed.map((action) => ({ key: action, danger: action === 'cancel', label: t(`workEdit.${action}`) }))
  return (
    <>
      <Dropdown
        trigger={['click']}
        open={isOpen}
        onOpenChange={setIsOpen}
        menu={{ items: items.length === 0 ? [nothing] : items, onClick: ({ key }) => choose(workEdits.find((action) => action === key)) }}
      >
        <Button size="small" type="text" aria-label={t('workEdit.menu', { node: work.nodeName ?? work.nodeId })}>
          ⋯
        </Button>
      </Dropdown>
      {chosen !== undefined && asked.data !== undefined && (
        <WorkDialog order={order} work={asked.data} action={chosen} onClose={() => choose(undefined)} />
      )}
    </>
  )
}
