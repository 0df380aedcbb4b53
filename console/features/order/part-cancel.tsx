import { useMutation } from '@tanstack/react-query'
import { App, InputNumber, Modal, Select } from 'antd'
import { useState } from 'react'
import { hub } from '../../api/hub.ts'
import { useFormat } from '../../i18n/format.ts'
import { useText, useWord } from '../../i18n/language.tsx'
import { Nothing, ProblemAlert } from '../../ui/states.tsx'
import { openOf, wantedOf, worthOf } from './change-edits.ts'
import type { Order } from './order.ts'
import { useShown } from './use-change.ts'

const reasons = ['requested', 'stock', 'price', 'other'] as const

/** Cancels units of lines; says before what that frees and how much less is owed. */
export function PartCancel({ order, onClose }: { readonly order: Order; readonly onClose: () => void }) {
  const t = useText()
  const word = useWord()
  const format = useFormat()
  const { message } = App.useApp()
  const show = useShown(order.orderId)
  const [units, setUnits] = useState<Readonly<Record<string, number>>>({})
  const [reason, setReason] = useState<string>('requested')
  const open = order.lines.filter((line) => openOf(line) > 0)
  const lines = open.flatMap(({ lineRef }) => {
    const quantity = units[lineRef] ?? 0
    return quantity > 0 ? [{ lineRef, quantity }] : []
  })
  const sum = lines.reduce((total, line) => total + line.quantity, 0)
  const isAll = sum > 0 && sum === order.lines.reduce((total, line) => total + wantedOf(line), 0)
  const cancel = useMutation({
    mutationFn: () =>
      hub.call('order.cancelLines', { params: { orderId: order.orderId }, body: { lines, reason } }, { ifMatch: order.version }),
    onSuccess: (after) => {
      show(after)
      void message.success(t('state.done'))
      onClose()
    },
  })
  return (
    <Modal
      open
      title={t('cancelLines.title', { ref: order.externalRef })}
      okText={t('order.action.cancelLines')}
      cancelText={t('state.close')}
      okButtonProps={{ danger: true, disabled: sum === 0, loading: cancel.isPending }}
      onCancel={onClose}
      onOk={() => cancel.mutate()}
    >
      <div className="stack">
        {open.length === 0 && <Nothing title={t('cancelLines.none')} />}
        {open.map((line) => (
          <div key={line.lineRef} className="between">
            <span>{line.name ?? line.sku}</span>
            <span className="row" style={{ flexWrap: 'nowrap' }}>
              <InputNumber
                aria-label={t('cancelLines.units', { item: line.name ?? line.sku })}
                min={0}
                max={openOf(line)}
                precision={0}
                style={{ width: 90 }}
                value={units[line.lineRef] ?? 0}
                onChange={(value) => setUnits((was) => ({ ...was, [line.lineRef]: value ?? 0 }))}
              />
              <span className="muted">{t('cancelLines.of', { n: format.number(openOf(line)) })}</span>
            </span>
          </div>
        ))}
        <Select
          aria-label={t('order.action.reason')}
          value={reason}
          options={reasons.map((value) => ({ value, label: word('reason', value) }))}
          onChange={setReason}
        />
        {sum > 0 && (
          <p style={{ margin: 0 }}>
            {t('cancelLines.effect', {
              units: format.number(sum),
              amount: format.money(worthOf(order.lines, units), order.currency),
            })}{' '}
            {isAll && t('cancelLines.all')}
          </p>
        )}
        {cancel.error !== null && <ProblemAlert error={cancel.error} />}
      </div>
    </Modal>
  )
}
