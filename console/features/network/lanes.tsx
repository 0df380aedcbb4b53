import { Input, Table } from 'antd'
import { useDeferredValue, useMemo, useState } from 'react'
import { useFormat } from '../../i18n/format.ts'
import { useText } from '../../i18n/language.tsx'
import { Loaded, Nothing } from '../../ui/states.tsx'
import { type Lane, useCarriers, useLanes } from './facts.ts'
import { OpenTag } from './open-tag.tsx'
import { usePlaceName, useTransit } from './places.ts'

type Row = { readonly lane: Lane; readonly service: string; readonly from: string; readonly to: string }

/** How long a service takes between two places. */
export function Lanes() {
  return <Loaded of={useLanes()}>{(lanes) => <LaneTable lanes={lanes} />}</Loaded>
}

function LaneTable({ lanes }: { readonly lanes: readonly Lane[] }) {
  const t = useText()
  const format = useFormat()
  const transit = useTransit()
  const [typed, type] = useState('')
  const wanted = useDeferredValue(typed.trim().toLowerCase())
  const rows = useRows(lanes)
  const shown = useMemo(
    () => (wanted === '' ? rows : rows.filter(({ service, from, to }) => `${service} ${from} ${to}`.toLowerCase().includes(wanted))),
    [rows, wanted],
  )
  return (
    <div className="stack">
      <Input
        allowClear
        placeholder={t('network.lanes.search')}
        aria-label={t('network.lanes.search')}
        style={{ maxWidth: 360 }}
        onChange={(event) => type(event.target.value)}
      />
      <Table<Row>
        rowKey={({ lane }) => lane.laneId}
        size="small"
        scroll={{ x: 'max-content' }}
        pagination={{ pageSize: 50, hideOnSinglePage: true, showSizeChanger: false }}
        dataSource={shown}
        locale={{
          emptyText: <Nothing title={t(lanes.length === 0 ? 'network.empty' : 'network.none.match')} hint={t('network.empty.hint')} />,
        }}
        columns={[
          { title: t('network.col.service'), key: 'service', render: (_, { service }) => service },
          { title: t('network.col.from'), key: 'from', render: (_, { from }) => from },
          { title: t('network.col.to'), key: 'to', render: (_, { to }) => to },
          { title: t('network.col.transit'), key: 'transit', render: (_, { lane }) => transit(lane) },
          {
            title: t('network.col.distance'),
            key: 'km',
            align: 'end',
            render: (_, { lane: { distanceKm } }) => (
              <span className="num">{distanceKm === undefined ? t('network.asTheCrowFlies') : `${format.number(distanceKm)} km`}</span>
            ),
          },
          { title: t('network.col.state'), key: 'state', render: (_, { lane }) => <OpenTag closed={lane.closed} /> },
        ]}
      />
    </div>
  )
}

function useRows(lanes: readonly Lane[]): readonly Row[] {
  const carriers = useCarriers().data
  const place = usePlaceName()
  return useMemo(() => {
    const names = new Map(
      carriers?.flatMap(({ carrierId, name, services }) =>
        services.map((service) => [`${carrierId} ${service.serviceId}`, `${name} · ${service.name}`] as const),
      ),
    )
    return lanes.map((lane) => ({
      lane,
      service: names.get(`${lane.carrierId} ${lane.serviceId}`) ?? `${lane.carrierId} ${lane.serviceId}`,
      from: place(lane.from),
      to: place(lane.to),
    }))
  }, [lanes, carriers, place])
}
