import { useMutation } from '@tanstack/react-query'
import { App, Button, Form, Input, Modal, Select } from 'antd'
import { useState } from 'react'
import { hub } from '../../api/hub.ts'
import { useFormat } from '../../i18n/format.ts'
import { useText, useWord } from '../../i18n/language.tsx'
import { MoneyInput } from '../../ui/money-input.tsx'
import { ProblemAlert } from '../../ui/states.tsx'
import { useUndo } from '../../ui/use-undo.tsx'
import type { Order } from './order.ts'
import { methodIn, methodsFor } from './payment-method.ts'
import { useShown } from './use-change.ts'
import { part } from '../../ui/part.tsx'

type Offered = Order['allowedActions'][number]
/** What is done by one small dialog; editing lines has pages of its own. */
type Action = Exclude<Offered, 'cancel' | 'cancelLines' | 'change'>
const ChangeEditor = part(async () => (await import('./change-editor.tsx')).ChangeEditor, 'over')
const CancelDialog = part(async () => (await import('./cancel-dialog.tsx')).CancelDialog, 'over')
type Given = {
  readonly reason?: string
  readonly note?: string
  readonly kind?: 'capture'
  readonly method?: string
  readonly amount?: number
}

const reasons = ['requested', 'fraud', 'address', 'stock', 'price', 'other'] as const
const paymentKinds = ['authorise', 'capture', 'void', 'refund', 'chargeback', 'adjust'] as const
/** A correction may be negative. */
const AMOUNT_MAX = 1e13
const dangerous: ReadonlySet<Offered> = new Set(['cancel', 'cancelLines', 'decline'])

/** What the hub says is allowed now, each with its effect told before it is done; the version seen goes with it. */
export function OrderActions({ order }: { readonly order: Order }) {
  const t = useText()
  const [chosen, choose] = useState<Offered>()
  return (
    <>
      {order.allowedActions.map((action) => (
        <Button
          key={action}
          danger={dangerous.has(action)}
          type={action === 'approve' ? 'primary' : 'default'}
          onClick={() => choose(action)}
        >
          {t(`order.action.${action}`)}
        </Button>
      ))}
      {chosen !== undefined && <Dialog order={order} action={chosen} onClose={() => choose(undefined)} />}
    </>
  )
}

function Dialog(props: { readonly order: Order; readonly action: Offered; readonly onClose: () => void }) {
  const { action, ...rest } = props
  if (action === 'change') return <ChangeEditor {...rest} />
  if (action === 'cancel' || action === 'cancelLines') return <CancelDialog {...rest} isWhole={action === 'cancel'} />
  return <ActionDialog {...rest} action={action} />
}

function send(order: Order, action: Action, given: Given) {
  const { orderId } = order
  const params = { orderId }
  const { reason = 'requested', note } = given
  const noted = note === undefined || note === '' ? {} : { note }
  const options = { ifMatch: order.version }
  switch (action) {
    case 'approve':
      return hub.call('order.approve', { params, body: noted }, options)
    case 'decline':
      return hub.call('order.decline', { params, body: { reason, ...noted } }, options)
    case 'hold':
      return hub.call('order.hold', { params, body: { reason, ...noted } }, options)
    case 'release':
      return hub.call('order.release', { params, body: noted }, options)
    case 'refund':
      return hub.call('payment.refund', { params, body: { method: given.method ?? '', amount: given.amount ?? 0 } }, options)
    case 'payments':
      return hub.call('order.pay', {
        params,
        body: { kind: given.kind ?? 'capture', method: given.method ?? '', amount: given.amount ?? 0 },
      })
  }
}

/** Takes a hold back on the version that it made. */
const releaseNow = ({ orderId, version }: Order) => hub.call('order.release', { params: { orderId }, body: {} }, { ifMatch: version })

