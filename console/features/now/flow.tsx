import { Link } from '@tanstack/react-router'
import { Card } from 'antd'
import { useFormat } from '../../i18n/format.ts'
import { useText, useWord } from '../../i18n/language.tsx'
import { phaseColors } from '../../ui/tags.tsx'
import { listedPhases } from '../orders/order-search.ts'
import { ordersIn, type Overview } from './overview.ts'

const steps = ['placed', 'accepted', 'taken', 'started', 'packed', 'handedOver', 'delivered'] as const

/** Where open orders stand, and how many came how far within the last hour. */
export function Flow({ overview }: { readonly overview: Overview }) {
  const t = useText()
  const word = useWord()
  const format = useFormat()
  const rows = listedPhases
    .filter((phase) => phase !== 'complete' && phase !== 'cancelled')
    .map((phase) => [phase, ordersIn(overview, phase)] as const)
  const most = Math.max(1, ...rows.map(([, orders]) => orders))
  const all = Math.max(
    1,
    rows.reduce((sum, [, orders]) => sum + orders, 0),
  )
  return (
    <Card size="small" title={t('now.funnel')} extra={<span className="muted">{t('now.funnel.hint')}</span>}>
      <div className="funnel shares">
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
          <span key={`${phase}-share`} className="num muted">
            {format.percent(orders / all)}
          </span>,
        ])}
      </div>
      <h2 className="small-head">{t('now.hour')}</h2>
      <ol className="steps">
        {steps.map((step) => (
          <li key={step}>
            <strong className="num">{format.number(overview.lastHour[step])}</strong>
            <span>{word('now.step', step)}</span>
          </li>
        ))}
      </ol>
    </Card>
  )
}
