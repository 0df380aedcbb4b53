import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button, Select, Table, Tag } from 'antd'
import { useState } from 'react'
import { type Answer, hub, ProblemError } from '../../api/hub.ts'
import { useFormat } from '../../i18n/format.ts'
import { useText, useWord } from '../../i18n/language.tsx'
import { Loaded, Nothing } from '../../ui/states.tsx'
import { allOf, useChannels } from '../network/facts.ts'
import { useMay } from '../session/session.ts'

type Entry = Answer<'channel.inbox'>['items'][number]

/** Bodies that made no order: the path that failed, what was expected and got, and another try once the cause is gone. */
export function Inbox() {
  const t = useText()
  const channels = useChannels().data ?? []
  const [chosen, choose] = useState<string>()
  const channelId = chosen ?? channels[0]?.channelId
  const asked = useQuery({
    queryKey: ['inbox', channelId],
    enabled: channelId !== undefined,
    queryFn: () =>
      allOf((cursor) =>
        hub.call('channel.inbox', {
          params: { channelId: channelId ?? '' },
          query: { limit: 200, ...(cursor === undefined ? {} : { cursor }) },
        }),
      ),
  })
  return (
    <div className="stack">
      <Select
        aria-label={t('orders.filter.channel')}
        value={channelId ?? null}
        style={{ maxWidth: 320 }}
        options={channels.map((channel) => ({ value: channel.channelId, label: channel.name }))}
        onChange={(next: string | null) => choose(next ?? undefined)}
      />
      <Loaded of={asked}>{(entries) => <Entries entries={entries} />}</Loaded>
    </div>
  )
}

function Entries({ entries }: { readonly entries: readonly Entry[] }) {
  const t = useText()
  const word = useWord()
  const format = useFormat()
  const { message } = App.useApp()
  const queries = useQueryClient()
  const may = useMay()
  const replay = useMutation({
    mutationFn: (inboxId: string) => hub.call('inbox.replay', { params: { inboxId }, body: {} }),
    onSuccess: () => {
      void message.success(t('state.done'))
      void queries.invalidateQueries({ queryKey: ['inbox'] })
    },
    onError: (error) => void message.error(error instanceof ProblemError ? error.problem.detail : String(error)),
  })
  return (
    <Table<Entry>
      rowKey="inboxId"
      size="small"
      scroll={{ x: true }}
      pagination={{ pageSize: 50, hideOnSinglePage: true, showSizeChanger: false }}
      dataSource={entries}
      locale={{ emptyText: <Nothing title={t('system.inbox.empty')} /> }}
      columns={[
        {
          title: t('orders.col.ref'),
          key: 'ref',
          render: (_, entry) => entry.externalRef ?? <span className="mono">{entry.inboxId}</span>,
        },
        { title: t('system.col.received'), key: 'received', render: (_, entry) => format.at(entry.receivedAt) },
        {
          title: t('system.col.problem'),
          key: 'problem',
          render: (_, entry) =>
            entry.issues.map((issue, i) => (
              <div key={i}>
                <span className="mono">{issue.path}</span> {t('system.inbox.issue', { expected: issue.expected, got: issue.got })}
              </div>
            )),
        },
        {
          title: t('system.col.state'),
          key: 'state',
          render: (_, entry) => <Tag color={entry.state === 'open' ? 'warning' : 'default'}>{word('inbox', entry.state)}</Tag>,
        },
        {
          key: 'replay',
          render: (_, entry) =>
            entry.state === 'open' &&
            may('inbox.write') && (
              <Button
                size="small"
                loading={replay.isPending && replay.variables === entry.inboxId}
                onClick={() => replay.mutate(entry.inboxId)}
              >
                {t('system.inbox.replay')}
              </Button>
            ),
        },
      ]}
    />
  )
}
