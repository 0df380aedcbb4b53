import { useNavigate, useSearch } from '@tanstack/react-router'
import { Alert, Button, Card, Segmented } from 'antd'
import { useFormat } from '../../i18n/format.ts'
import { useText, useWord } from '../../i18n/language.tsx'
import { saveFile } from '../../ui/save-file.ts'
import { Loaded, Nothing } from '../../ui/states.tsx'
import { Delta, type Good } from './delta.tsx'
import './overview.css'
import { ChannelsCard, DaysCard, HeatCard, StagesCard } from './report-charts.tsx'
import { reportCsvOf } from './report-csv.ts'
import { type Report, useReport } from './report.ts'
import { boundsOf, dayOf, DAYS_MAX, presets, type ReportSearch } from './report-search.ts'

/** The hub counts about once a second: so many events behind are the everyday, not worth telling. */
const BEHIND_TOLD = 2000

/** The strategic page: how well orders were fulfilled over a range, beside the range before. */
export function OverviewPage() {
  const t = useText()
  const search = useSearch({ from: '/overview' })
  const asked = useReport(search)
  const report = asked.data
  return (
    <div className="page">
      <div className="head">
        <h1>{t('report.title')}</h1>
        <div className="spread">
          <Range search={search} asOf={report?.asOf} />
          <Button
            disabled={report === undefined}
            onClick={() => {
              if (report !== undefined) saveFile('overview.csv', 'text/csv', reportCsvOf(report))
            }}
          >
            {t('report.export')}
          </Button>
        </div>
      </div>
      <Loaded of={asked}>{(answer) => <Figures report={answer} search={search} />}</Loaded>
    </div>
  )
}

function Range({ search, asOf }: { readonly search: ReportSearch; readonly asOf: string | undefined }) {
  const t = useText()
  const navigate = useNavigate({ from: '/overview' })
  const range = search.range ?? '7d'
  const { from, to } = boundsOf(search, asOf === undefined ? new Date() : new Date(asOf))
  const own = { from: search.from ?? dayOf(from), to: search.to ?? dayOf(new Date(to.getTime() - 1)) }
  const choose = (chosen: string) =>
    void navigate({ search: chosen === 'custom' ? { range: 'custom', ...own } : { range: chosen as keyof typeof presets } })
  const move = (change: Partial<typeof own>) => {
    const next = { ...own, ...change }
    if (next.from !== '' && next.to !== '' && next.from <= next.to) void navigate({ search: { range: 'custom', ...next } })
  }
  return (
    <>
      <Segmented
        aria-label={t('report.choose')}
        value={range}
        onChange={choose}
        options={[...Object.keys(presets), 'custom'].map((value) => ({ value, label: t(`report.range.${value as 'today'}`) }))}
      />
      {range === 'custom' && (
        <>
          {(['from', 'to'] as const).map((end) => (
            <input
              key={end}
              type="date"
              className="day-input"
              aria-label={t(`report.${end}`)}
              value={own[end]}
              onChange={(event) => move({ [end]: event.target.value })}
            />
          ))}
        </>
      )}
    </>
  )
}

/** The range it is compared with, as words. */
function useSpan(search: ReportSearch, report: Report): string {
  const t = useText()
  const { days } = boundsOf(search, new Date(report.asOf))
  return search.range === 'today' ? t('report.span.today') : t('report.span.days', { n: days })
}

