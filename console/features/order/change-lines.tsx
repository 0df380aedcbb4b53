import { AutoComplete, Button, InputNumber, Table, Tooltip } from 'antd'
import { useState } from 'react'
import { useFormat } from '../../i18n/format.ts'
import { useText } from '../../i18n/language.tsx'
import { MoneyInput } from '../../ui/money-input.tsx'
import { useNarrow } from '../../ui/use-narrow.ts'
import { useItemsLike } from '../network/facts.ts'
import './change.css'
import { type Added, keptOf, type LineWish, wantedOf } from './change-edits.ts'
import type { Line, Order } from './order.ts'

type Wishes = Readonly<Record<string, LineWish>>
const nameOf = (line: Line): string => line.name ?? line.sku

type Edit = { readonly order: Order; readonly wishes: Wishes; readonly onChange: (wishes: Wishes) => void }

/** The order's lines with what is to become of each; what is packed or has left says why it stands. */
export function EditedLines(props: Edit) {
  const t = useText()
  const isNarrow = useNarrow()
  const lines = props.order.lines.filter((line) => wantedOf(line) > 0)
  if (isNarrow)
    return (
      <ul className="change-lines" aria-label={t('change.lines')}>
        {lines.map((line) => (
          <li key={line.lineRef}>
            <strong>{nameOf(line)}</strong>
            <Standing line={line} />
            <div className="change-wishes">
              <label>
                {t('change.col.quantity')}
                <QuantityWish line={line} {...props} />
              </label>
              {moneyWishes.map((what) => (
                <label key={what}>
                  {t(`change.col.${what}`)}
                  <MoneyWish line={line} what={what} {...props} />
                </label>
              ))}
            </div>
          </li>
        ))}
      </ul>
    )
  return (
    <Table<Line>
      rowKey="lineRef"
      size="small"
      pagination={false}
      scroll={{ x: true }}
      dataSource={lines}
      columns={[
        {
          title: t('change.lines'),
          key: 'item',
          render: (_, line) => (
            <>
              {nameOf(line)}
              <Standing line={line} />
            </>
          ),
        },
        { title: t('change.col.quantity'), key: 'quantity', render: (_, line) => <QuantityWish line={line} {...props} /> },
        ...moneyWishes.map((what) => ({
          title: t(`change.col.${what}`),
          key: what,
          render: (_: unknown, line: Line) => <MoneyWish line={line} what={what} {...props} />,
        })),
      ]}
    />
  )
}

const put = ({ wishes, onChange }: Edit, lineRef: string, wish: LineWish): void =>
  onChange({ ...wishes, [lineRef]: { ...wishes[lineRef], ...wish } })

function QuantityWish({ line, ...edit }: Edit & { readonly line: Line }) {
  const t = useText()
  return (
    <InputNumber
      aria-label={t('change.quantity', { item: nameOf(line) })}
      min={keptOf(line)}
      max={1_000_000}
      precision={0}
      style={{ width: 90 }}
      value={edit.wishes[line.lineRef]?.quantity ?? wantedOf(line)}
      onChange={(quantity) => put(edit, line.lineRef, { quantity: quantity ?? wantedOf(line) })}
    />
  )
}

const moneyWishes = ['price', 'discount'] as const

function MoneyWish({ line, what, ...edit }: Edit & { readonly line: Line; readonly what: (typeof moneyWishes)[number] }) {
  const t = useText()
  const wish = edit.wishes[line.lineRef]
  return (
    <MoneyInput
      currency={edit.order.currency}
      label={t(`change.${what}`, { item: nameOf(line) })}
      disabled={line.shipped > 0 || line.unitPrice === undefined}
      value={what === 'price' ? (wish?.unitPrice ?? line.unitPrice ?? 0) : (wish?.discount ?? line.discount ?? 0)}
      onChange={(minor) => put(edit, line.lineRef, what === 'price' ? { unitPrice: minor } : { discount: minor })}
    />
  )
}

function Standing({ line }: { readonly line: Line }) {
  const t = useText()
  const format = useFormat()
  const says = [
    ...(line.packed > 0 ? [t('change.packed', { n: format.number(line.packed) })] : []),
    ...(line.shipped > 0 ? [t('change.shipped')] : []),
  ]
  return <div className="muted">{says.join(' · ')}</div>
}

/** Items that come new into the order. */
export function AddedLines(props: {
  readonly order: Order
  readonly added: readonly Added[]
  readonly onChange: (added: readonly Added[]) => void
}) {
  const t = useText()
  const { added, onChange, order } = props
  const set = (i: number, part: Partial<Added>) => onChange(added.map((one, k) => (k === i ? { ...one, ...part } : one)))
  return (
    <div className="stack" style={{ gap: 8 }}>
      {added.map((one, i) => (
        <div key={i} className="change-added">
          <ItemField value={one.sku} onChange={(sku) => set(i, { sku })} />
          <InputNumber
            aria-label={t('change.col.quantity')}
            min={1}
            max={1_000_000}
            precision={0}
            style={{ width: 90 }}
            value={one.quantity}
            onChange={(quantity) => set(i, { quantity: quantity ?? 1 })}
          />
          <MoneyInput
            currency={order.currency}
            label={t('change.col.price')}
            value={one.unitPrice}
            onChange={(unitPrice) => set(i, { unitPrice })}
          />
          <Tooltip title={t('change.remove')}>
            <Button aria-label={t('change.remove')} onClick={() => onChange(added.filter((_, k) => k !== i))}>
              ✕
            </Button>
          </Tooltip>
        </div>
      ))}
      <Button style={{ alignSelf: 'flex-start' }} onClick={() => onChange([...added, { sku: '', quantity: 1, unitPrice: 0 }])}>
        {t('change.add')}
      </Button>
    </div>
  )
}

/** An item by a part of its SKU or name, found by the hub; what is typed counts as it is. */
function ItemField({ value, onChange }: { readonly value: string; readonly onChange: (sku: string) => void }) {
  const t = useText()
  const [typed, setTyped] = useState('')
  const items = useItemsLike(typed)
  return (
    <AutoComplete
      aria-label={t('change.add.item')}
      placeholder={t('change.add.find')}
      style={{ flex: 1, minWidth: 200 }}
      value={value}
      showSearch={{ onSearch: setTyped }}
      onChange={onChange}
      options={items}
    />
  )
}
