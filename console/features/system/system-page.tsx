import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Button, Popconfirm, Table, Tabs, Tag } from 'antd'
import { type Answer, hub } from '../../api/hub.ts'
import { useFormat } from '../../i18n/format.ts'
import { useText, useWord } from '../../i18n/language.tsx'
import { Loaded, Nothing, ProblemAlert } from '../../ui/states.tsx'
import { allOf, type Channel, useChannels } from '../network/facts.ts'
import { useMay } from '../session/session.ts'
import { Inbox } from './inbox.tsx'
import { Webhooks } from './webhooks.tsx'

type Key = Answer<'key.list'>['items'][number]
type User = Answer<'user.list'>['items'][number]

/** What runs the hub: channels and what they could not make understood, keys, people. */
export function SystemPage() {
  const t = useText()
  const may = useMay()
  const tabs = [
    { key: 'channels', label: t('system.channels'), children: <Channels /> },
    ...(may('inbox.read') ? [{ key: 'inbox', label: t('system.inbox'), children: <Inbox /> }] : []),
    ...(may('webhook.read') ? [{ key: 'webhooks', label: t('webhook.title'), children: <Webhooks /> }] : []),
    ...(may('access.read')
      ? [
          { key: 'keys', label: t('system.keys'), children: <Keys /> },
          { key: 'users', label: t('system.users'), children: <Users /> },
        ]
      : []),
  ]
  return (
    <div className="page">
      <div className="head">
        <h1>{t('system.title')}</h1>
      </div>
      <Tabs items={tabs} />
    </div>
  )
}

function Channels() {
  const t = useText()
  return (
    <Loaded of={useChannels()}>
      {(channels) => (
        <Table<Channel>
          rowKey="channelId"
          size="small"
          pagination={false}
          dataSource={channels}
          locale={{ emptyText: <Nothing title={t('state.empty')} /> }}
          columns={[
            {
              title: t('network.col.name'),
              key: 'name',
              render: (_, channel) => (
                <>
                  {channel.name} <span className="mono muted">{channel.channelId}</span>
                </>
              ),
            },
            { title: t('system.col.platform'), key: 'platform', render: (_, channel) => <Tag>{channel.platform}</Tag> },
          ]}
        />
      )}
    </Loaded>
  )
}

const query = (cursor: string | undefined) => ({ query: { limit: 200, ...(cursor === undefined ? {} : { cursor }) } })

function Keys() {
  const t = useText()
  const word = useWord()
  const format = useFormat()
  const may = useMay()
  const queries = useQueryClient()
  const asked = useQuery({ queryKey: ['keys'], queryFn: () => allOf((cursor) => hub.call('key.list', query(cursor))) })
  const revoke = useMutation({
    mutationFn: (credentialId: string) => hub.call('key.revoke', { params: { credentialId } }),
    onSuccess: () => void queries.invalidateQueries({ queryKey: ['keys'] }),
  })
  return (
    <>
      {revoke.error !== null && <ProblemAlert error={revoke.error} />}
      <Loaded of={asked}>
        {(keys) => (
          <Table<Key>
            rowKey="credentialId"
            size="small"
            scroll={{ x: true }}
            pagination={{ pageSize: 50, hideOnSinglePage: true }}
            dataSource={keys}
            locale={{ emptyText: <Nothing title={t('state.empty')} /> }}
            columns={[
              { title: t('network.col.name'), key: 'name', render: (_, key) => key.name },
              { title: t('system.col.role'), key: 'role', render: (_, key) => word('role', key.role) },
              { title: t('system.col.lastUsed'), key: 'used', render: (_, key) => key.lastUsedOn ?? '–' },
              { title: t('system.col.expires'), key: 'expires', render: (_, key) => format.at(key.expiresAt) },
              {
                title: t('system.col.state'),
                key: 'state',
                render: (_, key) =>
                  key.revokedAt === undefined ? <Tag color="success">{t('system.active')}</Tag> : <Tag>{t('system.revoked')}</Tag>,
              },
              {
                key: 'revoke',
                render: (_, key) =>
                  key.revokedAt === undefined &&
                  may('access.write') && (
                    <Popconfirm
                      title={t('system.key.revoke.effect')}
                      okText={t('system.key.revoke')}
                      cancelText={t('state.cancel')}
                      onConfirm={() => revoke.mutate(key.credentialId)}
                    >
                      <Button size="small" danger>
                        {t('system.key.revoke')}
                      </Button>
                    </Popconfirm>
                  ),
              },
            ]}
          />
        )}
      </Loaded>
    </>
  )
}

function Users() {
  const t = useText()
  const word = useWord()
  const asked = useQuery({ queryKey: ['users'], queryFn: () => allOf((cursor) => hub.call('user.list', query(cursor))) })
  return (
    <Loaded of={asked}>
      {(users) => (
        <Table<User>
          rowKey="userId"
          size="small"
          scroll={{ x: true }}
          pagination={{ pageSize: 50, hideOnSinglePage: true }}
          dataSource={users}
          columns={[
            { title: t('system.col.login'), key: 'login', render: (_, user) => user.login },
            { title: t('network.col.name'), key: 'name', render: (_, user) => user.name },
            { title: t('system.col.role'), key: 'role', render: (_, user) => word('role', user.role) },
            {
              title: t('system.col.state'),
              key: 'state',
              render: (_, user) =>
                user.disabledAt === undefined ? <Tag color="success">{t('system.active')}</Tag> : <Tag>{t('system.disabled')}</Tag>,
            },
          ]}
        />
      )}
    </Loaded>
  )
}
