import { Card, Input, Table, Tabs, Tag } from 'antd'
import { useState } from 'react'
import { useFormat } from '../../i18n/format.ts'
import { useText, useWord } from '../../i18n/language.tsx'
import { MapView } from '../../ui/map.tsx'
import { Loaded, Nothing } from '../../ui/states.tsx'
import { type Carrier, type Lane, type Node, useCarriers, useLanes, useNodes } from './facts.ts'

/** Who holds and ships, who carries, and how long it takes between them. */
export function NetworkPage() {
  const t = useText()
  return (
    <div className="page">
      <div className="head">
        <h1>{t('network.title')}</h1>
      </div>
      <Tabs
        items={[
          { key: 'nodes', label: t('network.nodes'), children: <Nodes /> },
          { key: 'carriers', label: t('network.carriers'), children: <Carriers /> },
          { key: 'lanes', label: t('network.lanes'), children: <Lanes /> },
        ]}
      />
    </div>
  )
}

const nothing = (t: ReturnType<typeof useText>) => ({ emptyText: <Nothing title={t('network.empty')} hint={t('network.empty.hint')} /> })
const pages = { pageSize: 50, hideOnSinglePage: true, showSizeChanger: false } as const

function OpenTag({ closed }: { readonly closed: boolean | undefined }) {
  const t = useText()
  return closed === true ? <Tag color="error">{t('network.closed')}</Tag> : <Tag color="success">{t('network.open')}</Tag>
}

function Nodes() {
  const t = useText()
  const word = useWord()
  const format = useFormat()
  const asked = useNodes()
  const [typed, type] = useState('')
  return (
    <Loaded of={asked}>
      {(all) => {
        const nodes = all.filter((node) =>
          `${node.nodeId} ${node.name} ${node.place.city ?? ''}`.toLowerCase().includes(typed.toLowerCase()),
        )
        const points = nodes.flatMap(({ nodeId, name, kind, closed, place: { lat, lng } }) =>
          lat === undefined || lng === undefined
            ? []
            : [
                {
                  id: nodeId,
                  lat,
                  lng,
                  name,
                  size: kind === 'dc' ? 1.4 : 0,
                  color: closed === true ? '#8a8f8d' : kind === 'dc' ? '#0b6e5f' : '#5a8fd0',
                },
              ],
        )
        return (
          <div className="grid">
            <div className="span-7">
              <Input
                allowClear
                placeholder={t('state.search')}
                aria-label={t('state.search')}
                onChange={(event) => type(event.target.value)}
                style={{ marginBottom: 8 }}
              />
              <Table<Node>
                rowKey="nodeId"
                size="small"
                scroll={{ x: true }}
                pagination={pages}
                dataSource={nodes}
                locale={nothing(t)}
                columns={[
                  {
                    title: t('network.col.name'),
                    key: 'name',
                    render: (_, node) => (
                      <>
                        {node.name} <span className="mono muted">{node.nodeId}</span>
                      </>
                    ),
                  },
                  { title: t('network.col.kind'), key: 'kind', render: (_, node) => word('kind', node.kind) },
                  {
                    title: t('network.col.place'),
                    key: 'place',
                    render: (_, node) => [node.place.region, node.place.city].filter(Boolean).join(' '),
                  },
                  {
                    title: t('network.col.capacity'),
                    key: 'capacity',
                    align: 'end',
                    render: (_, node) => (node.capacityPerDay === undefined ? t('network.unlimited') : format.number(node.capacityPerDay)),
                  },
                  { title: t('network.col.state'), key: 'state', render: (_, node) => <OpenTag closed={node.closed} /> },
                ]}
              />
            </div>
            <Card size="small" className="span-5" title={t('network.map')}>
              <MapView label={t('network.map')} points={points} />
            </Card>
          </div>
        )
      }}
    </Loaded>
  )
}

function Carriers() {
  const t = useText()
  return (
    <Loaded of={useCarriers()}>
      {(carriers) => (
        <Table<Carrier>
          rowKey="carrierId"
          size="small"
          scroll={{ x: true }}
          pagination={pages}
          dataSource={carriers}
          locale={nothing(t)}
          columns={[
            { title: t('network.col.name'), key: 'name', render: (_, carrier) => carrier.name },
            {
              title: t('network.col.services'),
              key: 'services',
              render: (_, carrier) => carrier.services.map((service) => <Tag key={service.serviceId}>{service.name}</Tag>),
            },
            { title: t('network.col.state'), key: 'state', render: (_, carrier) => <OpenTag closed={carrier.closed} /> },
          ]}
        />
      )}
    </Loaded>
  )
}

function Lanes() {
  const t = useText()
  const place = (of: Lane['from'] | Lane['to']) => (of === undefined ? t('state.all') : Object.values(of).join(' '))
  const transit = ({ transitDays, transitHours }: Lane) =>
    transitDays !== undefined
      ? t('network.days', { min: transitDays.min, max: transitDays.max })
      : transitHours !== undefined
        ? t('network.hours', { min: transitHours.p50, max: transitHours.p90 })
        : '–'
  return (
    <Loaded of={useLanes()}>
      {(lanes) => (
        <Table<Lane>
          rowKey="laneId"
          size="small"
          scroll={{ x: true }}
          pagination={pages}
          dataSource={lanes}
          locale={nothing(t)}
          columns={[
            { title: t('network.col.name'), key: 'id', render: (_, lane) => `${lane.carrierId} ${lane.serviceId}` },
            { title: t('network.col.from'), key: 'from', render: (_, lane) => place(lane.from) },
            { title: t('network.col.to'), key: 'to', render: (_, lane) => place(lane.to) },
            { title: t('network.col.transit'), key: 'transit', render: (_, lane) => transit(lane) },
          ]}
        />
      )}
    </Loaded>
  )
}
