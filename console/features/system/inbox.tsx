import { useInfiniteQuery, useQueries } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Button, Segmented, Select, Table, Tag } from 'antd'
import { useState } from 'react'
import { inboxStates } from '../../../contract/capabilities/channel.ts'
import { type Answer, hub } from '../../api/hub.ts'
import { useFormat } from '../../i18n/format.ts'
import { useText, useWord } from '../../i18n/language.tsx'
import { Loaded, Nothing } from '../../ui/states.tsx'
import { type Channel, useChannels } from '../network/facts.ts'
import { useMay } from '../session/session.ts'
import { IssueList } from './issue-list.tsx'
import { useReplay } from './use-replay.tsx'
import { part } from '../../ui/part.tsx'

const BodyDialog = part(async () => (await import('./body-dialog.tsx')).BodyDialog, 'over')

type Entry = Answer<'channel.inbox'>['items'][number]
type State = Entry['state']

const PAGE = 50
const CHANNELS_MAX = 50
const tones = { open: 'warning', applied: 'success', dismissed: 'default' } as const

/** Bodies that made no order: what is wrong with them, what they say, and another try, as they came or mended. */
export function Inbox() {
  const t = useText()
  const word = useWord()
  const channels = (useChannels().data ?? []).filter((channel) => channel.platform !== 'direct')
  const [chosen, choose] = useState<string>()
  const [state, filter] = useState<State>('open')
  const waiting = useWaiting(channels)
  const channelId = chosen ?? (channels.find((one) => (waiting.get(one.channelId) ?? 0) > 0) ?? channels[0])?.channelId
  const asked = useInfiniteQuery({
    queryKey: ['inbox', channelId, state],
    enabled: channelId !== undefined,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      hub.call('channel.inbox', {
        params: { channelId: channelId ?? '' },
        query: { limit: PAGE, state, ...(pageParam === undefined ? {} : { cursor: pageParam }) },
      }),
    getNextPageParam: ({ next }) => next,
  })
  if (channels.length === 0) return <Nothing title={t('system.inbox.noChannel')} hint={t('system.inbox.noChannel.hint')} />
  return (
    <div className="stack">
      <div className="row">
        <Select
          aria-label={t('orders.filter.channel')}
          value={channelId ?? null}
          style={{ minWidth: 200 }}
          options={channels.map(({ channelId: value, name }) => ({
            value,
            label: [name, countOf(waiting.get(value) ?? 0)].filter((part) => part !== '').join(' · '),
          }))}
          onChange={(next: string | null) => choose(next ?? undefined)}
        />
        <Segmented
          aria-label={t('system.col.state')}
          value={state}
          options={inboxStates.map((value) => ({ value, label: word('inbox', value) }))}
          onChange={filter}
        />
      </div>
      <Loaded of={asked}>{({ pages }) => <Entries entries={pages.flatMap(({ items }) => items)} state={state} />}</Loaded>
      {asked.hasNextPage && (
        <Button onClick={() => void asked.fetchNextPage()} loading={asked.isFetchingNextPage}>
          {t('state.more')}
        </Button>
      )}
    </div>
  )
}

const countOf = (waiting: number): string => (waiting === 0 ? '' : waiting < PAGE ? String(waiting) : `${PAGE}+`)

/** How much waits in each channel's inbox, counted on its first page: which channel to look at is seen without opening each. */
function useWaiting(channels: readonly Channel[]): ReadonlyMap<string, number> {
  const asked = useQueries({
    queries: channels.slice(0, CHANNELS_MAX).map(({ channelId }) => ({
      queryKey: ['inbox', channelId, 'waiting'],
      queryFn: async () => (await hub.call('channel.inbox', { params: { channelId }, query: { limit: PAGE, state: 'open' } })).items.length,
    })),
  })
  return new Map(asked.map(({ data }, i) => [channels[i]?.channelId ?? '', data ?? 0]))
}

function Entries({ entries, state }: { readonly entries: readonly Entry[]; readonly state: State }) {
  const t = useText()
  const word = useWord()
  const format = useFormat()
  const [opened, open] = useState<string>()
  return (
    <>
      <Table<Entry>
        rowKey="inboxId"
        size="small"
        scroll={{ x: true }}
        pagination={false}
        dataSource={entries}
        locale={{ emptyText: <Nothing title={t(state === 'open' ? 'system.inbox.empty' : 'state.empty')} /> }}
        columns={[
          { title: t('system.col.received'), key: 'received', render: (_, entry) => format.at(entry.receivedAt) },
          { title: t('orders.col.ref'), key: 'ref', render: (_, entry) => <OrderOf entry={entry} /> },
          { title: t('system.col.problem'), key: 'problem', render: (_, entry) => <IssueList issues={entry.issues} /> },
          {
            title: t('system.col.state'),
            key: 'state',
            render: (_, entry) => <Tag color={tones[entry.state]}>{word('inbox', entry.state)}</Tag>,
          },
          { key: 'act', render: (_, entry) => <Act entry={entry} onOpen={() => open(entry.inboxId)} /> },
        ]}
      />
      {opened !== undefined && <BodyDialog inboxId={opened} onClose={() => open(undefined)} />}
    </>
  )
}

/** The order that came of it, or what the body calls it, where it says that. */
function OrderOf({ entry: { orderId, externalRef } }: { readonly entry: Entry }) {
  const t = useText()
  if (orderId === undefined) return externalRef ?? <span className="muted">{t('system.inbox.noRef')}</span>
  return (
    <Link to="/orders/$orderId" params={{ orderId }}>
      {externalRef ?? t('orders.col.ref')}
    </Link>
  )
}

function Act({ entry, onOpen }: { readonly entry: Entry; readonly onOpen: () => void }) {
  const t = useText()
  const may = useMay()
  const replay = useReplay()
  // What made an order is kept with the order.
  if (entry.state === 'applied') return null
  return (
    <div className="row act">
      {may('inbox.readBody') && (
        <Button size="small" onClick={onOpen}>
          {t('system.inbox.open')}
        </Button>
      )}
      {may('inbox.write') && (
        <Button size="small" loading={replay.isPending} onClick={() => replay.mutate({ inboxId: entry.inboxId })}>
          {t('system.inbox.replay')}
        </Button>
      )}
    </div>
  )
}
