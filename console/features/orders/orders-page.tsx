import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { Button, Input, Select, Table, type TableColumnsType } from 'antd'
import { useMemo, useState } from 'react'
import type { OrderSummary } from '../../../contract/entities/order-summary.ts'
import { hub } from '../../api/hub.ts'
import { useFormat } from '../../i18n/format.ts'
import { useText, useWord } from '../../i18n/language.tsx'
import { Loaded, Nothing } from '../../ui/states.tsx'
import { PaymentTag, PhaseTag } from '../../ui/tags.tsx'
import { useFactNames } from '../network/facts.ts'
import { csvOf } from './csv.ts'
import { listedPhases, type OrderSearch } from './order-search.ts'

const PAGE = 50
const EXPORT_PAGES = 50

/** The list that operations people live in: filters in the URL, rows that follow the hub, pages by key. */
export function OrdersPage() {
  const t = useText()
  const search = useSearch({ from: '/orders' })
  const asked = useInfiniteQuery({
    queryKey: ['orders', search],
    queryFn: ({ pageParam, signal }) =>
      hub.call('order.list', { query: { ...search, limit: PAGE, ...(pageParam === undefined ? {} : { cursor: pageParam }) } }, { signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  })
  const rows = useMemo(() => asked.data?.pages.flatMap((page) => page.items), [asked.data])
  return (
    <div className="page">
      <div className="head">
        <h1>{t('orders.title')}</h1>
        <Filters search={search} />
      </div>
      <Loaded of={{ ...asked, data: rows }}>
        {(orders) => (
          <>
            <OrderTable orders={orders} isStale={asked.isPlaceholderData} />
            <div style={{ textAlign: 'center', marginTop: 16 }}>
              {asked.hasNextPage && (
                <Button loading={asked.isFetchingNextPage} onClick={() => void asked.fetchNextPage()}>
                  {t('state.more')}
                </Button>
              )}
            </div>
          </>
        )}
      </Loaded>
    </div>
  )
}

function Filters({ search }: { readonly search: OrderSearch }) {
  const t = useText()
  const word = useWord()
  const navigate = useNavigate({ from: '/orders' })
  const { channels, nodes } = useFactNames()
  const set = (change: { [K in keyof OrderSearch]?: OrderSearch[K] | undefined }) =>
    void navigate({
      search: (was) => Object.fromEntries(Object.entries({ ...was, ...change }).filter(([, value]) => value !== undefined && value !== '')),
    })
  const options = (names: ReadonlyMap<string, string>) => [...names].map(([value, name]) => ({ value, label: name }))
  return (
    <div className="spread">
      <Input.Search
        key={search.q ?? ''}
        allowClear
        defaultValue={search.q ?? ''}
        placeholder={t('orders.search')}
        aria-label={t('orders.search')}
        style={{ width: 'min(320px, 90vw)' }}
        onSearch={(q) => set({ q: q.trim() })}
      />
      <Select
        allowClear
        showSearch={{ optionFilterProp: 'label' }}
        placeholder={t('orders.filter.phase')}
        aria-label={t('orders.filter.phase')}
        value={search.phase ?? null}
        style={{ minWidth: 140 }}
        options={listedPhases.map((phase) => ({ value: phase, label: word('phase', phase) }))}
        onChange={(phase: OrderSearch['phase'] | null) => set({ phase: phase ?? undefined })}
      />
      <Select
        allowClear
        showSearch={{ optionFilterProp: 'label' }}
        placeholder={t('orders.filter.channel')}
        aria-label={t('orders.filter.channel')}
        value={search.channelId ?? null}
        style={{ minWidth: 140 }}
        options={options(channels)}
        onChange={(channelId: string | null) => set({ channelId: channelId ?? undefined })}
      />
      <Select
        allowClear
        showSearch={{ optionFilterProp: 'label' }}
        placeholder={t('orders.filter.node')}
        aria-label={t('orders.filter.node')}
        value={search.nodeId ?? null}
        style={{ minWidth: 160 }}
        options={options(nodes)}
        onChange={(nodeId: string | null) => set({ nodeId: nodeId ?? undefined })}
      />
      <Export search={search} />
    </div>
  )
}

/** Writes what is filtered, page by page, at most 50 pages. */
function Export({ search }: { readonly search: OrderSearch }) {
  const t = useText()
  const [isWriting, setWriting] = useState(false)
  const write = async () => {
    setWriting(true)
    try {
      const all: OrderSummary[] = []
      let cursor: string | undefined
      for (let page = 0; page < EXPORT_PAGES; page++) {
        const answer = await hub.call('order.list', { query: { ...search, limit: 200, ...(cursor === undefined ? {} : { cursor }) } })
        all.push(...answer.items)
        cursor = answer.next
        if (cursor === undefined) break
      }
      const link = document.createElement('a')
      link.href = URL.createObjectURL(new Blob([csvOf(all)], { type: 'text/csv;charset=utf-8' }))
      link.download = 'orders.csv'
      link.click()
      URL.revokeObjectURL(link.href)
    } finally {
      setWriting(false)
    }
  }
  return (
    <Button loading={isWriting} onClick={() => void write()}>
      {t('orders.export')}
    </Button>
  )
}

function OrderTable({ orders, isStale }: { readonly orders: readonly OrderSummary[]; readonly isStale: boolean }) {
  const t = useText()
  const format = useFormat()
  const { nodes } = useFactNames()
  const navigate = useNavigate()
  const columns = useMemo<TableColumnsType<OrderSummary>>(
    () => [
      {
        title: t('orders.col.ref'),
        key: 'ref',
        render: (_, order) => (
          <>
            <Link to="/orders/$orderId" params={{ orderId: order.orderId }}>
              {order.externalRef}
            </Link>
            <div className="muted">{order.channelName ?? order.channelId}</div>
          </>
        ),
      },
      { title: t('orders.col.placed'), key: 'placed', render: (_, order) => format.at(order.placedAt), responsive: ['md'] },
      { title: t('orders.col.phase'), key: 'phase', render: (_, order) => <PhaseTag phase={order.phase} /> },
      {
        title: t('orders.col.customer'),
        key: 'customer',
        responsive: ['lg'],
        render: (_, order) => order.customerName ?? order.accountId ?? '–',
      },
      {
        title: t('orders.col.to'),
        key: 'to',
        responsive: ['md'],
        render: (_, order) => [order.countryCode, order.city].filter(Boolean).join(' · '),
      },
      {
        title: t('orders.col.items'),
        key: 'items',
        responsive: ['xl'],
        render: (_, order) => t('orders.units', { lines: order.lineCount, units: order.unitCount }),
      },
      {
        title: t('orders.col.total'),
        key: 'total',
        align: 'end',
        render: (_, order) => (
          <div className="num">
            {order.total === undefined ? '–' : format.money(order.total, order.currency)}
            <div>{order.paymentState !== undefined && <PaymentTag state={order.paymentState} />}</div>
          </div>
        ),
      },
      {
        title: t('orders.col.nodes'),
        key: 'nodes',
        responsive: ['lg'],
        render: (_, order) => order.nodeIds.map((nodeId) => nodes.get(nodeId) ?? nodeId).join('、') || '–',
      },
      { title: t('orders.col.promise'), key: 'promise', responsive: ['lg'], render: (_, order) => format.day(order.deliverBy) },
    ],
    [t, format, nodes],
  )
  return (
    <Table<OrderSummary>
      rowKey="orderId"
      size="small"
      columns={columns}
      dataSource={orders}
      pagination={false}
      loading={isStale}
      onRow={(order) => ({
        style: { cursor: 'pointer' },
        onClick: (event) => {
          if (!(event.target instanceof HTMLElement) || event.target.closest('a,button') === null)
            void navigate({ to: '/orders/$orderId', params: { orderId: order.orderId } })
        },
      })}
      locale={{ emptyText: <Nothing title={t('orders.empty')} hint={t('orders.empty.hint')} /> }}
    />
  )
}
