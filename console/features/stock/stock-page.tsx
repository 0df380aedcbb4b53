import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { AutoComplete, Button, Card, Form, Input, InputNumber, Modal, Select, Statistic } from 'antd'
import { useCallback, useMemo, useState } from 'react'
import { type Answer, hub, ProblemError } from '../../api/hub.ts'
import { type LongList, useLongList } from '../../api/long-list.ts'
import { useFormat } from '../../i18n/format.ts'
import { useText, useWord } from '../../i18n/language.tsx'
import { type Column, LongTable } from '../../ui/long-table.tsx'
import { Loaded, Nothing, ProblemAlert } from '../../ui/states.tsx'
import { useNarrow } from '../../ui/use-narrow.ts'
import { useUndo } from '../../ui/use-undo.tsx'
import { useFactNames, useItemsLike } from '../network/facts.ts'
import { useMay } from '../session/session.ts'

type Position = Answer<'stock.list'>['items'][number]
const reasons = ['correction', 'count', 'damage', 'loss', 'receipt', 'return', 'transfer'] as const
type Given = { readonly delta: number; readonly reason: (typeof reasons)[number] }

const PAGE = 200
const keyOf = (position: Position): string => `${position.sku}@${position.nodeId}`

/** What every node has of an item and can promise of it, and the correction of a count. */
export function StockPage() {
  const t = useText()
  const search = useSearch({ from: '/stock' })
  const navigate = useNavigate({ from: '/stock' })
  const onItem = useCallback((sku: string) => void navigate({ search: { sku } }), [navigate])
  const asked = useLongList<Position>({
    key: ['stock', search],
    ask: (cursor, signal) =>
      hub.call('stock.list', { query: { ...search, limit: PAGE, ...(cursor === undefined ? {} : { cursor }) } }, { signal }),
    keyOf,
  })
  return (
    <div className="page">
      <div className="head">
        <h1>{t('stock.title')}</h1>
        <ItemSearch key={search.sku ?? ''} sku={search.sku ?? ''} onItem={(sku) => void navigate({ search: sku === '' ? {} : { sku } })} />
        {search.sku === undefined ? <span className="muted">{t('stock.hint')}</span> : <ItemName sku={search.sku} />}
      </div>
      <Loaded of={asked}>
        {(positions) => (
          <div className="stack">
            {search.sku !== undefined && <Promisable sku={search.sku} />}
            <Positions positions={positions} list={asked} onItem={onItem} />
          </div>
        )}
      </Loaded>
    </div>
  )
}

/** An item by its SKU, or by a part of its name out of what the hub finds. */
function ItemSearch({ sku, onItem }: { readonly sku: string; readonly onItem: (sku: string) => void }) {
  const t = useText()
  const [typed, type] = useState('')
  const items = useItemsLike(typed)
  return (
    <AutoComplete
      defaultValue={sku}
      options={items}
      style={{ width: 'min(320px, 90vw)' }}
      showSearch={{ onSearch: (text: string) => type(text.trim()) }}
      onSelect={onItem}
    >
      <Input.Search
        allowClear
        placeholder={t('stock.search')}
        aria-label={t('stock.search')}
        onSearch={(text) => onItem(items.length === 1 ? (items[0]?.value ?? text.trim()) : text.trim())}
      />
    </AutoComplete>
  )
}

/** What people call the item. */
function ItemName({ sku }: { readonly sku: string }) {
  const may = useMay()
  const asked = useQuery({
    queryKey: ['facts', 'item', sku],
    enabled: may('facts.read'),
    queryFn: () => hub.call('item.get', { params: { sku } }),
    retry: false,
  })
  return asked.data === undefined ? null : <strong>{asked.data.name}</strong>
}

function Promisable({ sku }: { readonly sku: string }) {
  const t = useText()
  const may = useMay()
  const asked = useQuery({
    queryKey: ['stock', sku, 'availability'],
    enabled: may('availability.read'),
    queryFn: () => hub.call('availability.get', { query: { sku } }),
  })
  if (asked.error instanceof ProblemError) return <ProblemAlert error={asked.error} />
  if (asked.data === undefined) return null
  const coming = asked.data.nodes.reduce((sum, node) => sum + node.supply.reduce((all, one) => all + one.quantity, 0), 0)
  return (
    <div className="row">
      <Card size="small">
        <Statistic
          title={t('stock.available')}
          value={asked.data.available}
          suffix={
            <small className="muted">
              {t('stock.units', { n: asked.data.available })} ·{' '}
              {t('stock.over', { n: asked.data.nodes.filter((one) => one.available > 0).length })}
            </small>
          }
        />
      </Card>
      <Card size="small">
        <Statistic
          title={t('stock.col.supply')}
          value={coming}
          suffix={<small className="muted">{t('stock.units', { n: coming })}</small>}
        />
      </Card>
    </div>
  )
}

