import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Alert, App, Button, Segmented, Select } from 'antd'
import { useCallback, useMemo } from 'react'
import { hub } from '../../api/hub.ts'
import { useText } from '../../i18n/language.tsx'
import { problemOf, useReason } from '../../ui/reason.ts'
import { Loaded, Nothing } from '../../ui/states.tsx'
import { useFactNames } from '../network/facts.ts'
import { useSession } from '../session/session.ts'
import { isOfWork } from './scan.ts'
import { ScanField } from './scan-field.tsx'
import { useTaps } from './use-taps.ts'
import { useWedge } from './use-wedge.ts'
import { WorkCard } from './work-card.tsx'
import './work.css'

const shows = ['open', 'handedOver', 'done', 'cancelled'] as const

/** A node's queue, made for a phone in one hand: what is due first stands first, the next step is the big button. */
export function WorkPage() {
  const t = useText()
  const reasonOf = useReason()
  const { message } = App.useApp()
  const { session } = useSession()
  const search = useSearch({ from: '/work' })
  const nodeId = search.nodeId ?? (session.scope.nodes?.length === 1 ? session.scope.nodes[0] : undefined)
  const show = shows.find((one) => one === search.show) ?? 'open'
  const refused = useCallback(
    (error: unknown) => {
      const problem = problemOf(error)
      const reason = reasonOf(error)
      if (problem === undefined || problem.title === reason) void message.error(reason)
      // Which verbs of the API are possible instead says nothing to who works here: the buttons show it.
      else if (problem.code === 'action_not_allowed') void message.error(problem.title)
      else void message.error(t('state.refused', { title: problem.title, reason }))
    },
    [message, reasonOf, t],
  )
  const { waiting, tap } = useTaps(refused)
  const { scanned, setScanned, named } = useScanned()
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
      <ScanField label={t('work.scan')} value={scanned} onCode={setScanned} />
      <Loaded of={{ ...asked, data: works }}>
        {(all) => {
          const shown = (named === undefined ? all : [named]).filter((work) => isOfWork(work, scanned))
          return (
            <>
              {all.length === 0 && shown.length === 0 && <Nothing title={t('work.empty')} hint={t('work.empty.hint')} />}
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

/** What was scanned, as the address has it; work that it names by its id is fetched, wherever in the queue it stands. */
function useScanned() {
  const { scan: scanned = '' } = useSearch({ from: '/work' })
  const navigate = useNavigate({ from: '/work' })
  const setScanned = useCallback(
    (code: string) =>
      void navigate({ search: ({ scan: _, ...was }) => ({ ...was, ...(code.trim() === '' ? {} : { scan: code.trim() }) }), replace: true }),
    [navigate],
  )
  useWedge(setScanned)
  const named = useQuery({
    queryKey: ['works', 'one', scanned],
    enabled: scanned.startsWith('ful_'),
    queryFn: () => hub.call('fulfillment.get', { params: { fulfillmentOrderId: scanned } }),
  })
  return { scanned, setScanned, named: scanned.startsWith('ful_') ? named.data : undefined }
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
