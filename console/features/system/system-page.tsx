import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Button, Popconfirm, Table, Tabs, Tag } from 'antd'
import { useState } from 'react'
import { type Answer, hub } from '../../api/hub.ts'
import { useFormat } from '../../i18n/format.ts'
import { useText, useWord } from '../../i18n/language.tsx'
import { Loaded, Nothing, ProblemAlert } from '../../ui/states.tsx'
import { allOf, type Channel, useChannels } from '../network/facts.ts'
import { useMay, useSession } from '../session/session.ts'
import { Health } from './health.tsx'
import { Inbox } from './inbox.tsx'
import { Webhooks } from './webhooks.tsx'
import { part } from '../../ui/part.tsx'
import './system.css'

const NewKey = part(async () => (await import('./new-access.tsx')).NewKey, 'over')
const ChangeUser = part(async () => (await import('./change-user.tsx')).ChangeUser, 'over')
const NewUser = part(async () => (await import('./new-access.tsx')).NewUser, 'over')

type Key = Answer<'key.list'>['items'][number]
type User = Answer<'user.list'>['items'][number]

/** What runs the hub: its health, channels and what they could not make understood, keys, people. */
export function SystemPage() {
  const t = useText()
  const may = useMay()
  const tabs = [
    ...(may('hub.read') ? [{ key: 'health', label: t('system.health'), children: <Health /> }] : []),
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
  const word = useWord()
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
            { title: t('system.col.platform'), key: 'platform', render: (_, channel) => <Tag>{word('platform', channel.platform)}</Tag> },
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
  const [isMaking, make] = useState(false)
  return (
    <div className="stack">
      {may('access.write') && (
        <div>
          <Button type="primary" onClick={() => make(true)}>
            {t('system.key.new')}
          </Button>
        </div>
      )}
      {isMaking && <NewKey onClose={() => make(false)} />}
      {revoke.error !== null && <ProblemAlert error={revoke.error} />}
      <Loaded of={asked}>
        {(keys) => (
          <Table<Key>
            rowKey="credentialId"
            size="small"
            scroll={{ x: 'max-content' }}
            pagination={{ pageSize: 50, hideOnSinglePage: true }}
            dataSource={keys}
            locale={{ emptyText: <Nothing title={t('state.empty')} /> }}
            columns={[
              { title: t('network.col.name'), key: 'name', render: (_, key) => key.name },
              { title: t('system.col.role'), key: 'role', render: (_, key) => word('role', key.role) },
              {
                title: t('system.col.lastUsed'),
                key: 'used',
                render: (_, key) => (key.lastUsedOn === undefined ? '–' : format.date(key.lastUsedOn)),
              },
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
    </div>
  )
}

function Users() {
  const t = useText()
  const may = useMay()
  const [isMaking, make] = useState(false)
  const asked = useQuery({ queryKey: ['users'], queryFn: () => allOf((cursor) => hub.call('user.list', query(cursor))) })
  return (
    <div className="stack">
      {may('access.write') && (
        <div>
          <Button type="primary" onClick={() => make(true)}>
            {t('access.user.new')}
          </Button>
        </div>
      )}
      {isMaking && <NewUser onClose={() => make(false)} />}
      <Loaded of={asked}>{(users) => <People users={users} />}</Loaded>
    </div>
  )
}

function People({ users }: { readonly users: readonly User[] }) {
  const t = useText()
  const word = useWord()
  const reach = useReach()
  return (
    <Table<User>
      rowKey="userId"
      size="small"
      scroll={{ x: 'max-content' }}
      pagination={{ pageSize: 50, hideOnSinglePage: true }}
      dataSource={users}
      locale={{ emptyText: <Nothing title={t('state.empty')} /> }}
      columns={[
        { title: t('system.col.login'), key: 'login', render: (_, user) => user.login },
        { title: t('network.col.name'), key: 'name', render: (_, user) => user.name },
        { title: t('system.col.role'), key: 'role', render: (_, user) => word('role', user.role) },
        { title: t('access.col.reach'), key: 'reach', render: (_, user) => reach(user.scope) },
        {
          title: t('system.col.state'),
          key: 'state',
          render: (_, user) =>
            user.disabledAt === undefined ? <Tag color="success">{t('system.active')}</Tag> : <Tag>{t('system.disabled')}</Tag>,
        },
        { key: 'act', render: (_, user) => <UserActs user={user} /> },
      ]}
    />
  )
}

/** A shopper's log-in is made and ended by the shop's own system; nobody changes their own role. */
function UserActs({ user }: { readonly user: User }) {
  const t = useText()
  const may = useMay()
  const { session } = useSession()
  const [isChanging, change] = useState(false)
  if (!may('access.write') || user.userId === session.credentialId) return null
  return (
    <div className="row act">
      {user.role !== 'customer' && (
        <Button size="small" onClick={() => change(true)}>
          {t('access.change')}
        </Button>
      )}
      <Turn user={user} />
      {isChanging && <ChangeUser user={user} onClose={() => change(false)} />}
    </div>
  )
}

/** Disabling a log-in, which ends its sessions, and enabling it again; nobody locks themselves out. */
function Turn({ user }: { readonly user: User }) {
  const t = useText()
  const queries = useQueryClient()
  const isActive = user.disabledAt === undefined
  const turn = useMutation({
    mutationFn: () => hub.call('user.change', { params: { userId: user.userId }, body: { disabled: isActive } }),
    onSettled: () => void queries.invalidateQueries({ queryKey: ['users'] }),
  })
  return (
    <Popconfirm
      title={t(isActive ? 'access.disable.effect' : 'access.enable.effect')}
      okText={t(isActive ? 'access.disable' : 'access.enable')}
      okButtonProps={{ danger: isActive }}
      cancelText={t('state.cancel')}
      onConfirm={() => turn.mutate()}
    >
      <Button size="small" danger={isActive} loading={turn.isPending}>
        {t(isActive ? 'access.disable' : 'access.enable')}
      </Button>
    </Popconfirm>
  )
}

/** A scope in words. */
function useReach(): (scope: User['scope']) => string {
  const t = useText()
  const format = useFormat()
  return ({ nodes, channels, carriers, customer }) => {
    const parts = [
      nodes && t('access.reach.nodes', { n: format.number(nodes.length) }),
      channels && t('access.reach.channels', { n: format.number(channels.length) }),
      carriers && t('access.reach.carriers', { n: format.number(carriers.length) }),
      customer && t('access.reach.customer'),
    ].filter((part) => part !== undefined)
    return parts.length === 0 ? t('access.reach.all') : parts.join(', ')
  }
}