type PositionsGiven = {
  readonly positions: readonly Position[]
  readonly list: LongList<Position>
  readonly onItem: (sku: string) => void
}
function Positions({ positions, list, onItem }: PositionsGiven) {
  const t = useText()
  const [adjusted, adjust] = useState<Position>()
  const columns = useColumns(onItem, adjust)
  return (
    <>
      <LongTable<Position>
        label={t('stock.title')}
        rows={positions}
        keyOf={keyOf}
        columns={columns}
        isStale={list.isStale}
        isMore={list.isMore}
        isFull={list.isFull}
        see={list.see}
        empty={<Nothing title={t('stock.empty')} hint={t('stock.empty.hint')} />}
      />
      {adjusted !== undefined && <Adjust position={adjusted} onClose={() => adjust(undefined)} />}
    </>
  )
}

function useColumns(onItem: (sku: string) => void, adjust: (position: Position) => void): readonly Column<Position>[] {
  const t = useText()
  const format = useFormat()
  const may = useMay()('stock.write')
  const isNarrow = useNarrow()
  const { nodes } = useFactNames()
  return useMemo(() => {
    const number = (of: (position: Position) => number) => ({
      align: 'end' as const,
      render: (position: Position) => <span className="num">{format.number(of(position))}</span>,
      compare: (a: Position, b: Position) => of(a) - of(b),
    })
    return [
      {
        title: t('order.line.item'),
        key: 'sku',
        share: 18,
        render: (position) => (
          <>
            <Button type="link" size="small" style={{ paddingInline: 0 }} onClick={() => onItem(position.sku)}>
              {position.name ?? position.sku}
            </Button>
            {isNarrow ? (
              <div className="muted">{nodes.get(position.nodeId) ?? position.nodeId}</div>
            ) : (
              position.name !== undefined && <div className="mono muted">{position.sku}</div>
            )}
          </>
        ),
      },
      {
        title: t('stock.col.node'),
        key: 'node',
        share: 15,
        from: 'md',
        render: (position) => nodes.get(position.nodeId) ?? position.nodeId,
      },
      { title: t('stock.col.onHand'), key: 'onHand', share: 10, ...number((position) => position.onHand) },
      { title: t('stock.col.soft'), key: 'soft', share: 13, from: 'lg', ...number((position) => position.soft) },
      { title: t('stock.col.firm'), key: 'firm', share: 12, from: 'lg', ...number((position) => position.firm) },
      { title: t('stock.col.committed'), key: 'committed', share: 10, from: 'md', ...number((position) => position.committed) },
      { title: t('stock.col.safety'), key: 'safety', share: 10, from: 'lg', ...number((position) => position.safety) },
      { title: t('stock.col.available'), key: 'available', share: 12, ...number((position) => position.available) },
      ...(may ? [{ title: '', key: 'adjust', share: 12, align: 'end' as const, render: adjustButton }] : []),
    ]
    function adjustButton(position: Position) {
      return (
        <Button size="small" onClick={() => adjust(position)}>
          {t('stock.adjust')}
        </Button>
      )
    }
  }, [t, format, may, nodes, isNarrow, adjust, onItem])
}

function Adjust({ position, onClose }: { readonly position: Position; readonly onClose: () => void }) {
  const t = useText()
  const word = useWord()
  const format = useFormat()
  const queries = useQueryClient()
  const [form] = Form.useForm<Given>()
  const delta = Form.useWatch('delta', form) ?? 0
  const { sku, nodeId, onHand } = position
  const { nodes } = useFactNames()
  const offerUndo = useUndo()
  const change = async (given: Given): Promise<void> => {
    const answer = await hub.call('stock.adjust', { body: [{ sku, nodeId, ...given }] })
    const problem = answer.results[0]?.problem
    if (problem !== undefined) throw new ProblemError(problem, undefined)
    await queries.invalidateQueries({ queryKey: ['stock'] })
  }
  const send = useMutation({
    mutationFn: change,
    onSuccess: (_, given) => {
      const what = t('stock.adjusted', { sku: position.name ?? sku, n: `${given.delta > 0 ? '+' : ''}${format.number(given.delta)}` })
      // A move is never struck out: taking it back is a move the other way, and both stay in the ledger.
      offerUndo(what, () => change({ delta: -given.delta, reason: 'correction' }))
      onClose()
    },
  })
  return (
    <Modal
      open
      title={`${t('stock.adjust')} · ${position.name ?? sku} · ${nodes.get(nodeId) ?? nodeId}`}
      okText={t('stock.adjust')}
      cancelText={t('state.cancel')}
      okButtonProps={{ disabled: delta === 0, loading: send.isPending }}
      onCancel={onClose}
      onOk={() => form.submit()}
    >
      <Form form={form} layout="vertical" initialValues={{ reason: 'correction' }} onFinish={(given) => send.mutate(given)}>
        <Form.Item name="delta" label={t('stock.adjust.delta')}>
          <InputNumber precision={0} autoFocus placeholder="0" style={{ width: '100%' }} />
        </Form.Item>
        <Form.Item name="reason" label={t('stock.adjust.reason')}>
          <Select options={reasons.map((value) => ({ value, label: word('stockReason', value) }))} />
        </Form.Item>
      </Form>
      <p>{t('stock.adjust.effect', { from: format.number(onHand), to: format.number(onHand + delta) })}</p>
      {send.error !== null && <ProblemAlert error={send.error} />}
    </Modal>
  )
}
