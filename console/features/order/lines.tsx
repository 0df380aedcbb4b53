import { Link } from '@tanstack/react-router'
import { Card, Table, Tag } from 'antd'
import { useFormat } from '../../i18n/format.ts'
import { useText } from '../../i18n/language.tsx'
import { useNarrow } from '../../ui/use-narrow.ts'
import { useMay } from '../session/session.ts'
import { Ledger } from './ledger.tsx'
import type { Line, Order } from './order.ts'
import './lines.css'
import { sumOf } from './order-sum.ts'
import { useAttributeWords } from './said-card.tsx'

/** What was ordered, where its units are, and what it comes to. */
export function Lines({ order }: { readonly order: Order }) {
  const t = useText()
  const isNarrow = useNarrow()
  return (
    <Card size="small" title={t('order.lines')}>
      {isNarrow ? <LineList order={order} /> : <LineTable order={order} />}
      <Sum order={order} />
    </Card>
  )
}

/** Of a line's attributes: that it is digital stands beside its name. */
function Item({ line }: { readonly line: Line }) {
  const t = useText()
  const may = useMay()
  const { digital: _, ...attributes } = line.attributes ?? {}
  const said = useAttributeWords()(attributes)
  return (
    <>
      {line.name ?? line.sku} {line.isDigital && <Tag>{t('order.line.digital')}</Tag>}
      {may('stock.read') ? (
        <Link className="mono" to="/stock" search={{ sku: line.sku }} style={{ display: 'block' }}>
          {line.sku}
        </Link>
      ) : (
        <div className="mono">{line.sku}</div>
      )}
      {said.length > 0 && <div className="muted line-said">{said.map(([name, value]) => `${name} ${value}`).join(' · ')}</div>}
    </>
  )
}

/** What the line comes to, and what was taken off its price for that. */
function LineTotal({ line, currency }: { readonly line: Line; readonly currency: string }) {
  const t = useText()
  const format = useFormat()
  if (line.total === undefined) return <span className="num">–</span>
  return (
    <div className="num">
      {format.money(line.total, currency)}
      {line.discount !== undefined && line.discount !== 0 && (
        <div className="muted">{t('order.line.discount', { amount: format.money(-line.discount, currency) })}</div>
      )}
    </div>
  )
}

function LineTable({ order }: { readonly order: Order }) {
  const t = useText()
  const format = useFormat()
  const { currency } = order
  return (
    <Table<Line>
      rowKey="lineRef"
      size="small"
      pagination={false}
      scroll={{ x: 'max-content' }}
      dataSource={order.lines}
      columns={[
        { title: t('order.line.item'), key: 'item', render: (_, line) => <Item line={line} /> },
        { title: t('order.line.quantity'), key: 'quantity', align: 'end', render: (_, line) => format.number(line.quantity) },
        { title: t('order.line.ledger'), key: 'ledger', render: (_, line) => <Ledger line={line} /> },
        {
          title: t('order.line.price'),
          key: 'price',
          align: 'end',
          render: (_, line) => <span className="num">{line.unitPrice === undefined ? '–' : format.money(line.unitPrice, currency)}</span>,
        },
        { title: t('order.line.total'), key: 'total', align: 'end', render: (_, line) => <LineTotal line={line} currency={currency} /> },
      ]}
    />
  )
}

/** The same on a phone: one line below the other, nothing beyond the edge. */
function LineList({ order }: { readonly order: Order }) {
  const format = useFormat()
  return (
    <ul className="order-lines">
      {order.lines.map((line) => (
        <li key={line.lineRef}>
          <div className="between">
            <div>
              <strong className="num">{format.number(line.quantity)} ×</strong> <Item line={line} />
            </div>
            <LineTotal line={line} currency={order.currency} />
          </div>
          <Ledger line={line} />
        </li>
      ))}
    </ul>
  )
}

/** From the goods to what the order costs; what is nothing is left out. */
function Sum({ order }: { readonly order: Order }) {
  const t = useText()
  const format = useFormat()
  if (order.totals === undefined) return null
  return (
    <dl className="order-sum">
      {sumOf(order.totals).map(({ part, amount }) => (
        <div key={part} className={part === 'total' ? 'between whole' : 'between'}>
          <dt>{t(`order.sum.${part}`)}</dt>
          <dd className="num">{format.money(amount, order.currency)}</dd>
        </div>
      ))}
    </dl>
  )
}
