import { useNavigate, useSearch } from '@tanstack/react-router'
import { Button, Card, Input, Segmented, Select, Table } from 'antd'
import { memo, useCallback, useDeferredValue, useMemo, useState } from 'react'
import { nodeKinds } from '../../../contract/entities/node.ts'
import { useFormat } from '../../i18n/format.ts'
import { useText, useWord } from '../../i18n/language.tsx'
import { MapView } from '../../ui/map.tsx'
import { Loaded, Nothing } from '../../ui/states.tsx'
import { useNarrow } from '../../ui/use-narrow.ts'
import { ClosedNodes } from './closure-progress.tsx'
import { type Node, useNodes } from './facts.ts'
import { type NetworkSearch, networkSearchOf } from './network-search.ts'
import { OpenTag } from './open-tag.tsx'
import { part } from '../../ui/part.tsx'

const NodeDrawer = part(async () => (await import('./node-drawer.tsx')).NodeDrawer, 'over')
const pages = { pageSize: 50, hideOnSinglePage: true, showSizeChanger: false } as const
const byName = new Intl.Collator(undefined, { numeric: true })
const placeOf = ({ place }: Node): string => [place.region, place.city === place.region ? undefined : place.city].filter(Boolean).join(' ')
const textOf = ({ nodeId, name, place }: Node): string => `${nodeId} ${name} ${place.region ?? ''} ${place.city ?? ''}`.toLowerCase()

/** All nodes as a list and on a map; one of them opens beside it. */
export function Nodes() {
  const search = useSearch({ from: '/network' })
  const navigate = useNavigate({ from: '/network' })
  const set = useCallback(
    (change: { readonly [K in keyof NetworkSearch]?: string | undefined }) =>
      void navigate({ search: (was) => networkSearchOf({ ...was, ...change }), replace: !('node' in change) }),
    [navigate],
  )
  const open = useCallback((node: string | undefined) => set({ node }), [set])
  return (
    <Loaded of={useNodes()}>
      {(all) => {
        const chosen = all.find((node) => node.nodeId === search.node)
        return (
          <div className="stack">
            <ClosedNodes nodes={all} onOpen={open} />
            <Found nodes={all} search={search} set={set} open={open} />
            {chosen !== undefined && <NodeDrawer node={chosen} onClose={() => open(undefined)} />}
          </div>
        )
      }}
    </Loaded>
  )
}

type Setting = (change: { readonly [K in keyof NetworkSearch]?: string | undefined }) => void

function Found(props: {
  readonly nodes: readonly Node[]
  readonly search: NetworkSearch
  readonly set: Setting
  readonly open: (nodeId: string) => void
}) {
  const t = useText()
  const { nodes, search, set, open } = props
  const [typed, type] = useState('')
  const wanted = useDeferredValue(typed.trim().toLowerCase())
  const sorted = useMemo(() => nodes.toSorted((a, b) => byName.compare(a.name, b.name)), [nodes])
  const found = useMemo(
    () =>
      sorted.filter(
        (node) =>
          (search.kind === undefined || node.kind === search.kind) &&
          (search.state === undefined || (node.closed === true) === (search.state === 'closed')) &&
          (wanted === '' || textOf(node).includes(wanted)),
      ),
    [sorted, search.kind, search.state, wanted],
  )
  return (
    <div className="grid">
      <div className="span-7 stack">
        <Filters search={search} set={set} type={type} />
        <NodeTable nodes={found} isEmpty={nodes.length === 0} open={open} />
      </div>
      <Card size="small" className="span-5" style={{ alignSelf: 'start' }} title={t('network.map')}>
        <NodeMap nodes={found} open={open} />
      </Card>
    </div>
  )
}

function Filters({ search, set, type }: { readonly search: NetworkSearch; readonly set: Setting; readonly type: (typed: string) => void }) {
  const t = useText()
  const word = useWord()
  return (
    <div className="row">
      <Input
        allowClear
        placeholder={t('network.search')}
        aria-label={t('network.search')}
        onChange={(event) => type(event.target.value)}
        style={{ flex: '1 1 200px' }}
      />
      <Select
        allowClear
        placeholder={t('network.col.kind')}
        aria-label={t('network.col.kind')}
        value={search.kind ?? null}
        popupMatchSelectWidth={false}
        style={{ minWidth: 140 }}
        options={nodeKinds.map((value) => ({ value, label: word('kind', value) }))}
        onChange={(next: string | null) => set({ kind: next ?? undefined })}
      />
      <Segmented
        aria-label={t('network.col.state')}
        value={search.state ?? 'all'}
        options={(['all', 'open', 'closed'] as const).map((value) => ({
          value,
          label: t(value === 'all' ? 'state.all' : `network.${value}`),
        }))}
        onChange={(next) => set({ state: next === 'all' ? undefined : next })}
      />
    </div>
  )
}

const NodeTable = memo(function NodeTable(props: {
  readonly nodes: readonly Node[]
  readonly isEmpty: boolean
  readonly open: (nodeId: string) => void
}) {
  const t = useText()
  const word = useWord()
  const format = useFormat()
  const isNarrow = useNarrow()
  const empty = props.isEmpty ? (
    <Nothing title={t('network.empty')} hint={t('network.empty.hint')} />
  ) : (
    <Nothing title={t('network.none.match')} hint={t('network.none.match.hint')} />
  )
  return (
    <Table<Node>
      rowKey="nodeId"
      size="small"
      {...(isNarrow ? {} : { scroll: { x: 'max-content' } })}
      pagination={pages}
      dataSource={props.nodes}
      locale={{ emptyText: empty }}
      columns={[
        {
          title: t('network.col.name'),
          key: 'name',
          render: (_, node) => (
            <>
              <Button type="link" className="in-row" onClick={() => props.open(node.nodeId)}>
                {node.name}
              </Button>
              {isNarrow && (
                <div className="muted">
                  {word('kind', node.kind)} · {placeOf(node)}
                </div>
              )}
            </>
          ),
        },
        ...(isNarrow
          ? []
          : [
              { title: t('network.col.kind'), key: 'kind', render: (_: unknown, node: Node) => word('kind', node.kind) },
              { title: t('network.col.place'), key: 'place', render: (_: unknown, node: Node) => placeOf(node) },
              {
                title: t('network.col.cutOff'),
                key: 'cutOff',
                render: (_: unknown, { cutOff }: Node) => (cutOff === undefined ? '–' : <span className="num">{cutOff}</span>),
              },
            ]),
        {
          title: t('network.col.capacity'),
          key: 'capacity',
          align: 'end',
          render: (_, { capacityPerDay }) => (
            <span className="num">
              {capacityPerDay === undefined ? t('network.unlimited') : t('network.perDay', { n: format.number(capacityPerDay) })}
            </span>
          ),
        },
        { title: t('network.col.state'), key: 'state', render: (_, node) => <OpenTag closed={node.closed} /> },
      ]}
    />
  )
})

const NodeMap = memo(function NodeMap({ nodes, open }: { readonly nodes: readonly Node[]; readonly open: (nodeId: string) => void }) {
  const t = useText()
  const points = nodes.flatMap(({ nodeId, name, kind, closed, place: { lat, lng } }) => {
    if (lat === undefined || lng === undefined) return []
    const color = closed === true ? '#8a8f8d' : kind === 'dc' ? '#0b6e5f' : '#5a8fd0'
    return [{ id: nodeId, lat, lng, name, size: kind === 'dc' ? 1.4 : 0, color }]
  })
  return <MapView label={t('network.map')} points={points} onChoose={open} />
})
