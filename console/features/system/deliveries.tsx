import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Button, Segmented, Table, Tag } from 'antd'
import { useState } from 'react'
import { type Answer, hub } from '../../api/hub.ts'
import { useFormat } from '../../i18n/format.ts'
import { useText } from '../../i18n/language.tsx'
import { Loaded, Nothing, ProblemAlert } from '../../ui/states.tsx'
import { useEventTitle } from '../order/event-title.ts'
import { useMay } from '../session/session.ts'

type Delivery = Answer<'webhook.deliveries'>['items'][number]
type State = Delivery['state']

const PAGE = 50
/** What waits is looked at again this often. */
const AGAIN_MS = 3_000
const tones = { delivered: 'success', waiting: 'warning', dead: 'error' } as const
const shown = ['all', 'delivered', 'waiting', 'dead'] as const

/** What was sent to one target, newest first; what failed can be sent again. */
export function Deliveries({ webhookId }: { readonly webhookId: string }) {
  const t = useText()
  const [state, filter] = useState<(typeof shown)[number]>('all')
  const asked = useInfiniteQuery({
    queryKey: ['deliveries', webhookId, state],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      hub.call('webhook.deliveries', {
        params: { webhookId },
        query: { limit: PAGE, ...(pageParam === undefined ? {} : { cursor: pageParam }), ...(state === 'all' ? {} : { state }) },
      }),
    getNextPageParam: ({ next }) => next,
    refetchInterval: ({ state: { data } }) =>
      data?.pages.some(({ items }) => items.some((one) => one.state === 'waiting')) === true ? AGAIN_MS : false,
  })
  return (
    <div className="stack">
      <div className="row">
        <Segmented
          aria-label={t('system.col.state')}
          value={state}
          options={shown.map((value) => ({ value, label: value === 'all' ? t('state.all') : t(`delivery.${value}`) }))}
          onChange={filter}
        />
        <Button size="small" loading={asked.isRefetching} onClick={() => void asked.refetch()}>
          {t('webhook.refresh')}
        </Button>
      </div>
      <Loaded of={asked}>{({ pages }) => <Sent webhookId={webhookId} deliveries={pages.flatMap(({ items }) => items)} />}</Loaded>
      {asked.hasNextPage && (
        <Button onClick={() => void asked.fetchNextPage()} loading={asked.isFetchingNextPage}>
          {t('state.more')}
        </Button>
      )}
    </div>
  )
}

function Sent({ webhookId, deliveries }: { readonly webhookId: string; readonly deliveries: readonly Delivery[] }) {
  const t = useText()
  const titleOf = useEventTitle()
  const format = useFormat()
  const may = useMay()
  const queries = useQueryClient()
  const again = useMutation({
    mutationFn: (deliveryId: string) => hub.call('webhook.redeliver', { params: { webhookId, deliveryId } }),
    onSuccess: () => void queries.invalidateQueries({ queryKey: ['deliveries', webhookId] }),
  })
  return (
    <>
      {again.error !== null && <ProblemAlert error={again.error} />}
      <Table<Delivery>
        rowKey="deliveryId"
        size="small"
        scroll={{ x: true }}
        pagination={false}
        dataSource={deliveries}
        locale={{ emptyText: <Nothing title={t('webhook.deliveries.none')} /> }}
        columns={[
          { title: t('delivery.col.tried'), key: 'tried', render: (_, one) => format.at(one.triedAt) },
          {
            title: t('delivery.col.what'),
            key: 'what',
            render: (_, { type, orderId }) =>
              orderId === undefined ? (
                titleOf(type)
              ) : (
                <Link to="/orders/$orderId" params={{ orderId }}>
                  {titleOf(type)}
                </Link>
              ),
          },
          {
            title: t('system.col.state'),
            key: 'state',
            render: (_, one) => <Tag color={tones[one.state]}>{t(`delivery.${one.state}`)}</Tag>,
          },
          { title: t('delivery.col.answer'), key: 'answer', render: (_, one) => answerOf(one) },
          {
            title: t('delivery.col.took'),
            key: 'took',
            align: 'end',
            render: (_, one) => <span className="num">{format.number(one.tookMs)} ms</span>,
          },
          { title: t('delivery.col.attempts'), key: 'attempts', align: 'end', render: (_, one) => format.number(one.attempts) },
          {
            title: t('delivery.col.next'),
            key: 'next',
            render: (_, one) => (one.nextAt === undefined ? '–' : format.at(one.nextAt)),
          },
          {
            key: 'again',
            render: (_, one) =>
              isStuck(one.state) &&
              may('webhook.write') && (
                <Button
                  size="small"
                  loading={again.isPending && again.variables === one.deliveryId}
                  onClick={() => again.mutate(one.deliveryId)}
                >
                  {t('webhook.again')}
                </Button>
              ),
          },
        ]}
      />
    </>
  )
}

const isStuck = (state: State): boolean => state !== 'delivered'
const answerOf = ({ answer, problem }: Delivery): string =>
  [answer === undefined ? undefined : String(answer), problem].filter((part) => part !== undefined).join(' · ') || '–'
