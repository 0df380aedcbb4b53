import { Alert, Modal, Radio, Select } from 'antd'
import { useState } from 'react'
import { type Begun, begunChoices } from '../../../contract/entities/closure.ts'
import { useFormat } from '../../i18n/format.ts'
import { useText, useWord } from '../../i18n/language.tsx'
import { Loaded, ProblemAlert } from '../../ui/states.tsx'
import { type ClosurePreview, useCloseNode, useClosurePreview } from './closures.ts'
import { type Node, useFactNames } from './facts.ts'

const reasons = ['weather', 'power', 'staff', 'count', 'moving', 'other'] as const

/** Closing a node: first what it would cost, split and delay, then the one button. */
export function NodeClosing({ node, onClose }: { readonly node: Node; readonly onClose: () => void }) {
  const t = useText()
  const word = useWord()
  const [reason, setReason] = useState<string>('weather')
  const [begun, setBegun] = useState<Begun>('finish')
  const preview = useClosurePreview(node.nodeId, begun)
  const close = useCloseNode(node.nodeId)
  return (
    <Modal
      open
      title={t('close.title', { node: node.name })}
      okText={t('close.do')}
      cancelText={t('state.cancel')}
      okButtonProps={{ danger: true, loading: close.isPending, disabled: preview.isPending }}
      onCancel={onClose}
      onOk={() => close.mutate({ reason, begun }, { onSuccess: onClose })}
    >
      <div className="stack">
        <p style={{ margin: 0 }}>{t('close.effect')}</p>
        <label htmlFor="close-reason">{t('order.action.reason')}</label>
        <Select
          id="close-reason"
          value={reason}
          options={reasons.map((value) => ({ value, label: word('closeReason', value) }))}
          onChange={setReason}
        />
        <span id="close-begun">{t('close.begun')}</span>
        <Radio.Group
          aria-labelledby="close-begun"
          value={begun}
          options={begunChoices.map((value) => ({ value, label: t(`close.begun.${value}`) }))}
          onChange={(event) => setBegun(begunChoices.find((one) => one === event.target.value) ?? 'finish')}
        />
        <section aria-label={t('close.preview')} className="preview">
          <h3>{t('close.preview')}</h3>
          <Loaded of={preview}>{(found) => <Preview preview={found} />}</Loaded>
        </section>
        {close.error !== null && <ProblemAlert error={close.error} />}
      </div>
    </Modal>
  )
}

function Preview({ preview }: { readonly preview: ClosurePreview }) {
  const t = useText()
  const format = useFormat()
  const { open, planned, moved, torn, splits, later, laterMinutesMax } = preview
  const n = format.number
  if (open === 0) return <Alert type="success" showIcon title={t('close.preview.nothing')} />
  return (
    <div className="stack">
      <div>
        {t('close.preview.open', { n: n(open) })}
        {planned < open && <span className="muted"> {t('close.preview.planned', { n: n(planned) })}</span>}
      </div>
      <ul className="facts-list">
        <li>{t('close.preview.moved', { n: n(moved) })}</li>
        <li className={torn > 0 ? 'bad' : undefined}>{t(torn > 0 ? 'close.preview.torn' : 'close.preview.whole', { n: n(torn) })}</li>
        <li className={splits > 0 ? 'bad' : undefined}>
          {t(splits > 0 ? 'close.preview.splits' : 'close.preview.noSplits', { n: n(splits) })}
        </li>
        <li className={later > 0 ? 'bad' : undefined}>
          {later > 0
            ? t('close.preview.later', { n: n(later), time: format.duration(laterMinutesMax * 60_000) })
            : t('close.preview.onTime')}
        </li>
        <li>
          <Cost preview={preview} />
        </li>
      </ul>
      <Destinations preview={preview} />
    </div>
  )
}

function Cost({ preview: { costBefore, costAfter, currency } }: { readonly preview: ClosurePreview }) {
  const t = useText()
  const format = useFormat()
  const difference = costAfter - costBefore
  return (
    <>
      {t('close.preview.cost', { before: format.money(costBefore, currency), after: format.money(costAfter, currency) })}{' '}
      <strong>
        ({difference >= 0 ? '+' : '−'}
        {format.money(Math.abs(difference), currency)})
      </strong>
    </>
  )
}

const DESTINATIONS_MAX = 5
function Destinations({ preview: { toNodes, moved } }: { readonly preview: ClosurePreview }) {
  const t = useText()
  const format = useFormat()
  const { nodes } = useFactNames()
  if (toNodes.length === 0) return null
  return (
    <div>
      <div className="muted">{t('close.preview.where')}</div>
      {toNodes.slice(0, DESTINATIONS_MAX).map(({ nodeId, count }) => (
        <div key={nodeId} className="destination">
          <span>{nodes.get(nodeId) ?? nodeId}</span>
          <span className="ledger" aria-hidden>
            <i style={{ width: `${(count / Math.max(1, moved)) * 100}%`, background: '#0b6e5f' }} />
          </span>
          <span className="num">{format.number(count)}</span>
        </div>
      ))}
      {toNodes.length > DESTINATIONS_MAX && (
        <div className="muted">{t('close.preview.elsewhere', { n: format.number(toNodes.length - DESTINATIONS_MAX) })}</div>
      )}
    </div>
  )
}
