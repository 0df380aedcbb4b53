import { Table, Typography } from 'antd'
import { useFormat } from '../../i18n/format.ts'
import { useText } from '../../i18n/language.tsx'
import { Loaded } from '../../ui/states.tsx'
import { useNarrow } from '../../ui/use-narrow.ts'
import { Actor } from './actor.tsx'
import { useEventTitle } from './event-title.ts'
import { type OrderEvent, useOrderEvents } from './order.ts'

/** The order's log as it is kept, newest first, each event with its data and the trace that led to it. */
export function EventList({ orderId }: { readonly orderId: string }) {
  const t = useText()
  const format = useFormat()
  const titleOf = useEventTitle()
  const isNarrow = useNarrow()
  const asked = useOrderEvents(orderId)
  return (
    <Loaded of={asked}>
      {(events) => (
        <Table<OrderEvent>
          rowKey="cursor"
          size="small"
          pagination={false}
          scroll={{ x: true }}
          dataSource={events.toReversed()}
          expandable={{
            expandedRowRender: (event) => (
              <>
                {isNarrow && <Trace event={event} />}
                <pre className="mono detail">{JSON.stringify(event.data, null, 2)}</pre>
              </>
            ),
          }}
          columns={[
            {
              title: t('order.events.type'),
              key: 'type',
              render: (_, event) => (
                <>
                  {titleOf(event.type)} <span className="mono muted">{event.type}</span>
                  {isNarrow && (
                    <div className="muted">
                      {format.at(event.occurredAt)} · <Actor actor={event.actor} />
                    </div>
                  )}
                </>
              ),
            },
            ...(isNarrow
              ? []
              : [
                  { title: t('order.events.when'), key: 'when', render: (_: unknown, event: OrderEvent) => format.at(event.occurredAt) },
                  { title: t('order.events.who'), key: 'who', render: (_: unknown, event: OrderEvent) => <Actor actor={event.actor} /> },
                  { title: t('order.events.trace'), key: 'trace', render: (_: unknown, event: OrderEvent) => <Trace event={event} /> },
                ]),
          ]}
        />
      )}
    </Loaded>
  )
}

/** What an operator looks for in the hub's own log. */
function Trace({ event }: { readonly event: OrderEvent }) {
  if (event.traceId === undefined) return '–'
  return (
    <Typography.Text copyable className="mono">
      {event.traceId}
    </Typography.Text>
  )
}