function ActionDialog({ order, action, onClose }: { readonly order: Order; readonly action: Action; readonly onClose: () => void }) {
  const t = useText()
  const { message } = App.useApp()
  const show = useShown(order.orderId)
  const undo = useUndo()
  const [form] = Form.useForm<Given>()
  const act = useMutation({
    mutationFn: (given: Given) => send(order, action, given),
    onSuccess: (after) => {
      show(after)
      if (action === 'hold') undo(t('order.action.hold'), async () => show(await releaseNow(after)))
      else void message.success(t('state.done'))
      onClose()
    },
  })
  return (
    <Modal
      open
      title={t(`order.action.${action}`)}
      okText={t(`order.action.${action}`)}
      cancelText={t('state.cancel')}
      okButtonProps={{ danger: dangerous.has(action), loading: act.isPending }}
      onCancel={onClose}
      onOk={() => form.submit()}
    >
      <Effect order={order} action={action} />
      <Form<Given>
        form={form}
        layout="vertical"
        initialValues={{ reason: 'requested', kind: 'capture', method: methodOf(order), amount: firstAmount(order, action) }}
        onFinish={(given) => act.mutate(given)}
      >
        <Fields action={action} order={order} />
      </Form>
      {act.error !== null && <ProblemAlert error={act.error} />}
    </Modal>
  )
}

/** What most people mean: pay what is due, give back what was taken. */
function firstAmount({ payments }: Order, action: Action): number {
  if (payments === undefined) return 0
  return Math.max(0, action === 'refund' ? payments.refundable : payments.due)
}

/** Money goes back the way that it came. */
const methodOf = ({ payments }: Order): string =>
  payments?.entries.findLast((entry) => entry.kind === 'capture' || entry.kind === 'authorise')?.method ?? 'card'

/** What will happen, before it does. */
function Effect({ order, action }: { readonly order: Order; readonly action: Action }) {
  const t = useText()
  const format = useFormat()
  const units = order.lines.reduce((sum, line) => sum + line.reserved - line.shipped, 0)
  if (action === 'decline') return <p>{t('order.action.decline.effect', { units })}</p>
  if (action === 'hold') return <p>{t('order.action.hold.effect')}</p>
  if (action === 'refund' && order.payments !== undefined) {
    const { captured, refunded, refundable } = order.payments
    const money = (minor: number) => format.money(minor, order.currency)
    const amounts = { captured: money(captured), refunded: money(refunded), refundable: money(Math.max(0, refundable)) }
    return <p>{t('order.action.refund.effect', amounts)}</p>
  }
  return null
}

function Fields({ action, order }: { readonly action: Action; readonly order: Order }) {
  const t = useText()
  const word = useWord()
  const note = (
    <Form.Item name="note" label={t('order.action.note')}>
      <Input.TextArea rows={2} maxLength={500} />
    </Form.Item>
  )
  if (action === 'payments' || action === 'refund')
    return (
      <>
        {action === 'payments' && (
          <Form.Item name="kind" label={t('order.payment.kind')} rules={[{ required: true }]}>
            <Select options={paymentKinds.map((kind) => ({ value: kind, label: word('paymentKind', kind) }))} />
          </Form.Item>
        )}
        <Form.Item name="method" label={t('order.payment.method')} rules={[{ required: true }]}>
          <Select options={methodsFor(order).map((method) => ({ value: method, label: methodIn(word, method) }))} />
        </Form.Item>
        <Form.Item name="amount" label={t('order.payment.amount')} rules={[{ required: true }]}>
          <MoneyInput currency={order.currency} {...(action === 'payments' ? { min: -AMOUNT_MAX } : {})} />
        </Form.Item>
      </>
    )
  if (action === 'approve' || action === 'release') return note
  return (
    <>
      <Form.Item name="reason" label={t('order.action.reason')} rules={[{ required: true }]}>
        <Select options={reasons.map((reason) => ({ value: reason, label: word('reason', reason) }))} />
      </Form.Item>
      {note}
    </>
  )
}
