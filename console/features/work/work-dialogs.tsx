import { Form, Input, InputNumber, Modal, Select } from 'antd'
import { useState } from 'react'
import type { ParcelInput, WorkAction, WorkUnits } from '../../../contract/entities/fulfillment-order.ts'
import type { MessageKey } from '../../i18n/en.ts'
import { useText, useWord } from '../../i18n/language.tsx'
import { ParcelChoice, unpackOf } from './parcel-choice.tsx'
import type { Work } from './work.ts'

/** What a reason is asked for, and what it leads to. */
const effects: Partial<Record<WorkAction, MessageKey>> = {
  reject: 'work.reject.effect',
  cancel: 'work.reject.effect',
  move: 'work.move.effect',
  hold: 'workEdit.hold.effect',
  requestCancel: 'workEdit.requestCancel.effect',
  refuseCancel: 'work.refuseCancel.effect',
}
const reasons = ['noStaff', 'closed', 'damaged', 'stock', 'requested', 'other'] as const

export function ReasonDialog(props: {
  readonly action: WorkAction
  readonly onClose: () => void
  readonly onDone: (reason: string) => void
}) {
  const t = useText()
  const word = useWord()
  const [reason, setReason] = useState<string>('noStaff')
  const effect = effects[props.action]
  return (
    <Modal
      open
      title={props.action === 'reject' ? t('work.reject.title') : t(`work.action.${props.action}`)}
      okText={t(`work.action.${props.action}`)}
      cancelText={t('state.cancel')}
      okButtonProps={{ danger: props.action === 'reject' || props.action === 'cancel' }}
      onCancel={props.onClose}
      onOk={() => props.onDone(reason)}
    >
      {effect !== undefined && <p>{t(effect)}</p>}
      <Select
        aria-label={t('order.action.reason')}
        value={reason}
        style={{ width: '100%' }}
        options={reasons.map((value) => ({ value, label: word('reason', value) }))}
        onChange={setReason}
      />
    </Modal>
  )
}

/** Parcels that were not handed over are opened again. */
export function UnpackDialog(props: {
  readonly work: Work
  readonly onClose: () => void
  readonly onDone: (body: { parcelIds?: string[] }) => void
}) {
  const t = useText()
  const { work, onClose, onDone } = props
  const [parcelIds, choose] = useState<readonly string[]>(work.parcels.map((one) => one.parcelId))
  return (
    <Modal
      open
      title={t('work.action.unpack')}
      okText={t('work.action.unpack')}
      cancelText={t('state.cancel')}
      okButtonProps={{ disabled: parcelIds.length === 0 }}
      onCancel={onClose}
      onOk={() => onDone(unpackOf(work, parcelIds))}
    >
      <p>{t('workEdit.unpack.effect')}</p>
      <ParcelChoice work={work} value={parcelIds} onChange={choose} />
    </Modal>
  )
}

/** What the buyer shows; the goods are given out against it. */
export function CodeDialog(props: { readonly onClose: () => void; readonly onDone: (code: string) => void }) {
  const t = useText()
  const [code, setCode] = useState('')
  return (
    <Modal
      open
      title={t('work.action.collect')}
      okText={t('work.action.collect')}
      cancelText={t('state.cancel')}
      okButtonProps={{ disabled: code === '' }}
      onCancel={props.onClose}
      onOk={() => props.onDone(code)}
    >
      <Input
        aria-label={t('work.code')}
        placeholder={t('work.code')}
        autoFocus
        inputMode="numeric"
        maxLength={16}
        value={code}
        onChange={(event) => setCode(event.target.value.trim())}
      />
    </Modal>
  )
}

