import { useQueryClient } from '@tanstack/react-query'
import { Button, Input, Modal, Progress, Select, Tag } from 'antd'
import { useMemo, useRef, useState } from 'react'
import type { OrderSummary } from '../../../contract/entities/order-summary.ts'
import { hub } from '../../api/hub.ts'
import { useFormat } from '../../i18n/format.ts'
import { useText, useWord } from '../../i18n/language.tsx'
import { problemOf, useReason } from '../../ui/reason.ts'
import { type BulkAction, type BulkPreview, previewOf } from './bulk.ts'
import { type BulkOutcome, runBulk } from './run-bulk.ts'

const reasons = ['requested', 'fraud', 'address', 'stock', 'price', 'other'] as const
type Given = { readonly reason: string; readonly note: string }

/** One call an order, against the version that was chosen: what changed meanwhile is refused and said so. */
async function act({ orderId, version }: OrderSummary, action: BulkAction, { reason, note }: Given): Promise<void> {
  const params = { orderId }
  const noted = note.trim() === '' ? {} : { note: note.trim() }
  const options = { ifMatch: version }
  if (action === 'approve') await hub.call('order.approve', { params, body: noted }, options)
  else if (action === 'release') await hub.call('order.release', { params, body: noted }, options)
  else if (action === 'hold') await hub.call('order.hold', { params, body: { reason, ...noted } }, options)
  else await hub.call('order.cancel', { params, body: { reason, ...noted } }, options)
}

type Props = {
  readonly action: BulkAction
  readonly orders: readonly OrderSummary[]
  readonly onClose: (isDone: boolean) => void
}

/** Asks about an action on many orders, shows what it touches, does it row by row, and says what became of each. */
export function BulkDialog({ action, orders, onClose }: Props) {
  const t = useText()
  const queries = useQueryClient()
  const preview = useMemo(() => previewOf(orders, action), [orders, action])
  const [given, give] = useState<Given>({ reason: 'requested', note: '' })
  const [told, setTold] = useState<ReadonlyMap<string, BulkOutcome>>()
  const stop = useRef(new AbortController())
  const settled = told?.size ?? 0
  const isRunning = told !== undefined && settled < preview.able.length
  const start = async () => {
    setTold(new Map())
    const tell = ({ orderId }: OrderSummary, outcome: BulkOutcome) => setTold((before) => new Map(before).set(orderId, outcome))
    await runBulk(preview.able, (order) => act(order, action, given), tell, stop.current.signal)
    void queries.invalidateQueries({ queryKey: ['orders'] })
  }
  const end = () => {
    stop.current.abort()
    onClose(told !== undefined)
  }
  const verb = t(`order.action.${action}`)
  return (
    <Modal
      open
      title={t('bulk.title', { action: verb, n: preview.able.length })}
      onCancel={end}
      footer={
        told === undefined ? (
          <>
            <Button onClick={end}>{t('state.cancel')}</Button>
            <Button type="primary" danger={action === 'cancel'} disabled={preview.able.length === 0} onClick={() => void start()}>
              {t('bulk.go', { action: verb, n: preview.able.length })}
            </Button>
          </>
        ) : (
          <>
            {isRunning && <Button onClick={() => stop.current.abort()}>{t('bulk.stop')}</Button>}
            <Button type="primary" disabled={isRunning} onClick={end}>
              {t('state.close')}
            </Button>
          </>
        )
      }
    >
      {told === undefined ? (
        <Ask action={action} preview={preview} given={given} onGive={give} />
      ) : (
        <>
          <Progress percent={Math.floor((100 * settled) / Math.max(1, preview.able.length))} aria-label={t('bulk.progress')} />
          <Outcomes orders={preview.able} told={told} />
        </>
      )}
    </Modal>
  )
}

function Ask(props: {
  readonly action: BulkAction
  readonly preview: BulkPreview
  readonly given: Given
  readonly onGive: (given: Given) => void
}) {
  const t = useText()
  const word = useWord()
  const format = useFormat()
  const { action, preview, given, onGive } = props
  const { able, unable, units, totals } = preview
  const money = totals.map(({ currency, total }) => format.money(total, currency)).join(' + ')
  return (
    <div className="stack">
      <p>
        {t('bulk.effect', { n: able.length, units })}
        {money !== '' && ` ${t('bulk.money', { money })}`}
      </p>
      {action === 'cancel' && <p>{t('bulk.cancel.effect')}</p>}
      {action === 'hold' && <p>{t('order.action.hold.effect')}</p>}
      {unable.length > 0 && (
        <details>
          <summary>{t('bulk.unable', { n: unable.length })}</summary>
          <p className="muted">{unable.map((order) => `${order.externalRef} (${word('phase', order.phase)})`).join(', ')}</p>
        </details>
      )}
      {(action === 'hold' || action === 'cancel') && (
        <label className="stack">
          {t('order.action.reason')}
          <Select
            value={given.reason}
            options={reasons.map((reason) => ({ value: reason, label: word('reason', reason) }))}
            onChange={(reason) => onGive({ ...given, reason })}
          />
        </label>
      )}
      <label className="stack">
        {t('order.action.note')}
        <Input.TextArea rows={2} maxLength={500} value={given.note} onChange={(event) => onGive({ ...given, note: event.target.value })} />
      </label>
    </div>
  )
}

function Outcomes({ orders, told }: { readonly orders: readonly OrderSummary[]; readonly told: ReadonlyMap<string, BulkOutcome> }) {
  const t = useText()
  const reasonOf = useReason()
  const count = (status: BulkOutcome['status']) => [...told.values()].filter((one) => one.status === status).length
  const tones = { done: 'success', refused: 'error', skipped: 'default' } as const
  return (
    <>
      <p aria-live="polite">{t('bulk.told', { done: count('done'), refused: count('refused'), skipped: count('skipped') })}</p>
      <ul className="bulk-outcomes">
        {orders.map((order) => {
          const outcome = told.get(order.orderId)
          return (
            <li key={order.orderId} className="between">
              <span>{order.externalRef}</span>
              {outcome === undefined ? (
                <span className="muted">{t('bulk.waiting')}</span>
              ) : (
                <span>
                  {outcome.status === 'refused' && (
                    <span className="muted">{problemOf(outcome.error)?.title ?? reasonOf(outcome.error)} </span>
                  )}
                  <Tag color={tones[outcome.status]}>{t(`bulk.${outcome.status}`)}</Tag>
                </span>
              )}
            </li>
          )
        })}
      </ul>
    </>
  )
}
