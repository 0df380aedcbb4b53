import { useNavigate, useSearch } from '@tanstack/react-router'
import { Input, Select } from 'antd'
import { type MouseEvent, type ReactNode, useCallback, useMemo } from 'react'
import type { OrderSummary } from '../../../contract/entities/order-summary.ts'
import { hub } from '../../api/hub.ts'
import { type LongList, useLongList } from '../../api/long-list.ts'
import { useFormat } from '../../i18n/format.ts'
import { useText, useWord } from '../../i18n/language.tsx'
import { type Column, LongTable } from '../../ui/long-table.tsx'
import { Loaded, Nothing, ProblemAlert } from '../../ui/states.tsx'
import { PaymentTag, PhaseTag } from '../../ui/tags.tsx'
import { useNarrow } from '../../ui/use-narrow.ts'
import { useFactNames } from '../network/facts.ts'
import { useMay } from '../session/session.ts'
import { BulkBar } from './bulk-bar.tsx'
import { OrderExport } from './order-export.tsx'
import { type Filters as Narrowed, listedPhases, type OrderSearch } from './order-search.ts'
import './orders.css'
import { SavedViews, useSharedView } from './saved-views.tsx'
import { Tick, useChosen } from './use-chosen.tsx'

const PAGE = 100

const keyOf = (order: OrderSummary): string => order.orderId

/** The list that operations people live in: filters in the URL, rows that follow the hub, pages by key. */
export function OrdersPage() {
  const t = useText()
  const { view, ...search } = useSearch({ from: '/orders' })
  const notShared = useSharedView(view)
  const asked = useLongList<OrderSummary>({
    key: ['orders', search],
    ask: (cursor, signal) =>
      hub.call('order.list', { query: { ...search, limit: PAGE, ...(cursor === undefined ? {} : { cursor }) } }, { signal }),
    keyOf,
  })
  return (
    <div className="page">
      <div className="head">
        <h1>{t('orders.title')}</h1>
        <Filters search={search} />
      </div>
      {notShared !== null && <ProblemAlert error={notShared} />}
      <Loaded of={asked}>{(orders) => <ChosenOrders orders={orders} list={asked} />}</Loaded>
    </div>
  )
}

function Filters({ search }: { readonly search: Narrowed }) {
  const t = useText()
  const word = useWord()
  const navigate = useNavigate({ from: '/orders' })
  const may = useMay()
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
        placeholder={t('orders.search.short')}
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
      {may('facts.read') && (
        <>
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
        </>
      )}
      <Select
        aria-label={t('orders.sort')}
        value={search.sort ?? 'newest'}
        style={{ minWidth: 130 }}
        options={(['newest', 'oldest'] as const).map((sort) => ({ value: sort, label: t(`orders.sort.${sort}`) }))}
        onChange={(sort: 'newest' | 'oldest') => set({ sort: sort === 'oldest' ? sort : undefined })}
      />
      <SavedViews search={search} />
      <OrderExport search={search} />
    </div>
  )
}

/** The list with a tick on each row, and what can be done to those that are ticked. */
function ChosenOrders({ orders, list }: { readonly orders: readonly OrderSummary[]; readonly list: LongList<OrderSummary> }) {
  const { chosen, ids, isFull, toggle, clear } = useChosen(orders)
  const tick = useCallback(
    (order: OrderSummary) => <Tick order={order} isChosen={ids.has(order.orderId)} isFull={isFull} onToggle={toggle} />,
    [ids, isFull, toggle],
  )
  return (
    <>
      <OrderTable orders={orders} list={list} tick={tick} />
      <BulkBar chosen={chosen} onClear={clear} />
    </>
  )
}

/** A click that opens the order here; any other (a new tab, a new window) is the browser's. Plain: a router's link costs a row more than its text. */
function isPlain(event: MouseEvent): boolean {
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return false
  event.preventDefault()
  return true
}

type TableProps = {
  readonly orders: readonly OrderSummary[]
  readonly list: LongList<OrderSummary>
  readonly tick: (order: OrderSummary) => ReactNode
}
function OrderTable({ orders, list, tick }: TableProps) {
  const t = useText()
  const format = useFormat()
  const { nodes } = useFactNames()
  const isNaming = useMay()('facts.read')
  const isNarrow = useNarrow()
  const navigate = useNavigate()
  const open = useCallback(({ orderId }: OrderSummary) => void navigate({ to: '/orders/$orderId', params: { orderId } }), [navigate])
  const columns = useMemo<readonly Column<OrderSummary>[]>(
    () => [
      { title: <span className="unseen">{t('bulk.label')}</span>, key: 'tick', share: isNarrow ? 4 : 5, render: tick },
      {
        title: t('orders.col.ref'),
        key: 'ref',
        share: isNarrow ? 18 : 16,
        render: (order) => (
          <>
            <a href={`/orders/${order.orderId}`} onClick={(event) => isPlain(event) && open(order)}>
              {order.externalRef}
            </a>
            {isNarrow ? (
              <div>
                <PhaseTag phase={order.phase} />
              </div>
            ) : (
              <div className="muted">{order.channelName ?? order.channelId}</div>
            )}
          </>
        ),
      },
      { title: t('orders.col.placed'), key: 'placed', share: 10, render: (order) => format.at(order.placedAt), from: 'md' },
      { title: t('orders.col.phase'), key: 'phase', share: 12, render: (order) => <PhaseTag phase={order.phase} />, from: 'md' },
      {
        title: t('orders.col.customer'),
        key: 'customer',
        share: 10,
        from: 'lg',
        render: (order) => order.customerName ?? order.accountName ?? order.accountId ?? '–',
      },
      {
        title: t('orders.col.to'),
        key: 'to',
        share: 13,
        from: 'md',
        render: (order) =>
          [order.city, order.countryCode === undefined ? undefined : format.country(order.countryCode)].filter(Boolean).join(', '),
      },
      {
        title: t('orders.col.items'),
        key: 'items',
        share: 10,
        from: 'xl',
        render: (order) => t('orders.units', { lines: order.lineCount, units: order.unitCount }),
      },
      {
        title: t('orders.col.total'),
        key: 'total',
        share: 12,
        align: 'end',
        render: (order) => (
          <div className="num">
            {order.total === undefined ? '–' : format.money(order.total, order.currency)}
            <div>{order.paymentState !== undefined && <PaymentTag state={order.paymentState} />}</div>
          </div>
        ),
      },
      // Nodes are facts: who may not read them would read bare ids.
      ...(isNaming
        ? [
            {
              title: t('orders.col.nodes'),
              key: 'nodes',
              share: 14,
              from: 'lg',
              render: (order: OrderSummary) => order.nodeIds.map((nodeId) => nodes.get(nodeId) ?? nodeId).join(t('list.comma')) || '–',
            } as const,
          ]
        : []),
      { title: t('orders.col.promise'), key: 'promise', share: 10, from: 'lg', render: (order) => format.day(order.deliverBy) },
    ],
    [t, format, nodes, isNaming, isNarrow, tick, open],
  )
  return (
    <LongTable<OrderSummary>
      label={t('orders.title')}
      rows={orders}
      keyOf={keyOf}
      columns={columns}
      onOpen={open}
      isStale={list.isStale}
      isMore={list.isMore}
      isFull={list.isFull}
      see={list.see}
      empty={<Nothing title={t('orders.empty')} hint={t('orders.empty.hint')} />}
    />
  )
}
