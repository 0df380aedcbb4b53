import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Alert, App, Button, Input, Segmented, Select } from 'antd'
import { useCallback, useMemo, useState } from 'react'
import { hub, ProblemError } from '../../api/hub.ts'
import { useText } from '../../i18n/language.tsx'
import { Loaded, Nothing } from '../../ui/states.tsx'
import { useFactNames } from '../network/facts.ts'
import { useSession } from '../session/session.ts'
import { useTaps } from './use-taps.ts'
import type { Work } from './work.ts'
import { WorkCard } from './work-card.tsx'

const shows = ['open', 'handedOver', 'done', 'cancelled'] as const

/** A node's queue, made for a phone in one hand: what is due first stands first, the next step is the big button. */
export function WorkPage() {
  const t = useText()
  const { message } = App.useApp()
  const { session } = useSession()
  const search = useSearch({ from: '/work' })
  const nodeId = search.nodeId ?? (session.scope.nodes?.length === 1 ? session.scope.nodes[0] : undefined)
  const show = shows.find((one) => one === search.show) ?? 'open'
  const refused = useCallback(
    (error: unknown) =>
      void message.error(error instanceof ProblemError ? `${error.problem.title}: ${error.problem.detail}` : String(error)),
    [message],
  )
  const { waiting, tap } = useTaps(refused)
  const [scanned, setScanned] = useState(search.scan ?? '')
  const asked = useInfiniteQuery({
    queryKey: ['works', nodeId, show],
    queryFn: ({ pageParam, signal }) =>
      hub.call(
        'fulfillment.list',
        {
          query: {
            limit: 30,
            ...(nodeId === undefined ? {} : { nodeId }),
            ...(show === 'open' ? {} : { work: show }),
            ...(pageParam === undefined ? {} : { cursor: pageParam }),
          },
        },
        { signal },
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  })
  const works = useMemo(() => asked.data?.pages.flatMap((page) => page.items), [asked.data])
  const { nodes } = useFactNames()
  return (
    <div className="page" style={{ maxWidth: 900 }}>
      <div className="head">
        <h1>{nodeId === undefined ? t('work.queue.all') : t('work.queue', { node: nodes.get(nodeId) ?? nodeId })}</h1>
        <WorkFilters nodeId={nodeId} show={show} />
      </div>
      {waiting > 0 && <Alert type="warning" showIcon title={t('work.kept', { n: waiting })} style={{ marginBottom: 12 }} />}
      <Input.Search
        allowClear
        size="large"
        defaultValue={scanned}
        placeholder={t('work.scan')}
        aria-label={t('work.scan')}
        style={{ marginBottom: 12 }}
        onSearch={(code) => setScanned(code.trim())}
      />
      <Loaded of={{ ...asked, data: works }}>
        {(all) => {
          const shown = all.filter((work) => isScanned(work, scanned))
          return (
            <>
              {all.length === 0 && <Nothing title={t('work.empty')} hint={t('work.empty.hint')} />}
              {all.length > 0 && shown.length === 0 && <Nothing title={t('work.scan.none', { code: scanned })} />}
              {shown.map((work) => (
                <WorkCard key={work.fulfillmentOrderId} work={work} onTap={tap} isAlone={shown.length === 1} />
              ))}
              {asked.hasNextPage && (
                <div style={{ textAlign: 'center', marginTop: 16 }}>
                  <Button loading={asked.isFetchingNextPage} onClick={() => void asked.fetchNextPage()}>
                    {t('state.more')}
                  </Button>
                </div>
              )}
            </>
          )
        }}
      </Loaded>
    </div>
  )
}

/** A scan names an item, an order, a parcel or the work itself. */
function isScanned(work: Work, code: string): boolean {
  if (code === '') return true
  const names = [work.externalRef, work.orderId, work.fulfillmentOrderId]
  return (
    names.includes(code) ||
    work.lines.some((line) => line.sku.toLowerCase() === code.toLowerCase()) ||
    work.parcels.some((parcel) => parcel.trackingNo === code)
  )
}

function WorkFilters({ nodeId, show }: { readonly nodeId: string | undefined; readonly show: (typeof shows)[number] }) {
  const t = useText()
  const navigate = useNavigate({ from: '/work' })
  const { nodes } = useFactNames()
  return (
    <div className="spread">
      <Select
        allowClear
        showSearch={{ optionFilterProp: 'label' }}
        placeholder={t('work.pickNode')}
        aria-label={t('work.node')}
        value={nodeId ?? null}
        style={{ minWidth: 180 }}
        options={[...nodes].map(([value, label]) => ({ value, label }))}
        onChange={(next: string | null) =>
          void navigate({ search: (was) => ({ ...(was.show === undefined ? {} : { show: was.show }), ...(next ? { nodeId: next } : {}) }) })
        }
      />
      <Segmented
        value={show}
        options={shows.map((value) => ({ value, label: value === 'open' ? t('work.show.open') : t(`work.stage.${value}`) }))}
        onChange={(next) => void navigate({ search: (was) => ({ ...was, show: String(next) }) })}
      />
    </div>
  )
}
