import { Button, Card, Tag } from 'antd'
import { useFormat } from '../../i18n/format.ts'
import { useText, useWord } from '../../i18n/language.tsx'
import { ProblemAlert } from '../../ui/states.tsx'
import { type Change, ChangePreview } from './change-preview.tsx'
import type { Order } from './order.ts'
import { useSettleChange } from './use-change.ts'

const tones = { proposed: 'processing', confirmed: 'success', declined: 'default', expired: 'default' } as const

/** Edits that were proposed, the open ones with what they would do and the choice. */
export function Changes({ order, isPast }: { readonly order: Order; readonly isPast: boolean }) {
  const t = useText()
  if (order.changes === undefined || order.changes.length === 0) return null
  return (
    <Card size="small" title={t('change.card')}>
      <div className="stack">
        {order.changes.toReversed().map((change) => (
          <ChangeRow key={change.changeId} order={order} change={change} isOpen={change.state === 'proposed' && !isPast} />
        ))}
      </div>
    </Card>
  )
}

function ChangeRow({ order, change, isOpen }: { readonly order: Order; readonly change: Change; readonly isOpen: boolean }) {
  const word = useWord()
  const format = useFormat()
  const { before, after } = change.preview.total
  return (
    <div className="stack" style={{ gap: 8 }}>
      <div className="between">
        <span>
          <Tag color={tones[change.state]}>{word('change.state', change.state)}</Tag>
          {change.note}
        </span>
        <span className="muted">
          {format.at(change.proposedAt)}
          {!isOpen && before !== after && ` · ${format.money(before, order.currency)} → ${format.money(after, order.currency)}`}
        </span>
      </div>
      {isOpen && (
        <>
          <ChangePreview order={order} change={change} />
          <Settle order={order} change={change} />
        </>
      )}
    </div>
  )
}

/** Confirm or discard, while the proposal stands. */
export function Settle(props: { readonly order: Order; readonly change: Change; readonly onSettled?: () => void }) {
  const { order, change } = props
  const t = useText()
  const format = useFormat()
  const settle = useSettleChange(order, props.onSettled ?? (() => undefined))
  if (!order.allowedActions.includes('change')) return null
  return (
    <>
      <div className="row">
        <Button type="primary" loading={settle.isPending} onClick={() => settle.mutate({ change, how: 'confirm' })}>
          {t('change.confirm')}
        </Button>
        <Button disabled={settle.isPending} onClick={() => settle.mutate({ change, how: 'decline' })}>
          {t('change.decline')}
        </Button>
        <span className="muted">{t('change.expires', { at: format.at(change.expiresAt) })}</span>
      </div>
      {settle.error !== null && <ProblemAlert error={settle.error} />}
    </>
  )
}
