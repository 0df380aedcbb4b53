import { useQuery } from '@tanstack/react-query'
import { Card, Table, type TableProps, Tag, Tooltip } from 'antd'
import { type Answer, hub } from '../../api/hub.ts'
import { useFormat } from '../../i18n/format.ts'
import { useLanguage, useText, useWord } from '../../i18n/language.tsx'
import { type MapPoint, MapView } from '../../ui/map.tsx'
import { Loaded, Nothing } from '../../ui/states.tsx'
import { useNarrow } from '../../ui/use-narrow.ts'
import { useFactNames, useNodes } from '../network/facts.ts'
import type { Order } from './order.ts'

type Decision = Answer<'order.sourcing'>['decisions'][number]
type Candidate = {
  readonly lineRefs: readonly string[]
  readonly sku: string
  readonly rank: number
  readonly nodeId: string
  readonly nodeName: string
  readonly units: number
  readonly score: Readonly<Record<string, number>>
  readonly reason: string
}
const parts = ['freight', 'handling', 'split', 'lateness', 'carbon', 'stockHealth', 'bidPrice'] as const
const partColors = ['#1d63b8', '#5a8fd0', '#8a5a44', '#b3261e', '#1f7a3d', '#c98a1b', '#7a4fb0']

/** Why these nodes: the plan and its cost, the best candidates of each line with the parts of their score, and what spoke against the rest. */
export function Why({ order }: { readonly order: Order }) {
  const t = useText()
  const format = useFormat()
  const asked = useQuery({
    queryKey: ['order', order.orderId, 'sourcing'],
    queryFn: () => hub.call('order.sourcing', { params: { orderId: order.orderId } }),
  })
  return (
    <Loaded of={asked}>
      {({ decisions, currency }) => (
        <div className="stack">
          {decisions.length === 0 && <Nothing title={t('order.why.none')} />}
          {decisions.map((decision) => (
            <DecisionCard key={decision.decisionId} order={order} decision={decision} money={(minor) => format.money(minor, currency)} />
          ))}
        </div>
      )}
    </Loaded>
  )
}

type Money = (minor: number) => string

function DecisionCard({ order, decision, money }: { readonly order: Order; readonly decision: Decision; readonly money: Money }) {
  const t = useText()
  const format = useFormat()
  const candidates = decision.candidates as unknown as readonly Candidate[]
  const no = decision.decisionId.split('.').at(-1) ?? ''
  return (
    <Card
      size="small"
      title={t('order.why.decision', { n: no, at: format.at(decision.decidedAt) })}
      extra={
        <span className="row">
          <Tag>{t(decision.exact ? 'order.why.exact' : 'order.why.approx')}</Tag>
          <Tag>{t('order.why.policy', { v: decision.policyVersion })}</Tag>
        </span>
      }
    >
      <div className="grid">
        <div className="span-6 stack">
          <Replanned of={decision.replanned} money={money} />
          <Cost cost={decision.cost} money={money} />
          <WhyMap order={order} decision={decision} candidates={candidates} />
          <Rejected decision={decision} />
        </div>
        <div className="span-6">
          <Candidates order={order} decision={decision} candidates={candidates} money={money} />
        </div>
      </div>
    </Card>
  )
}

/** Why there is a further decision where nothing was missing: the order was planned again together with others. */
function Replanned({ of, money }: { readonly of: Decision['replanned']; readonly money: Money }) {
  const t = useText()
  const { nodes } = useFactNames()
  if (of === undefined) return null
  const from = of.fromNodes.map((nodeId) => nodes.get(nodeId) ?? nodeId).join(' · ')
  const costs = { before: money(of.costBefore), after: money(of.costAfter) }
  return <p>{t(of.makesRoom ? 'order.why.madeRoom' : 'order.why.replanned', { n: of.together, from, ...costs })}</p>
}

function Cost({ cost, money }: { readonly cost: Decision['cost']; readonly money: Money }) {
  const t = useText()
  const word = useWord()
  if (cost === undefined) return null
  return (
    <div>
      <div className="between">
        <strong>{t('order.why.cost')}</strong>
        <span className="num">{money(cost['total'] ?? 0)}</span>
      </div>
      <ScoreBar score={cost} money={money} />
      <div className="row muted">
        {parts
          .filter((part) => (cost[part] ?? 0) !== 0)
          .map((part) => (
            <span key={part}>
              <i className="live-dot" style={{ background: partColors[parts.indexOf(part)] }} /> {word('score', part)}{' '}
              {money(cost[part] ?? 0)}
            </span>
          ))}
      </div>
    </div>
  )
}

type Score = { readonly score: Readonly<Record<string, number>>; readonly of?: number; readonly money: Money }
function ScoreBar({ score, of, money }: Score) {
  const word = useWord()
  const total = of ?? parts.reduce((sum, part) => sum + Math.max(0, score[part] ?? 0), 0)
  const text = parts.filter((part) => (score[part] ?? 0) !== 0).map((part) => `${word('score', part)} ${money(score[part] ?? 0)}`)
  return (
    <Tooltip title={text.join(' · ')}>
      <div className="ledger" role="img" aria-label={text.join(', ')}>
        {parts.map((part, i) => (
          <i key={part} style={{ width: `${(Math.max(0, score[part] ?? 0) / Math.max(1, total)) * 100}%`, background: partColors[i] }} />
        ))}
      </div>
    </Tooltip>
  )
}

