import { theme } from 'antd'
import { useMemo } from 'react'
import { useFormat } from '../../i18n/format.ts'
import { useText, useWord } from '../../i18n/language.tsx'
import { durationAxis } from './duration-axis.ts'
import { ReportCard } from './report-card.tsx'
import type { Report } from './report.ts'

/** `span`: the range it is compared with, as words; undefined where there is none. */
type Props = { readonly report: Report; readonly span: string | undefined }

function useColours() {
  const { token } = theme.useToken()
  return useMemo(
    () => ({
      fulfilled: token.colorPrimary,
      open: token.colorInfo,
      cancelled: '#8a8f8d',
      late: token.colorError,
      before: token.colorTextQuaternary,
      text: token.colorTextSecondary,
      line: token.colorBorderSecondary,
      paper: token.colorBgContainer,
      hot: [token.colorFillQuaternary, '#e0a04a', token.colorError],
    }),
    [token],
  )
}

/** The labels of the axes lie inside the chart. */
const WHOLE = { outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' } as const
/** Nodes that are drawn; the table has all that the report has. */
const NODES_DRAWN = 16

function useAxes() {
  const { text, line } = useColours()
  return useMemo(() => {
    const axis = { axisLabel: { color: text }, axisLine: { lineStyle: { color: line } }, splitLine: { lineStyle: { color: line } } }
    return { axis, legend: { textStyle: { color: text }, top: 0 }, grid: { ...WHOLE, left: 8, right: 20, top: 36, bottom: 8 } }
  }, [text, line])
}

type Axis = ReturnType<typeof useAxes>['axis']
/** An axis of names, the first on top; a long one is cut, whole in the table. */
const named = (names: readonly string[], axis: Axis) => ({
  type: 'category',
  inverse: true,
  data: names,
  ...axis,
  axisLabel: { ...axis.axisLabel, width: 104, overflow: 'truncate' },
})

/** What counts as hottest: beyond what all but the worst fiftieth of the cells reach, so that one bad hour does not make the others pale. */
function hotOf(cells: readonly number[]): number {
  const some = cells.filter((n) => n > 0).toSorted((a, b) => a - b)
  return Math.max(1, some[Math.floor(some.length * 0.98) - 1] ?? some.at(-1) ?? 1)
}

/** What became of the orders of each day. */
export function DaysCard({ report }: Props) {
  const t = useText()
  const format = useFormat()
  const colours = useColours()
  const { axis, legend, grid } = useAxes()
  const { days } = report.range
  const outcomes = ['fulfilled', 'open', 'cancelled'] as const
  const option = useMemo(
    () => ({
      legend,
      grid,
      tooltip: { trigger: 'axis' },
      xAxis: { type: 'category', data: days.map((one) => format.date(one.day)), ...axis },
      yAxis: { type: 'value', minInterval: 1, ...axis },
      series: outcomes.map((outcome) => ({
        type: 'bar',
        stack: 'orders',
        barMaxWidth: 36,
        name: t(`report.${outcome}`),
        color: colours[outcome],
        data: days.map((one) => one[outcome]),
      })),
    }),
    [days, format, t, colours, axis, legend, grid],
  )
  const table = {
    head: [t('report.day'), t('report.placed'), ...outcomes.map((one) => t(`report.${one}`)), t('report.kept'), t('report.broken')],
    rows: days.map((one) => [
      format.date(one.day),
      ...[one.placed, one.fulfilled, one.open, one.cancelled, one.kept, one.broken].map(format.number),
    ]),
  }
  return <ReportCard className="span-7" title={t('report.days')} option={option} height={280} table={table} />
}

/** How long orders take in each stage, beside the range before. */
export function StagesCard({ report, span }: Props) {
  const t = useText()
  const word = useWord()
  const format = useFormat()
  const colours = useColours()
  const { axis, legend, grid } = useAxes()
  const rows = report.range.stages.map((one, i) => ({
    ...one,
    title: word('report.stage', one.stage),
    was: report.before?.stages[i]?.meanMs,
  }))
  const duration = (ms: number | undefined) => (ms === undefined ? '–' : format.duration(ms))
  const option = useMemo(
    () => ({
      legend,
      grid,
      tooltip: {
        trigger: 'axis',
        axisPointer: { type: 'shadow' },
        valueFormatter: (ms: unknown) => (typeof ms === 'number' ? format.duration(ms) : '–'),
      },
      xAxis: {
        type: 'value',
        ...durationAxis(rows.flatMap((one) => [one.meanMs ?? 0, one.was ?? 0])),
        ...axis,
        axisLabel: { ...axis.axisLabel, hideOverlap: true, formatter: (ms: number) => (ms === 0 ? '0' : format.duration(ms)) },
      },
      yAxis: named(
        rows.map((one) => one.title),
        axis,
      ),
      series: [
        { type: 'bar', name: t('report.range'), color: colours.fulfilled, data: rows.map((one) => one.meanMs ?? null) },
        ...(span === undefined ? [] : [{ type: 'bar', name: span, color: colours.before, data: rows.map((one) => one.was ?? null) }]),
      ],
    }),
    [rows, span, format, t, colours, axis, legend, grid],
  )
  const table = {
    head: [t('report.stage'), t('report.orders'), t('report.mean'), ...(span === undefined ? [] : [span])],
    rows: rows.map((one) => [
      one.title,
      format.number(one.orders),
      duration(one.meanMs),
      ...(span === undefined ? [] : [duration(one.was)]),
    ]),
  }
  return (
    <ReportCard className="span-5" title={t('report.stages')} hint={t('report.stages.hint')} option={option} height={280} table={table} />
  )
}

/** The share of dated promises that each channel kept. */
export function ChannelsCard({ report, span }: Props) {
  const t = useText()
  const format = useFormat()
  const colours = useColours()
  const { axis, legend, grid } = useAxes()
  const before = new Map(report.before?.channels.map((one) => [one.channelId, one.keptRate]))
  const rows = report.range.channels.map((one) => ({ ...one, name: one.channelName ?? one.channelId, was: before.get(one.channelId) }))
  const share = (value: number | undefined) => (value === undefined ? '–' : format.percent(value))
  const option = useMemo(
    () => ({
      legend,
      grid,
      tooltip: {
        trigger: 'axis',
        axisPointer: { type: 'shadow' },
        valueFormatter: (value: unknown) => (typeof value === 'number' ? format.percent(value) : '–'),
      },
      xAxis: {
        type: 'value',
        min: 0,
        max: 1,
        ...axis,
        axisLabel: { ...axis.axisLabel, formatter: (value: number) => format.percent(value) },
      },
      yAxis: named(
        rows.map((one) => one.name),
        axis,
      ),
      series: [
        { type: 'bar', name: t('report.range'), color: colours.fulfilled, data: rows.map((one) => one.keptRate ?? null) },
        ...(span === undefined ? [] : [{ type: 'bar', name: span, color: colours.before, data: rows.map((one) => one.was ?? null) }]),
      ],
    }),
    [rows, span, format, t, colours, axis, legend, grid],
  )
  const table = {
    head: [
      t('report.channel'),
      t('report.orders'),
      t('report.kept'),
      t('report.broken'),
      t('report.keptRate'),
      ...(span === undefined ? [] : [span]),
    ],
    rows: rows.map((one) => [
      one.name,
      ...[one.placed, one.kept, one.broken].map(format.number),
      share(one.keptRate),
      ...(span === undefined ? [] : [share(one.was)]),
    ]),
  }
  const height = Math.max(180, 70 + rows.length * 44)
  return <ReportCard title={t('report.channels')} hint={t('report.channels.hint')} option={option} height={height} table={table} />
}

/** When, and at which nodes, things go wrong. */
export function HeatCard({ report }: Props) {
  const t = useText()
  const format = useFormat()
  const colours = useColours()
  const { axis } = useAxes()
  const { heat } = report.range
  const rows = heat.map((one) => ({ ...one, name: one.nodeName ?? one.nodeId ?? t('report.noNode') }))
  const drawn = rows.slice(0, NODES_DRAWN)
  const hours = Array.from({ length: 24 }, (_, hour) => String(hour).padStart(2, '0'))
  const most = hotOf(heat.flatMap((one) => one.hours))
  const option = useMemo(
    () => ({
      grid: { ...WHOLE, left: 8, right: 16, top: 8, bottom: 56 },
      tooltip: {
        formatter: ({ value: [hour = 0, row = 0, n = 0] }: { readonly value: readonly number[] }) =>
          `${rows[row]?.name ?? ''} · ${t('report.hour', { hour: hours[hour] ?? '' })}: ${t('report.exceptions.n', { n: format.number(n) })}`,
      },
      xAxis: { type: 'category', data: hours, ...axis, splitLine: { show: false } },
      yAxis: named(
        drawn.map((one) => one.name),
        axis,
      ),
      visualMap: {
        min: 0,
        max: most,
        orient: 'horizontal',
        left: 'center',
        bottom: 0,
        itemHeight: 120,
        text: [format.number(most), '0'],
        inRange: { color: colours.hot },
        textStyle: { color: colours.text },
      },
      series: [
        {
          type: 'heatmap',
          itemStyle: { borderColor: colours.paper, borderWidth: 1 },
          data: drawn.flatMap((one, row) => one.hours.map((n, hour) => [hour, row, n])),
        },
      ],
    }),
    [rows, most, colours, axis, format, t],
  )
  const table = {
    head: [t('report.node'), t('report.total'), ...hours],
    rows: rows.map((one) => [one.name, ...[one.hours.reduce((sum, n) => sum + n, 0), ...one.hours].map(format.number)]),
  }
  const height = 120 + Math.max(3, drawn.length) * 26
  return (
    <ReportCard className="span-7" title={t('report.heat')} hint={t('report.heat.hint')} option={option} height={height} table={table} />
  )
}
