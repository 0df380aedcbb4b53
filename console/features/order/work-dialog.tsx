import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { App, InputNumber, Modal, Select } from 'antd'
import { useState } from 'react'
import { hub } from '../../api/hub.ts'
import { useFormat } from '../../i18n/format.ts'
import { useText } from '../../i18n/language.tsx'
import { ProblemAlert } from '../../ui/states.tsx'
import { useUndo } from '../../ui/use-undo.tsx'
import { useFactNames, useNodes } from '../network/facts.ts'
import { ParcelChoice, unpackOf } from '../work/parcel-choice.tsx'
import type { Order } from './order.ts'
import { ReasonSelect } from './reason-select.tsx'
import { inverseOf, nodeChoices, splitOf, type Work, type WorkEdit } from './work-edits.ts'

const reasons = ['requested', 'noStaff', 'closed', 'damaged', 'stock', 'other'] as const
const BEST = ''
type Given = {
  readonly reason: string
  readonly toNodeId: string
  readonly units: Readonly<Record<string, number>>
  readonly parcelIds: readonly string[]
}

/** One action on a node's work with its effect told before; the version seen goes with it. */
export function WorkDialog(props: { readonly order: Order; readonly work: Work; readonly action: WorkEdit; readonly onClose: () => void }) {
  const t = useText()
  const { message } = App.useApp()
  const queries = useQueryClient()
  const undo = useUndo()
  const { order, work, action, onClose } = props
  const [given, setGiven] = useState<Given>({
    reason: 'requested',
    toNodeId: BEST,
    units: {},
    parcelIds: work.parcels.map((one) => one.parcelId),
  })
  const put = (part: Partial<Given>) => setGiven((was) => ({ ...was, ...part }))
  const act = useMutation({
    mutationFn: () => send(work, action, given),
    onSuccess: (after) => {
      const show = () => void queries.invalidateQueries({ queryKey: ['order', order.orderId] })
      show()
      const inverse = inverseOf(action)
      if (inverse === undefined) void message.success(t('state.done'))
      else undo(t(`workEdit.${action}`), async () => send(after, inverse, given).then(show))
      onClose()
    },
  })
  const isReady = action === 'split' ? splitOf(work.lines, given.units) !== undefined : action !== 'unpack' || given.parcelIds.length > 0
  return (
    <Modal
      open
      title={`${t(`workEdit.${action}`)} · ${work.nodeName ?? work.nodeId}`}
      okText={t(`workEdit.${action}`)}
      cancelText={t('state.close')}
      okButtonProps={{ danger: action === 'cancel', disabled: !isReady, loading: act.isPending }}
      onCancel={onClose}
      onOk={() => act.mutate()}
    >
      <div className="stack">
        {action !== 'release' && <p style={{ margin: 0 }}>{t(`workEdit.${action}.effect`)}</p>}
        {action === 'unpack' && <ParcelChoice work={work} value={given.parcelIds} onChange={(parcelIds) => put({ parcelIds })} />}
        {action === 'move' && <MoveTo order={order} work={work} value={given.toNodeId} onChange={(toNodeId) => put({ toNodeId })} />}
        {action === 'split' && <SplitUnits work={work} units={given.units} onChange={(units) => put({ units })} />}
        {(action === 'move' || action === 'hold' || action === 'cancel' || action === 'requestCancel') && (
          <ReasonSelect reasons={reasons} value={given.reason} onChange={(reason) => put({ reason })} />
        )}
        {act.error !== null && <ProblemAlert error={act.error} />}
      </div>
    </Modal>
  )
}

function send(work: Work, action: WorkEdit, { reason, toNodeId, units, parcelIds }: Given) {
  const params = { fulfillmentOrderId: work.fulfillmentOrderId }
  const options = { ifMatch: work.version }
  switch (action) {
    case 'unpack':
      return hub.call('fulfillment.unpack', { params, body: unpackOf(work, parcelIds) }, options)
    case 'move':
      return hub.call('fulfillment.move', { params, body: { reason, ...(toNodeId === BEST ? {} : { toNodeId }) } }, options)
    case 'split':
      return hub.call('fulfillment.split', { params, body: { lines: splitOf(work.lines, units) ?? [] } }, options)
    case 'merge':
      return hub.call('fulfillment.merge', { params, body: {} }, options)
    case 'hold':
      return hub.call('fulfillment.hold', { params, body: { reason } }, options)
    case 'release':
      return hub.call('fulfillment.release', { params, body: {} }, options)
    case 'cancel':
      return hub.call('fulfillment.cancel', { params, body: { reason } }, options)
    case 'requestCancel':
      return hub.call('fulfillment.requestCancel', { params, body: { reason } }, options)
  }
}

/** The best node as the hub finds it, or one that the last decision weighed, or any other. */
function MoveTo(props: {
  readonly order: Order
  readonly work: Work
  readonly value: string
  readonly onChange: (nodeId: string) => void
}) {
  const t = useText()
  const format = useFormat()
  const { nodes: names } = useFactNames()
  const nodes = useNodes().data ?? []
  const { orderId } = props.order
  const asked = useQuery({ queryKey: ['order', orderId, 'sourcing'], queryFn: () => hub.call('order.sourcing', { params: { orderId } }) })
  const candidates = (asked.data?.decisions.at(-1)?.candidates ?? []) as unknown as Parameters<typeof nodeChoices>[1]
  const options = nodeChoices(props.work, candidates, nodes).map(({ nodeId, cost }) => ({
    value: nodeId,
    label: [names.get(nodeId) ?? nodeId, ...(cost === undefined ? [] : [t('workEdit.move.cost', { cost: format.number(cost) })])].join(
      ' · ',
    ),
  }))
  return (
    <div className="stack" style={{ gap: 4 }}>
      <Select
        aria-label={t('workEdit.move.to')}
        showSearch={{ optionFilterProp: 'label' }}
        value={props.value}
        options={[{ value: BEST, label: t('workEdit.move.best') }, ...options]}
        onChange={props.onChange}
      />
      {props.value === BEST && <span className="muted">{t('workEdit.move.best.hint')}</span>}
    </div>
  )
}

function SplitUnits(props: { readonly work: Work; readonly units: Given['units']; readonly onChange: (units: Given['units']) => void }) {
  const t = useText()
  const format = useFormat()
  const { work, units, onChange } = props
  return (
    <>
      {work.lines.map(({ lineRef, sku, name, quantity }) => (
        <div key={`${lineRef}-${sku}`} className="between">
          <span>{name ?? sku}</span>
          <span className="row" style={{ flexWrap: 'nowrap' }}>
            <InputNumber
              aria-label={t('workEdit.split.units', { item: name ?? sku })}
              min={0}
              max={quantity}
              precision={0}
              style={{ width: 90 }}
              value={units[`${lineRef}\n${sku}`] ?? 0}
              onChange={(value) => onChange({ ...units, [`${lineRef}\n${sku}`]: value ?? 0 })}
            />
            <span className="muted">{t('cancelLines.of', { n: format.number(quantity) })}</span>
          </span>
        </div>
      ))}
      {splitOf(work.lines, units) === undefined && <span className="muted">{t('workEdit.split.some')}</span>}
    </>
  )
}
