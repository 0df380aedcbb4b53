import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Button, Card, Form, Input, InputNumber, Modal, Select, Statistic, Table } from 'antd'
import { useState } from 'react'
import { type Answer, hub, ProblemError } from '../../api/hub.ts'
import { useFormat } from '../../i18n/format.ts'
import { useText, useWord } from '../../i18n/language.tsx'
import { Loaded, Nothing, ProblemAlert } from '../../ui/states.tsx'
import { allOf, useFactNames } from '../network/facts.ts'
import { useMay } from '../session/session.ts'

type Position = Answer<'stock.list'>['items'][number]
const reasons = ['correction', 'count', 'damage', 'loss', 'receipt', 'return', 'transfer'] as const
type Given = { readonly delta: number; readonly reason: (typeof reasons)[number] }

/** What every node has of an item and can promise of it, and the correction of a count. */
export function StockPage() {
  const t = useText()
  const search = useSearch({ from: '/stock' })
  const navigate = useNavigate({ from: '/stock' })
  const asked = useQuery({
    queryKey: ['stock', search.sku ?? ''],
    queryFn: () =>
      search.sku === undefined
        ? hub.call('stock.list', { query: { limit: 100 } }).then((page) => page.items)
        : allOf((cursor) =>
            hub.call('stock.list', { query: { sku: search.sku ?? '', limit: 1000, ...(cursor === undefined ? {} : { cursor }) } }),
          ),
    placeholderData: keepPreviousData,
  })
  return (
    <div className="page">
      <div className="head">
        <h1>{t('stock.title')}</h1>
        <Input.Search
          key={search.sku ?? ''}
          allowClear
          defaultValue={search.sku ?? ''}
          placeholder={t('stock.search')}
          aria-label={t('stock.search')}
          style={{ width: 'min(320px, 90vw)' }}
          onSearch={(sku) => void navigate({ search: sku.trim() === '' ? {} : { sku: sku.trim() } })}
        />
        {search.sku === undefined && <span className="muted">{t('stock.hint')}</span>}
      </div>
      <Loaded of={asked}>
        {(positions) => (
          <div className="stack">
            {search.sku !== undefined && <Promisable sku={search.sku} />}
            <Positions positions={positions} onItem={(sku) => void navigate({ search: { sku } })} />
          </div>
        )}
      </Loaded>
    </div>
  )
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
          suffix={<small className="muted">{t('stock.over', { n: asked.data.nodes.filter((one) => one.available > 0).length })}</small>}
        />
      </Card>
      <Card size="small">
        <Statistic title={t('stock.col.supply')} value={coming} />
      </Card>
    </div>
  )
}

function Positions({ positions, onItem }: { readonly positions: readonly Position[]; readonly onItem: (sku: string) => void }) {
  const t = useText()
  const format = useFormat()
  const may = useMay()
  const { nodes } = useFactNames()
  const [adjusted, adjust] = useState<Position>()
  const number = (of: (position: Position) => number) => ({
    align: 'end' as const,
    render: (_: unknown, position: Position) => <span className="num">{format.number(of(position))}</span>,
    sorter: (a: Position, b: Position) => of(a) - of(b),
  })
  return (
    <>
      <Table<Position>
        rowKey={(position) => `${position.sku}@${position.nodeId}`}
        size="small"
        scroll={{ x: true }}
        pagination={{ pageSize: 50, hideOnSinglePage: true, showSizeChanger: false }}
        dataSource={positions}
        locale={{ emptyText: <Nothing title={t('stock.empty')} /> }}
        columns={[
          {
            title: t('stock.search'),
            key: 'sku',
            render: (_, position) => (
              <Button type="link" size="small" onClick={() => onItem(position.sku)}>
                {position.sku}
              </Button>
            ),
          },
          { title: t('stock.col.node'), key: 'node', render: (_, position) => nodes.get(position.nodeId) ?? position.nodeId },
          { title: t('stock.col.onHand'), key: 'onHand', ...number((position) => position.onHand) },
          { title: t('stock.col.soft'), key: 'soft', ...number((position) => position.soft) },
          { title: t('stock.col.firm'), key: 'firm', ...number((position) => position.firm) },
          { title: t('stock.col.committed'), key: 'committed', ...number((position) => position.committed) },
          { title: t('stock.col.safety'), key: 'safety', ...number((position) => position.safety) },
          { title: t('stock.col.available'), key: 'available', ...number((position) => position.available) },
          {
            key: 'adjust',
            render: (_, position) =>
              may('stock.write') && (
                <Button size="small" onClick={() => adjust(position)}>
                  {t('stock.adjust')}
                </Button>
              ),
          },
        ]}
      />
      {adjusted !== undefined && <Adjust position={adjusted} onClose={() => adjust(undefined)} />}
    </>
  )
}

function Adjust({ position, onClose }: { readonly position: Position; readonly onClose: () => void }) {
  const t = useText()
  const word = useWord()
  const format = useFormat()
  const queries = useQueryClient()
  const [form] = Form.useForm<Given>()
  const delta = Form.useWatch('delta', form) ?? 0
  const { sku, nodeId, onHand } = position
  const send = useMutation({
    mutationFn: async (given: Given) => {
      const answer = await hub.call('stock.adjust', { body: [{ sku, nodeId, ...given }] })
      const problem = answer.results[0]?.problem
      if (problem !== undefined) throw new ProblemError(problem, undefined)
    },
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ['stock'] })
      onClose()
    },
  })
  return (
    <Modal
      open
      title={`${t('stock.adjust')} · ${sku}`}
      okText={t('order.action.sure')}
      cancelText={t('state.cancel')}
      okButtonProps={{ disabled: delta === 0, loading: send.isPending }}
      onCancel={onClose}
      onOk={() => form.submit()}
    >
      <Form form={form} layout="vertical" initialValues={{ delta: 0, reason: 'correction' }} onFinish={(given) => send.mutate(given)}>
        <Form.Item name="delta" label={t('stock.adjust.delta')}>
          <InputNumber precision={0} autoFocus style={{ width: '100%' }} />
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