type CandidatesGiven = {
  readonly order: Order
  readonly decision: Decision
  readonly candidates: readonly Candidate[]
  readonly money: Money
}
function Candidates({ order, decision, candidates, money }: CandidatesGiven) {
  const t = useText()
  const names = new Map(order.lines.map((line) => [line.sku, line.name]))
  const isNarrow = useNarrow()
  const reasonText = useReasonText(decision)
  const most = Math.max(1, ...candidates.map((one) => one.score['total'] ?? 0))
  const item: Columns[number] = {
    title: t('order.line.item'),
    key: 'sku',
    render: (_, one) => names.get(one.sku) ?? <span className="mono">{one.sku}</span>,
  }
  const place: Columns[number] = {
    title: t('order.why.node'),
    key: 'node',
    render: (_, one) => (
      <>
        {one.nodeName}{' '}
        {one.reason === 'chosen' ? (
          <Tag color="success">{t('order.why.chosen')}</Tag>
        ) : (
          <span className="muted">{reasonText(one.reason)}</span>
        )}
        {isNarrow && (
          <>
            <div className="muted">{names.get(one.sku) ?? one.sku}</div>
            <ScoreBar score={one.score} of={most} money={money} />
          </>
        )}
      </>
    ),
  }
  const bar: Columns[number] = {
    title: t('order.why.score'),
    key: 'bar',
    width: 160,
    render: (_, one) => <ScoreBar score={one.score} of={most} money={money} />,
  }
  const total: Columns[number] = {
    title: t('order.why.total'),
    key: 'total',
    align: 'end',
    render: (_, one) => <span className="num">{money(one.score['total'] ?? 0)}</span>,
  }
  return (
    <Table<Candidate>
      size="small"
      pagination={false}
      scroll={{ x: true }}
      title={() => <strong>{t('order.why.candidates')}</strong>}
      rowKey={(one) => `${one.lineRefs.join()}-${one.nodeId}`}
      dataSource={candidates}
      columns={isNarrow ? [place, total] : [item, place, bar, total]}
    />
  )
}
type Columns = NonNullable<TableProps<Candidate>['columns']>

function useReasonText(decision: Decision): (reason: string) => string {
  const { language } = useLanguage()
  return (reason) => decision.reasonTexts?.[reason]?.[language === 'en' ? 'en' : 'zh'] ?? reason
}

/** What spoke against the other nodes, the most frequent reason first. */
function Rejected({ decision }: { readonly decision: Decision }) {
  const t = useText()
  const { nodes } = useFactNames()
  const reasonText = useReasonText(decision)
  const groups = new Map<string, string[]>()
  for (const [nodeId, reason] of Object.entries(decision.rejected))
    groups.set(reason, [...(groups.get(reason) ?? []), nodes.get(nodeId) ?? nodeId])
  return (
    <div>
      <strong>{t('order.why.rejected')}</strong>
      {[...groups]
        .toSorted((a, b) => b[1].length - a[1].length)
        .map(([reason, names]) => (
          <div key={reason} className="between">
            <span>{reasonText(reason)}</span>
            <Tooltip title={names.slice(0, 40).join(t('list.comma'))}>
              <span className="muted num">{t('order.why.nodes', { n: names.length })}</span>
            </Tooltip>
          </div>
        ))}
    </div>
  )
}

function WhyMap(props: { readonly order: Order; readonly decision: Decision; readonly candidates: readonly Candidate[] }) {
  const t = useText()
  const nodes = useNodes().data ?? []
  const { shipTo } = props.order
  const chosen = new Set(props.decision.plan.map((one) => String(one['nodeId'])))
  const near = new Set(props.candidates.map((one) => one.nodeId))
  const points = nodes.flatMap((node): MapPoint[] => {
    const { lat, lng } = node.place
    if (lat === undefined || lng === undefined || (!chosen.has(node.nodeId) && !near.has(node.nodeId))) return []
    const isChosen = chosen.has(node.nodeId)
    return [
      { id: node.nodeId, lat, lng, name: node.name, color: isChosen ? '#0b6e5f' : '#8aa0a8', size: isChosen ? 2 : 1, isNamed: isChosen },
    ]
  })
  if (shipTo?.lat === undefined || shipTo.lng === undefined || points.length === 0) return null
  const target: MapPoint = {
    id: ':to',
    lat: shipTo.lat,
    lng: shipTo.lng,
    name: shipTo.city ?? t('order.shipTo'),
    color: '#b3261e',
    size: 2,
    isNamed: true,
  }
  return (
    <MapView
      label={t('order.tab.why')}
      points={[...points, target]}
      lines={[...chosen].map((from) => ({ from, to: ':to', color: '#0b6e5f' }))}
    />
  )
}