/** How many of each line are there; the rest is short. */
export function ShortDialog(props: {
  readonly work: Work
  readonly onClose: () => void
  readonly onDone: (lines: readonly WorkUnits[]) => void
}) {
  const t = useText()
  const open = props.work.lines.filter((line) => line.picked < line.quantity)
  const [found, setFound] = useState<Readonly<Record<string, number>>>({})
  const keyOf = (line: Work['lines'][number]) => `${line.lineRef}\n${line.sku}`
  return (
    <Modal
      open
      title={t('work.short.title')}
      okText={t('work.short.do')}
      cancelText={t('state.cancel')}
      okButtonProps={{ danger: true }}
      onCancel={props.onClose}
      onOk={() =>
        props.onDone(
          open
            .map((line) => ({ lineRef: line.lineRef, sku: line.sku, quantity: found[keyOf(line)] ?? 0 }))
            .filter((line) => line.quantity > 0),
        )
      }
    >
      <p>{t('work.short.effect')}</p>
      {open.map((line) => (
        <div key={keyOf(line)} className="between" style={{ marginBottom: 8 }}>
          <label htmlFor={keyOf(line)}>
            {line.name ?? line.sku} <span className="muted">/ {line.quantity - line.picked}</span>
          </label>
          <InputNumber
            id={keyOf(line)}
            min={0}
            max={line.quantity - line.picked}
            precision={0}
            value={found[keyOf(line)] ?? 0}
            onChange={(units) => setFound((was) => ({ ...was, [keyOf(line)]: units ?? 0 }))}
          />
        </div>
      ))}
    </Modal>
  )
}

/** Units that are picked and in no parcel yet. */
const loose = (line: Work['lines'][number]): number => line.picked - line.packed

/** One parcel: what is in it, what it weighs, its number. What is left out of it is packed into the next. */
export function PackDialog(props: { readonly work: Work; readonly onClose: () => void; readonly onDone: (parcel: ParcelInput) => void }) {
  const t = useText()
  const [form] = Form.useForm<{ trackingNo?: string; weightGrams?: number | null }>()
  const lines = props.work.lines.filter((line) => loose(line) > 0)
  const keyOf = (line: Work['lines'][number]) => `pack-${line.lineRef}-${line.sku}`
  const [inside, setInside] = useState<Readonly<Record<string, number>>>({})
  const unitsOf = (line: Work['lines'][number]) => inside[keyOf(line)] ?? loose(line)
  const isAll = lines.every((line) => unitsOf(line) === loose(line))
  const contents = lines
    .map((line) => ({ lineRef: line.lineRef, sku: line.sku, quantity: unitsOf(line) }))
    .filter(({ quantity }) => quantity > 0)
  return (
    <Modal
      open
      title={t('work.pack.title')}
      okText={t('work.action.pack')}
      cancelText={t('state.cancel')}
      okButtonProps={{ disabled: lines.length > 0 && contents.length === 0 }}
      onCancel={props.onClose}
      onOk={() => form.submit()}
    >
      <Form
        form={form}
        layout="vertical"
        onFinish={({ trackingNo, weightGrams }) =>
          props.onDone({
            ...(trackingNo === undefined || trackingNo.trim() === '' ? {} : { trackingNo: trackingNo.trim() }),
            ...(typeof weightGrams === 'number' ? { weightGrams } : {}),
            ...(isAll ? {} : { lines: contents }),
          })
        }
      >
        {lines.map((line) => (
          <div key={keyOf(line)} className="pick-line">
            <label htmlFor={keyOf(line)}>{line.name ?? line.sku}</label>
            <div className="row">
              <InputNumber
                id={keyOf(line)}
                min={0}
                max={loose(line)}
                precision={0}
                value={unitsOf(line)}
                style={{ width: 72 }}
                onChange={(units) => setInside((was) => ({ ...was, [keyOf(line)]: units ?? 0 }))}
              />
              <strong>/ {loose(line)}</strong>
            </div>
          </div>
        ))}
        {!isAll && <p className="muted">{t('scan.pack.rest')}</p>}
        <Form.Item name="weightGrams" label={t('work.pack.weight')}>
          <InputNumber min={0} precision={0} inputMode="numeric" style={{ width: '100%' }} />
        </Form.Item>
        <Form.Item name="trackingNo" label={t('work.pack.tracking')}>
          <Input autoFocus maxLength={128} />
        </Form.Item>
      </Form>
    </Modal>
  )
}
