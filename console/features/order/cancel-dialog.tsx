import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query'
import { Alert, App, Input, InputNumber, Modal } from 'antd'
import { useState } from 'react'
import { type Answer, hub } from '../../api/hub.ts'
import { useFormat } from '../../i18n/format.ts'
import { useText } from '../../i18n/language.tsx'
import { Nothing, ProblemAlert } from '../../ui/states.tsx'
import { openOf } from './change-edits.ts'
import { StockMoves } from './change-preview.tsx'
import type { Order } from './order.ts'
import { ReasonSelect } from './reason-select.tsx'
import { useShown } from './use-change.ts'

const reasons = ['requested', 'fraud', 'address', 'stock', 'price', 'other'] as const
type Units = Readonly<Record<string, number>>

/** Cancels the order or units of its lines; the hub says before what that frees, ends and gives back. */
export function CancelDialog(props: { readonly order: Order; readonly isWhole: boolean; readonly onClose: () => void }) {
  const { order, isWhole, onClose } = props
  const t = useText()
  const { message } = App.useApp()
  const show = useShown(order.orderId)
  const [units, setUnits] = useState<Units>({})
  const [reason, setReason] = useState<string>('requested')
  const [note, setNote] = useState('')
  const why = { reason, ...(note.trim() === '' ? {} : { note: note.trim() }) }
  const params = { orderId: order.orderId }
  const lines = Object.entries(units).flatMap(([lineRef, quantity]) => (quantity > 0 ? [{ lineRef, quantity }] : []))
  const isAsked = isWhole || lines.length > 0
  const preview = useQuery({
    queryKey: ['order', order.orderId, 'cancelPreview', order.version, isWhole ? 'all' : lines],
    enabled: isAsked,
    queryFn: () => hub.call('order.previewCancel', { params, body: isWhole ? {} : { lines } }),
    placeholderData: keepPreviousData,
  })
  const cancel = useMutation({
    mutationFn: () =>
      isWhole
        ? hub.call('order.cancel', { params, body: why }, { ifMatch: order.version })
        : hub.call('order.cancelLines', { params, body: { lines, ...why } }, { ifMatch: order.version }),
    onSuccess: (after) => {
      show(after)
      void message.success(t('state.done'))
      onClose()
    },
  })
  const action = isWhole ? 'cancel' : 'cancelLines'
  return (
    <Modal
      open
      title={`${t(`order.action.${action}`)} · ${order.externalRef}`}
      okText={t(`order.action.${action}`)}
      cancelText={t('state.close')}
      okButtonProps={{ danger: true, disabled: !isAsked || preview.data === undefined || preview.isError, loading: cancel.isPending }}
      onCancel={onClose}
      onOk={() => cancel.mutate()}
    >
      <div className="stack">
        {!isWhole && <LineUnits order={order} units={units} onChange={setUnits} />}
        <ReasonSelect reasons={reasons} value={reason} onChange={setReason} />
        <Input.TextArea
          aria-label={t('order.action.note')}
          placeholder={t('order.action.note')}
          rows={2}
          maxLength={500}
          value={note}
          onChange={(event) => setNote(event.target.value)}
        />
        {preview.error !== null && <ProblemAlert error={preview.error} />}
        {isAsked && preview.data !== undefined && <Effect order={order} preview={preview.data} />}
        {cancel.error !== null && <ProblemAlert error={cancel.error} />}
      </div>
    </Modal>
  )
}

function LineUnits(props: { readonly order: Order; readonly units: Units; readonly onChange: (units: Units) => void }) {
  const t = useText()
  const format = useFormat()
  const { units, onChange } = props
  const open = props.order.lines.filter((line) => openOf(line) > 0)
  if (open.length === 0) return <Nothing title={t('cancelLines.none')} />
  return open.map((line) => (
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
          onChange={(value) => onChange({ ...units, [line.lineRef]: value ?? 0 })}
        />
        <span className="muted">{t('cancelLines.of', { n: format.number(openOf(line)) })}</span>
      </span>
    </div>
  ))
}

/** What the hub worked out: units, work that ends, stock at each node, money. */
function Effect({ order, preview }: { readonly order: Order; readonly preview: Answer<'order.previewCancel'> }) {
  const t = useText()
  const format = useFormat()
  const money = (minor: number) => format.money(minor, order.currency)
  const { total, due, dueBack = 0, units, worksEnded, isWhole, stock } = preview
  return (
    <div className="stack" style={{ gap: 8 }}>
      <p style={{ margin: 0 }}>
        {t('cancel.effect', { units: format.number(units), works: format.number(worksEnded) })}
        {isWhole && ` ${t('cancel.effect.all')}`}
      </p>
      {[[t('change.preview.total'), total] as const, [t('change.preview.due'), due] as const].map(
        ([name, delta]) =>
          delta !== undefined && (
            <div key={name} className="between">
              <span>{name}</span>
              <span className="num">
                {money(delta.before)} → {money(delta.after)}
              </span>
            </div>
          ),
      )}
      <StockMoves order={order} stock={stock} />
      {dueBack > 0 && <Alert type="info" showIcon title={t('cancel.effect.dueBack', { amount: money(dueBack) })} />}
    </div>
  )
}
