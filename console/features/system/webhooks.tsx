import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button, Popconfirm, Table, Tag } from 'antd'
import { useState } from 'react'
import { type Answer, hub } from '../../api/hub.ts'
import { useFormat } from '../../i18n/format.ts'
import { useText } from '../../i18n/language.tsx'
import { useReason } from '../../ui/reason.ts'
import { Loaded, Nothing } from '../../ui/states.tsx'
import { useUndo } from '../../ui/use-undo.tsx'
import { allOf } from '../network/facts.ts'
import { useEventTitle } from '../order/event-title.ts'
import { useMay } from '../session/session.ts'
import { Deliveries } from './deliveries.tsx'
import { NewWebhook, SecretShown } from './new-webhook.tsx'

export type Webhook = Answer<'webhook.list'>['items'][number]
type Doing = 'test' | 'pause' | 'resume' | 'rotate' | 'delete'

const tones = { active: 'success', paused: 'warning', gone: 'error', expired: 'error', ownerless: 'error' } as const

/** Where the log is sent on to: how far each target is behind, what it answered, and what can be done about it. */
export function Webhooks() {
  const t = useText()
  const may = useMay()
  const [isMaking, make] = useState(false)
  const [secret, showSecret] = useState<string>()
  const asked = useQuery({
    queryKey: ['webhooks'],
    queryFn: () => allOf((cursor) => hub.call('webhook.list', { query: { limit: 200, ...(cursor === undefined ? {} : { cursor }) } })),
    refetchInterval: 5_000,
  })
  return (
    <div className="stack">
      {may('webhook.write') && (
        <div>
          <Button type="primary" onClick={() => make(true)}>
            {t('webhook.new')}
          </Button>
        </div>
      )}
      <Loaded of={asked}>{(webhooks) => <Targets webhooks={webhooks} onSecret={showSecret} />}</Loaded>
      {isMaking && (
        <NewWebhook
          onClose={() => make(false)}
          onMade={(made) => {
            make(false)
            showSecret(made)
          }}
        />
      )}
      {secret !== undefined && <SecretShown secret={secret} onClose={() => showSecret(undefined)} />}
    </div>
  )
}

function Targets({ webhooks, onSecret }: { readonly webhooks: readonly Webhook[]; readonly onSecret: (secret: string) => void }) {
  const t = useText()
  const format = useFormat()
  const titleOf = useEventTitle()
  return (
    <Table<Webhook>
      rowKey="webhookId"
      size="small"
      scroll={{ x: true }}
      pagination={{ pageSize: 50, hideOnSinglePage: true }}
      dataSource={webhooks}
      locale={{ emptyText: <Nothing title={t('webhook.none')} hint={t('webhook.none.hint')} /> }}
      expandable={{
        expandedRowRender: (webhook) => <Deliveries webhookId={webhook.webhookId} />,
        columnTitle: <span className="unseen">{t('webhook.deliveries')}</span>,
      }}
      columns={[
        {
          title: t('network.col.name'),
          key: 'name',
          render: (_, webhook) => (
            <>
              {webhook.name}
              <div className="mono muted">{webhook.url}</div>
            </>
          ),
        },
        {
          title: t('webhook.col.types'),
          key: 'types',
          render: (_, { filters }) => filters.types?.map(titleOf).join(', ') ?? t('state.all'),
        },
        {
          title: t('webhook.col.lag'),
          key: 'lag',
          align: 'end',
          render: (_, { lag }) => <span className="num">{t('webhook.lag', { n: format.number(lag) })}</span>,
        },
        {
          title: t('system.col.state'),
          key: 'state',
          render: (_, { state, restsUntil }) => (
            <>
              <Tag color={tones[state]}>{t(`webhook.state.${state}`)}</Tag>
              {restsUntil !== undefined && <span className="muted">{t('webhook.rests', { at: format.at(restsUntil) })}</span>}
            </>
          ),
        },
        { key: 'do', render: (_, webhook) => <Doings webhook={webhook} onSecret={onSecret} /> },
      ]}
    />
  )
}

function useDoing(webhookId: string, onSecret: (secret: string) => void) {
  const t = useText()
  const reasonOf = useReason()
  const { message } = App.useApp()
  const queries = useQueryClient()
  const offerUndo = useUndo()
  const params = { webhookId }
  return useMutation({
    mutationFn: async (doing: Doing) => {
      switch (doing) {
        case 'test': {
          const { delivered, answer, problem, tookMs } = await hub.call('webhook.test', { params })
          if (!delivered) throw new Error(problem ?? t('webhook.answered', { status: answer ?? '–' }))
          return t('webhook.answeredIn', { status: answer ?? '–', ms: tookMs })
        }
        case 'pause':
          await hub.call('webhook.pause', { params })
          break
        case 'resume':
          await hub.call('webhook.resume', { params })
          break
        case 'rotate':
          onSecret((await hub.call('webhook.rotate', { params, body: {} })).secret)
          break
        case 'delete':
          await hub.call('webhook.delete', { params })
      }
      return t('state.done')
    },
    onSuccess: (done, doing) => {
      if (doing !== 'pause') return void message.success(done)
      return offerUndo(t('webhook.do.pause'), async () => {
        await hub.call('webhook.resume', { params })
        await queries.invalidateQueries({ queryKey: ['webhooks'] })
      })
    },
    onError: (error) => void message.error(reasonOf(error)),
    onSettled: () => void queries.invalidateQueries({ queryKey: ['webhooks'] }),
  })
}

function Doings({ webhook, onSecret }: { readonly webhook: Webhook; readonly onSecret: (secret: string) => void }) {
  const t = useText()
  const may = useMay()
  const act = useDoing(webhook.webhookId, onSecret)
  if (!may('webhook.write')) return null
  const plain = ['test', webhook.state === 'active' ? 'pause' : 'resume'] as const
  return (
    <div className="row">
      {plain.map((doing) => (
        <Button key={doing} size="small" loading={act.isPending && act.variables === doing} onClick={() => act.mutate(doing)}>
          {t(`webhook.do.${doing}`)}
        </Button>
      ))}
      {(['rotate', 'delete'] as const).map((doing) => (
        <Popconfirm
          key={doing}
          title={t(`webhook.do.${doing}.effect`)}
          okText={t(`webhook.do.${doing}`)}
          okButtonProps={{ danger: doing === 'delete' }}
          cancelText={t('state.cancel')}
          onConfirm={() => act.mutate(doing)}
        >
          <Button size="small" danger={doing === 'delete'}>
            {t(`webhook.do.${doing}`)}
          </Button>
        </Popconfirm>
      ))}
    </div>
  )
}