function Figures({ report, search }: { readonly report: Report; readonly search: ReportSearch }) {
  const t = useText()
  const format = useFormat()
  const before = useSpan(search, report)
  const span = report.before === undefined ? undefined : before
  const { days } = boundsOf(search, new Date(report.asOf))
  if (days > DAYS_MAX) return <Nothing title={t('report.tooLong', { n: DAYS_MAX })} />
  return (
    <>
      <p className="muted">
        {t('report.asOf', { at: format.at(report.asOf), from: format.at(report.range.from), to: format.at(report.range.to) })}
        {span === undefined && ` ${t('report.noBefore')}`}
      </p>
      {report.behind > BEHIND_TOLD && (
        <Alert type="info" showIcon title={t('report.behind', { n: format.number(report.behind) })} style={{ marginBottom: 12 }} />
      )}
      {report.range.placed === 0 && report.range.exceptions === 0 ? (
        <Nothing
          title={t(report.behind > BEHIND_TOLD ? 'report.coming' : 'report.empty')}
          hint={t(report.behind > BEHIND_TOLD ? 'report.coming.hint' : 'report.empty.hint')}
        />
      ) : (
        <div className="grid">
          <Tiles report={report} span={span} />
          <DaysCard report={report} span={span} />
          <StagesCard report={report} span={span} />
          <div className="span-5 stack">
            <ChannelsCard report={report} span={span} />
            <Kinds report={report} span={span} />
          </div>
          <HeatCard report={report} span={span} />
        </div>
      )}
    </>
  )
}

function Tiles({ report, span }: { readonly report: Report; readonly span: string | undefined }) {
  const t = useText()
  const format = useFormat()
  const { range, before, currency } = report
  const points = (difference: number) => t('report.points', { n: format.number(Math.round(difference * 1000) / 10) })
  const money = (minor: number) => format.money(minor, currency)
  const share = (value: number) => format.percent(value)
  const orders = (n: number) => t('report.orders.n', { n: format.number(n) })
  const exceptions = (n: number) => t('report.exceptions.n', { n: format.number(n) })
  const tiles: readonly Tile[] = [
    { key: 'fulfilment', value: range.fulfilmentRate, was: before?.fulfilmentRate, good: 'more', say: share, by: points },
    { key: 'promise', value: range.keptRate, was: before?.keptRate, good: 'more', say: share, by: points },
    { key: 'placed', value: range.placed, was: before?.placed, good: 'neither', say: orders, by: orders },
    {
      key: 'exceptions',
      value: range.exceptions,
      was: before?.exceptions,
      good: 'less',
      say: exceptions,
      by: exceptions,
    },
    ...(range.cost === undefined
      ? []
      : [{ key: 'cost', value: range.cost.mean, was: before?.cost?.mean, good: 'less', say: money, by: money } as const]),
    { key: 'co2e', value: range.co2e.meanGrams, was: before?.co2e.meanGrams, good: 'less', say: format.grams, by: format.grams },
  ]
  return tiles.map((tile) => (
    <Card key={tile.key} size="small" className="span-2" title={t(`report.tile.${tile.key}`)}>
      <div className="tile-value">{tile.value === undefined ? '–' : tile.say(tile.value)}</div>
      <div className="muted">{t(`report.tile.${tile.key}.hint`)}</div>
      <Delta now={tile.value} before={tile.was} good={tile.good} say={tile.by} span={span} />
    </Card>
  ))
}
type Tile = {
  readonly key: 'fulfilment' | 'promise' | 'placed' | 'exceptions' | 'cost' | 'co2e'
  readonly value: number | undefined
  readonly was: number | undefined
  readonly good: Good
  readonly say: (value: number) => string
  readonly by: (difference: number) => string
}

function Kinds({ report, span }: { readonly report: Report; readonly span: string | undefined }) {
  const t = useText()
  const word = useWord()
  const format = useFormat()
  const { kinds } = report.range
  const was = new Map(report.before?.kinds.map((one) => [one.kind, one.exceptions]))
  return (
    <Card size="small" title={t('report.kinds')}>
      {kinds.length === 0 && <Nothing title={t('report.kinds.none')} />}
      <div className="stack">
        {kinds.map(({ kind, exceptions }) => (
          <div key={kind} className="kind">
            <span>{word('report.exception', kind)}</span>
            <strong className="num">{format.number(exceptions)}</strong>
            <span>
              <Delta
                now={exceptions}
                before={was.get(kind) ?? (report.before === undefined ? undefined : 0)}
                good="less"
                say={format.number}
                span={span}
              />
            </span>
          </div>
        ))}
      </div>
    </Card>
  )
}
