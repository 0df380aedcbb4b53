import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { Tabs, Typography } from 'antd'
import { useState } from 'react'
import { hub, ProblemError } from '../../api/hub.ts'
import { useFormat } from '../../i18n/format.ts'
import { useText } from '../../i18n/language.tsx'
import { Loaded, Nothing } from '../../ui/states.tsx'
import { PhaseTag } from '../../ui/tags.tsx'
import { useMay } from '../session/session.ts'
import { EventList } from './event-list.tsx'
import { OrderActions } from './order-actions.tsx'
import { Overview } from './overview.tsx'
import { PastSlider } from './past-slider.tsx'
import { Timeline } from './timeline.tsx'
import { TrackLink } from './track-link.tsx'
import { Why } from './why.tsx'
import { part } from '../../ui/part.tsx'

const Parcels = part(async () => (await import('./parcels.tsx')).Parcels, 'in')

/** One order as a living twin: where it stands, what can be done, why it went where it went, and any moment of its past. */
export function OrderPage() {
  const t = useText()
  const format = useFormat()
  const { orderId } = useParams({ from: '/orders/$orderId' })
  const may = useMay()
  const [at, setAt] = useState<string>()
  const asked = useQuery({
    queryKey: ['order', orderId, at ?? 'now'],
    queryFn: ({ signal }) => hub.call('order.get', { params: { orderId }, query: at === undefined ? {} : { at } }, { signal }),
    placeholderData: keepPreviousData,
  })
  if (
    asked.error instanceof ProblemError &&
    (asked.error.status === 404 || asked.error.problem.code === 'path_invalid') &&
    asked.data === undefined
  )
    return (
      <div className="page">
        <Nothing title={t('order.unknown')}>
          <Link to="/orders">{t('order.back')}</Link>
        </Nothing>
      </div>
    )
  return (
    <div className="page">
      <Loaded of={asked}>
        {(order) => (
          <>
            <div className="head">
              <h1>{order.externalRef}</h1>
              <PhaseTag phase={order.phase} />
              <span className="muted">
                {order.channelName ?? order.channelId} · {t('order.placed', { at: format.at(order.placedAt) })}
              </span>
              <Typography.Text className="mono" copyable type="secondary">
                {order.orderId}
              </Typography.Text>
              <div className="spread">
                <TrackLink orderId={orderId} />
                {at === undefined && <OrderActions order={order} />}
              </div>
            </div>
            <PastSlider orderId={orderId} at={at} onChange={setAt} />
            <Tabs
              items={[
                { key: 'overview', label: t('order.tab.overview'), children: <Overview order={order} isPast={at !== undefined} /> },
                {
                  key: 'parcels',
                  label: t('order.tab.parcels'),
                  children: <Parcels order={order} />,
                },
                ...(may('facts.read') ? [{ key: 'why', label: t('order.tab.why'), children: <Why order={order} /> }] : []),
                { key: 'life', label: t('order.tab.life'), children: <Timeline orderId={orderId} onVisit={setAt} /> },
                { key: 'events', label: t('order.tab.events'), children: <EventList orderId={orderId} /> },
              ]}
            />
          </>
        )}
      </Loaded>
    </div>
  )
}
