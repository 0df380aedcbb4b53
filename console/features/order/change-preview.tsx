import { Alert } from 'antd'
import { useFormat } from '../../i18n/format.ts'
import { useText } from '../../i18n/language.tsx'
import { useFactNames } from '../network/facts.ts'
import type { Order } from './order.ts'

export type Change = NonNullable<Order['changes']>[number]

/** What a proposed change would make of the order: money, stock at each node, promise; before and after beside each other. */
export function ChangePreview({ order, change }: { readonly order: Order; readonly change: Change }) {
  const t = useText()
  const format = useFormat()
  const { total, due, payFirst, dueBack, backordered, deliverBy } = change.preview
  const money = (minor: number) => format.money(minor, order.currency)
  const day = (at: string | undefined) => (at === undefined ? t('change.preview.noPromise') : format.at(at))
  const rows = [
    [t('change.preview.total'), money(total.before), money(total.after)],
    [t('change.preview.due'), money(due.before), money(due.after)],
    [t('change.preview.promise'), day(deliverBy.before), day(deliverBy.after)],
  ] as const
  return (
    <div className="stack" style={{ gap: 8 }}>
      {rows.map(([name, before, after]) => (
        <div key={name} className="between">
          <span>{name}</span>
          <span className="num">{before === after ? after : `${before} → ${after}`}</span>
        </div>
      ))}
      <StockMoves order={order} stock={change.preview.stock} />
      {payFirst > 0 && <Alert type="warning" showIcon title={t('change.preview.payFirst', { amount: money(payFirst) })} />}
      {dueBack > 0 && <Alert type="info" showIcon title={t('change.preview.dueBack', { amount: money(dueBack) })} />}
      {backordered > 0 && <Alert type="warning" showIcon title={t('change.preview.backordered', { n: format.number(backordered) })} />}
    </div>
  )
}

/** Units more or fewer at each node, in words. */
export function StockMoves({ order, stock }: { readonly order: Order; readonly stock: Change['preview']['stock'] }) {
  const t = useText()
  const format = useFormat()
  const { nodes } = useFactNames()
  const names = new Map(order.lines.map((line) => [line.sku, line.name ?? line.sku]))
  if (stock.length === 0)
    return (
      <div className="between">
        <span>{t('change.preview.stock')}</span>
        <span className="muted">{t('change.preview.stock.none')}</span>
      </div>
    )
  return stock.map(({ sku, nodeId, units }) => (
    <div key={`${sku}-${nodeId}`} className="between">
      <span>
        {names.get(sku) ?? sku} · {nodes.get(nodeId) ?? nodeId}
      </span>
      <span className="num">{units > 0 ? `+${format.number(units)}` : format.number(units)}</span>
    </div>
  ))
}
