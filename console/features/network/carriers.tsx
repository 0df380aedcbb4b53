import { Table } from 'antd'
import { useFormat } from '../../i18n/format.ts'
import { useText, useWord } from '../../i18n/language.tsx'
import { Loaded, Nothing } from '../../ui/states.tsx'
import { useTransit } from './places.ts'
import { type Carrier, useCarriers } from './facts.ts'
import { OpenTag } from './open-tag.tsx'

type Sold = Carrier['services'][number] & { readonly carrier: string; readonly isClosed: boolean }

/** Every service that carriers sell: by what, how fast, how far and how heavy. */
export function Carriers() {
  const t = useText()
  const word = useWord()
  const format = useFormat()
  const transit = useTransit()
  return (
    <Loaded of={useCarriers()}>
      {(carriers) => (
        <Table<Sold>
          rowKey={(sold) => `${sold.carrier} ${sold.serviceId}`}
          size="small"
          scroll={{ x: 'max-content' }}
          pagination={{ pageSize: 50, hideOnSinglePage: true, showSizeChanger: false }}
          dataSource={carriers.flatMap(({ name, closed, services }) =>
            services.map((service) => ({ ...service, carrier: name, isClosed: closed === true || service.closed === true })),
          )}
          locale={{ emptyText: <Nothing title={t('network.empty')} hint={t('network.empty.hint')} /> }}
          columns={[
            { title: t('network.col.carrier'), key: 'carrier', render: (_, sold) => sold.carrier },
            { title: t('network.col.service'), key: 'name', render: (_, sold) => sold.name },
            { title: t('network.col.mode'), key: 'mode', render: (_, sold) => word('mode', sold.mode) },
            { title: t('network.col.transit'), key: 'transit', render: (_, sold) => transit(sold) },
            {
              title: t('network.col.deliveredBy'),
              key: 'by',
              render: (_, sold) => <span className="num">{sold.deliveredBy ?? '20:00'}</span>,
            },
            {
              title: t('network.col.limits'),
              key: 'limits',
              render: (_, { maxWeightGrams, maxKm }) =>
                [
                  maxWeightGrams === undefined ? undefined : t('network.upTo', { n: format.grams(maxWeightGrams) }),
                  maxKm === undefined ? undefined : t('network.upTo', { n: `${format.number(maxKm)} km` }),
                ]
                  .filter(Boolean)
                  .join(', ') || t('network.noLimit'),
            },
            {
              title: t('network.col.areas'),
              key: 'areas',
              render: (_, { areas }) =>
                areas === undefined ? t('network.everywhere') : t('network.areas', { n: format.number(areas.length) }),
            },
            { title: t('network.col.state'), key: 'state', render: (_, sold) => <OpenTag closed={sold.isClosed} /> },
          ]}
        />
      )}
    </Loaded>
  )
}
