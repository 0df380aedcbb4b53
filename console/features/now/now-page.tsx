import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Button, Card, Statistic } from 'antd'
import { type Answer, hub } from '../../api/hub.ts'
import { useLive } from '../../api/live.tsx'
import { useFormat } from '../../i18n/format.ts'
import { useText, useWord } from '../../i18n/language.tsx'
import { MapView } from '../../ui/map.tsx'
import { Loaded, Nothing } from '../../ui/states.tsx'
import { phaseColors } from '../../ui/tags.tsx'
import { useFactNames, useNodes } from '../network/facts.ts'
import { useEventTitle } from '../order/event-title.ts'
import { listedPhases } from '../orders/order-search.ts'

type Overview = Answer<'overview.get'>

/** The tactical page: what stands where, what is broken and the one step that helps, and what just happened. */
export function NowPage() {
  const t = useText()
  const asked = useQuery({ queryKey: ['now'], queryFn: () => hub.call('overview.get', {}), refetchInterval: 15_000 })
  return (
    <div className="page">
      <div className="head">
        <h1>{t('now.title')}</h1>
      </div>
      <Loaded of={asked}>
        {(overview) => (
          <div className="grid">
            <Numbers overview={overview} />
            <div className="span-7 stack">
              <Funnel overview={overview} />
              <NodeMap overview={overview} />
            </div>
            <div className="span-5 stack">
              <Broken overview={overview} />
              <Backlog overview={overview} />
              <Stream />
            </div>
          </div>
        )}
      </Loaded>
    </div>
  )
}

const ordersIn = (overview: Overview, phase: string): number => overview.phases.find((one) => one.phase === phase)?.orders ?? 0

function Numbers({ overview }: { readonly overview: Overview }) {
  const t = useText()
  const { perMinute } = useLive()
  const open = overview.phases.reduce((sum, one) => sum + (one.phase === 'delivered' ? 0 : one.orders), 0)
  const numbers = [
    [t('now.open'), open],
    [t('now.rate'), perMinute],
    [t('now.late'), overview.late],
    [t('now.overdue'), overview.overdueWork],
  ] as const
  return numbers.map(([title, value]) => (
    <Card key={title} size="small" className="span-3">
      <Statistic title={title} value={value} />
    </Card>
  ))
}

function Funnel({ overview }: { readonly overview: Overview }) {
  const t = useText()
  const word = useWord()
  const format = useFormat()
  const rows = listedPhases
    .filter((phase) => phase !== 'complete' && phase !== 'cancelled')
    .map((phase) => [phase, ordersIn(overview, phase)] as const)
  const most = Math.max(1, ...rows.map(([, orders]) => orders))
  return (
    <Card size="small" title={t('now.funnel')} extra={<span className="muted">{t('now.funnel.hint')}</span>}>
      <div className="funnel">
        {rows.map(([phase, orders]) => [
          <Link key={`${phase}-name`} to="/orders" search={{ phase }}>
            {word('phase', phase)}
          </Link>,
          <div
            key={`${phase}-bar`}
            className="funnel-bar"
            style={{ width: `${(orders / most) * 100}%`, background: phaseColors[phase] }}
          />,
          <span key={`${phase}-n`} className="num">
            {format.number(orders)}
          </span>,
        ])}
      </div>
    </Card>
  )
}

/** What waits for a person, each with the one step that helps. */
function Broken({ overview }: { readonly overview: Overview }) {
  const t = useText()
  const problems = [
    { key: 'review', n: ordersIn(overview, 'awaitingReview'), phase: 'awaitingReview' },
    { key: 'unroutable', n: ordersIn(overview, 'unroutable'), phase: 'unroutable' },
    { key: 'hold', n: ordersIn(overview, 'onHold'), phase: 'onHold' },
  ] as const
  const shown = problems.filter(({ n }) => n > 0)
  const worst = overview.backlog.find((one) => one.overdue > 0)
  return (
    <Card size="small" title={t('now.broken')}>
      {shown.length === 0 && worst === undefined && <Nothing title={t('now.broken.none')} />}
      <div className="stack">
        {shown.map(({ key, n, phase }) => (
          <div key={key} className="between">
            <span>{t(`now.count.${key}`, { n })}</span>
            <Link to="/orders" search={{ phase }}>
              <Button size="small">{t(`now.fix.${key}`)}</Button>
            </Link>
          </div>
        ))}
        {worst !== undefined && (
          <div className="between">
            <span>{t('now.count.overdue', { n: overview.overdueWork })}</span>
            <Link to="/work" search={{ nodeId: worst.nodeId }}>
              <Button size="small">{t('now.fix.overdue')}</Button>
            </Link>
          </div>
        )}
      </div>
    </Card>
  )
}

function Backlog({ overview }: { readonly overview: Overview }) {
  const t = useText()
  const format = useFormat()
  const most = Math.max(1, ...overview.backlog.map((one) => one.open))
  return (
    <Card size="small" title={t('now.backlog')}>
      {overview.backlog.length === 0 && <Nothing title={t('now.backlog.empty')} />}
      <div className="funnel">
        {overview.backlog.slice(0, 10).map((one) => [
          <Link key={`${one.nodeId}-name`} to="/work" search={{ nodeId: one.nodeId }}>
            {one.nodeName ?? one.nodeId}
          </Link>,
          <div key={`${one.nodeId}-bar`} className="ledger" style={{ width: `${(one.open / most) * 100}%`, minWidth: 8 }}>
            <i style={{ width: `${(one.overdue / one.open) * 100}%`, background: '#b3261e' }} />
            <i style={{ flex: 1, background: '#1d63b8' }} />
          </div>,
          <span key={`${one.nodeId}-n`} className="num">
            {format.number(one.open)}
          </span>,
        ])}
      </div>
    </Card>
  )
}

function NodeMap({ overview }: { readonly overview: Overview }) {
  const t = useText()
  const nodes = useNodes().data
  if (nodes === undefined || nodes.length === 0) return null
  const busy = new Map(overview.backlog.map((one) => [one.nodeId, one]))
  const points = nodes.flatMap((node) => {
    const { lat, lng } = node.place
    if (lat === undefined || lng === undefined) return []
    const own = busy.get(node.nodeId)
    const color = node.closed === true ? '#8a8f8d' : own === undefined ? '#8fb3a9' : own.overdue > 0 ? '#b3261e' : '#1d63b8'
    return [{ id: node.nodeId, lat, lng, name: node.name, color, size: own === undefined ? 0 : 1 + Math.log10(own.open + 1) }]
  })
  return (
    <Card size="small" title={t('network.map')}>
      <MapView label={t('network.map')} points={points} />
    </Card>
  )
}

function Stream() {
  const t = useText()
  const format = useFormat()
  const titleOf = useEventTitle()
  const { recent } = useLive()
  const { nodes } = useFactNames()
  return (
    <Card size="small" title={t('now.stream')}>
      <div className="stack" style={{ gap: 4, minHeight: 120 }} aria-live="off">
        {recent.slice(0, 12).map((event) => {
          const nodeId = event.data['nodeId']
          return (
            <div key={event.cursor} className="between">
              <span>
                {event.orderId === undefined ? (
                  titleOf(event.type)
                ) : (
                  <Link to="/orders/$orderId" params={{ orderId: event.orderId }}>
                    {titleOf(event.type)}
                  </Link>
                )}
                {typeof nodeId === 'string' && <span className="muted"> · {nodes.get(nodeId) ?? nodeId}</span>}
              </span>
              <span className="muted">{format.time(event.recordedAt)}</span>
            </div>
          )
        })}
      </div>
    </Card>
  )
}
