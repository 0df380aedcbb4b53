import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Button, Card, Statistic } from 'antd'
import { hub } from '../../api/hub.ts'
import { useLive } from '../../api/live.tsx'
import { useFormat } from '../../i18n/format.ts'
import { useText } from '../../i18n/language.tsx'
import { Loaded, Nothing } from '../../ui/states.tsx'
import { useEventDetail } from '../order/event-detail.ts'
import { useEventTitle } from '../order/event-title.ts'
import { useMay } from '../session/session.ts'
import { Flow } from './flow.tsx'
import { NodeMap } from './node-map.tsx'
import './now.css'
import { ordersIn, type Overview } from './overview.ts'

/** The tactical page: what stands where, what is broken and the one step that helps (for who works here), and what just happened. */
export function NowPage() {
  const t = useText()
  const may = useMay()
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
              <Flow overview={overview} />
              <NodeMap overview={overview} />
            </div>
            <div className="span-5 stack">
              {may('task.read') && <Broken overview={overview} />}
              <Backlog overview={overview} />
              {may('event.read') && <Stream />}
            </div>
          </div>
        )}
      </Loaded>
    </div>
  )
}

function Numbers({ overview }: { readonly overview: Overview }) {
  const t = useText()
  const format = useFormat()
  const open = overview.phases.reduce((sum, one) => sum + (one.phase === 'delivered' ? 0 : one.orders), 0)
  const { keptRate } = overview.lastDay
  const numbers = [
    ['open', format.number(open)],
    ['rate', format.number(Math.round((overview.lastHour.placed / 60) * 10) / 10)],
    ['onTime', keptRate === undefined ? '–' : format.percent(keptRate)],
    ['late', format.number(overview.late)],
    ['overdue', format.number(overview.overdueWork)],
  ] as const
  return (
    <div className="tiles">
      {numbers.map(([key, value]) => (
        <Card key={key} size="small">
          <Statistic title={t(`now.${key}`)} value={value} />
          <div className="muted">{t(`now.${key}.hint`)}</div>
        </Card>
      ))}
    </div>
  )
}

/** What waits for a person, each with the one step that helps, where the reader may take it. */
function Broken({ overview }: { readonly overview: Overview }) {
  const t = useText()
  const may = useMay()
  const problems = [
    { key: 'review', n: ordersIn(overview, 'awaitingReview'), phase: 'awaitingReview' },
    { key: 'unroutable', n: ordersIn(overview, 'unroutable'), phase: 'unroutable' },
    { key: 'hold', n: ordersIn(overview, 'onHold'), phase: 'onHold' },
  ] as const
  const shown = problems.filter(({ n }) => n > 0)
  const worst = overview.backlog.find((one) => one.overdue > 0)
  const full = overview.backlog.filter(({ load }) => load !== undefined && load.planned >= load.perDay).length
  return (
    <Card size="small" title={t('now.broken')}>
      {shown.length === 0 && worst === undefined && full === 0 && <Nothing title={t('now.broken.none')} />}
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
            {may('fulfillment.read') && (
              <Link to="/work" search={{ nodeId: worst.nodeId }}>
                <Button size="small">{t('now.fix.overdue')}</Button>
              </Link>
            )}
          </div>
        )}
        {full > 0 && (
          <div className="between">
            <span>{t('now.count.full', { n: full })}</span>
            {may('facts.read') && (
              <Link to="/network">
                <Button size="small">{t('now.fix.full')}</Button>
              </Link>
            )}
          </div>
        )}
      </div>
    </Card>
  )
}

function Backlog({ overview }: { readonly overview: Overview }) {
  const t = useText()
  const may = useMay()
  const format = useFormat()
  const most = Math.max(1, ...overview.backlog.map((one) => one.open))
  return (
    <Card size="small" title={t('now.backlog')}>
      {overview.backlog.length === 0 && <Nothing title={t('now.backlog.empty')} />}
      <div className="funnel">
        {overview.backlog.slice(0, 10).map((one) => [
          may('fulfillment.read') ? (
            <Link key={`${one.nodeId}-name`} to="/work" search={{ nodeId: one.nodeId }}>
              {one.nodeName ?? one.nodeId}
            </Link>
          ) : (
            <span key={`${one.nodeId}-name`}>{one.nodeName ?? one.nodeId}</span>
          ),
          <div key={`${one.nodeId}-bar`} className="ledger" style={{ width: `${(one.open / most) * 100}%`, minWidth: 8 }}>
            <i style={{ width: `${(one.overdue / one.open) * 100}%`, background: '#b3261e' }} />
            <i style={{ flex: 1, background: '#1d63b8' }} />
          </div>,
          <span key={`${one.nodeId}-n`} className="num">
            {format.number(one.open)}
            {one.load !== undefined && (
              <span className="muted"> · {t('now.load', { share: format.percent(one.load.planned / one.load.perDay) })}</span>
            )}
          </span>,
        ])}
      </div>
    </Card>
  )
}

function Stream() {
  const t = useText()
  const format = useFormat()
  const titleOf = useEventTitle()
  const { recent } = useLive()
  const detailOf = useEventDetail()
  return (
    <Card size="small" title={t('now.stream')}>
      <div className="stack" style={{ gap: 4, minHeight: 120 }} aria-live="off">
        {recent.length === 0 && <span className="muted">{t('now.stream.none')}</span>}
        {recent.slice(0, 12).map((event) => {
          const detail = detailOf(event)
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
                {detail !== '' && <span className="muted"> · {detail}</span>}
              </span>
              <span className="muted">{format.time(event.recordedAt)}</span>
            </div>
          )
        })}
      </div>
    </Card>
  )
}
