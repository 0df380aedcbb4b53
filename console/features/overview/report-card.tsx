import { Card } from 'antd'
import { useText } from '../../i18n/language.tsx'
import { Chart, type ChartOption } from '../../ui/chart.tsx'

export type Cell = string | number
export type ReportTable = { readonly head: readonly string[]; readonly rows: readonly (readonly Cell[])[] }

/** A chart and the same numbers as a table, for whoever cannot or will not read the chart. */
export function ReportCard(props: {
  readonly title: string
  readonly className?: string
  readonly option: ChartOption
  readonly height: number
  readonly table: ReportTable
  readonly hint?: string
}) {
  const t = useText()
  const { head, rows } = props.table
  return (
    <Card size="small" {...(props.className === undefined ? {} : { className: props.className })} title={props.title}>
      {props.hint !== undefined && <p className="muted report-hint">{props.hint}</p>}
      <Chart label={props.title} option={props.option} height={props.height} />
      <details className="as-table">
        <summary>{t('report.table')}</summary>
        <div tabIndex={0} role="group" aria-label={props.title}>
          <table>
            <caption className="unseen">{props.title}</caption>
            <thead>
              <tr>
                {head.map((name) => (
                  <th key={name} scope="col">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map(([first, ...rest]) => (
                <tr key={first}>
                  <th scope="row">{first}</th>
                  {rest.map((cell, i) => (
                    <td key={head[i + 1]}>{cell}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </Card>
  )
}
