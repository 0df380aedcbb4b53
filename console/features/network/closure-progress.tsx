import { Link } from '@tanstack/react-router'
import { Alert, Button, Card, Popconfirm, Progress } from 'antd'
import { useFormat } from '../../i18n/format.ts'
import { useText, useWord } from '../../i18n/language.tsx'
import { ProblemAlert } from '../../ui/states.tsx'
import { useMay } from '../session/session.ts'
import { type Closure, settledShare, useClosure, useOpenNode } from './closures.ts'
import type { Node } from './facts.ts'

const SHOWN_MAX = 6

/** The nodes that are closed, with how far each has come: whoever left the page finds it again here. */
export function ClosedNodes({ nodes, onOpen }: { readonly nodes: readonly Node[]; readonly onOpen: (nodeId: string) => void }) {
  const t = useText()
  const format = useFormat()
  const closed = nodes.filter((node) => node.closed === true)
  if (closed.length === 0) return null
  const rest = closed.length - SHOWN_MAX
  return (
    <Card size="small" title={t('close.nodes', { n: format.number(closed.length) })}>
      <div className="closures">
        {closed.slice(0, SHOWN_MAX).map((node) => (
          <div key={node.nodeId}>
            <Button type="link" className="in-row" onClick={() => onOpen(node.nodeId)}>
              {node.name}
            </Button>
            <Sweep nodeId={node.nodeId} />
          </div>
        ))}
      </div>
      {rest > 0 && <div className="muted">{t('close.more', { n: format.number(rest) })}</div>}
    </Card>
  )
}

/** One bar and one sentence. */
function Sweep({ nodeId }: { readonly nodeId: string }) {
  const t = useText()
  const { data: closure } = useClosure(nodeId)
  if (closure === undefined) return <span className="muted">{t('network.closed')}</span>
  return (
    <div>
      {closure.state !== 'open' && <SweepBar closure={closure} />}
      <span className="muted">{t(closure.state === 'open' ? 'close.onlyClosed' : `close.state.${closure.state}`)}</span>
    </div>
  )
}

function SweepBar({ closure }: { readonly closure: Closure }) {
  const t = useText()
  const percent = Math.round(settledShare(closure) * 100)
  return <Progress percent={percent} status={closure.state === 'closing' ? 'active' : 'normal'} aria-label={t('close.progress')} />
}

/** All there is to know about a closure, and the way back. */
export function ClosureDetail({ node }: { readonly node: Node }) {
  const t = useText()
  const may = useMay()
  const asked = useClosure(node.nodeId)
  const open = useOpenNode(node.nodeId)
  const closure = asked.data
  return (
    <div className="stack">
      {closure !== undefined && closure.state !== 'open' && <Account closure={closure} />}
      {closure?.state === 'open' && <Alert type="info" showIcon title={t('close.onlyClosed')} />}
      {asked.error !== null && <ProblemAlert error={asked.error} onRetry={() => void asked.refetch()} />}
      {open.error !== null && <ProblemAlert error={open.error} />}
      {may('fulfillment.manage') && (
        <Popconfirm title={t('close.open.effect')} okText={t('close.open')} cancelText={t('state.cancel')} onConfirm={() => open.mutate()}>
          <Button type="primary" loading={open.isPending}>
            {t('close.open')}
          </Button>
        </Popconfirm>
      )}
    </div>
  )
}

function Account({ closure }: { readonly closure: Closure }) {
  const t = useText()
  const word = useWord()
  const format = useFormat()
  const may = useMay()
  const { nodeId, total, moved, torn, leftBehind, atWork, reason, begun } = closure
  const n = format.number
  return (
    <div className="stack" role="status">
      <div>
        <strong>{t(`close.state.${closure.state === 'open' ? 'closed' : closure.state}`)}</strong>
        <SweepBar closure={closure} />
        {closure.state === 'closing' && <div className="muted">{t('close.leave')}</div>}
      </div>
      <ul className="facts-list">
        <li>{t('close.moved', { n: n(moved), total: n(total) })}</li>
        {torn > 0 && <li>{t('close.torn', { n: n(torn) })}</li>}
        {leftBehind > 0 && <li>{t('close.leftBehind', { n: n(leftBehind) })}</li>}
        {atWork > 0 && <li>{t(begun === 'move' ? 'close.atWork.move' : 'close.atWork', { n: n(atWork) })}</li>}
      </ul>
      <div className="muted">
        {reason !== undefined && `${word('closeReason', reason)} · `}
        {t('close.since', { at: format.at(closure.requestedAt) })}
        {closure.finishedAt !== undefined && ` · ${t('close.finished', { at: format.at(closure.finishedAt) })}`}
      </div>
      <div className="row">
        {torn + leftBehind > 0 && may('task.read') && (
          <Link to="/tasks" search={leftBehind > 0 ? { kind: 'nodeClosed', nodeId } : { kind: 'stockMissing' }}>
            {t('close.tasks')}
          </Link>
        )}
        {atWork > 0 && may('fulfillment.read') && (
          <Link to="/work" search={{ nodeId }}>
            {t('close.queue')}
          </Link>
        )}
      </div>
    </div>
  )
}
