import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { App, Button, Dropdown, Input, Modal } from 'antd'
import { useEffect, useState } from 'react'
import { type Answer, hub } from '../../api/hub.ts'
import { useText } from '../../i18n/language.tsx'
import { ProblemAlert } from '../../ui/states.tsx'
import { useUndo } from '../../ui/use-undo.tsx'
import { type Filters, keptOf, searchOf } from './order-search.ts'

type View = Answer<'view.get'>
const KEY = ['views']

/** The reader's own views of the list: chosen, kept under a name, shared by a link. */
export function SavedViews({ search }: { readonly search: Filters }) {
  const t = useText()
  const navigate = useNavigate({ from: '/orders' })
  const views = useQuery({ queryKey: KEY, queryFn: () => hub.call('view.list', {}) })
  const [open, setOpen] = useState<'save' | 'manage'>()
  const own = views.data?.items ?? []
  const current = own.find((view) => isSame(view, search))
  return (
    <>
      <Dropdown
        trigger={['click']}
        menu={{
          selectedKeys: current === undefined ? [] : [current.viewId],
          items: [
            ...own.map((view) => ({ key: view.viewId, label: view.name, onClick: () => void navigate({ search: searchOf(view.search) }) })),
            ...(own.length === 0 ? [] : [{ type: 'divider' as const }]),
            { key: 'save', label: t('views.save'), disabled: Object.keys(keptOf(search)).length === 0, onClick: () => setOpen('save') },
            { key: 'manage', label: t('views.manage'), disabled: own.length === 0, onClick: () => setOpen('manage') },
          ],
        }}
      >
        <Button>{current?.name ?? t('views.title')} ▾</Button>
      </Dropdown>
      {open === 'save' && <SaveView search={search} onClose={() => setOpen(undefined)} />}
      {open === 'manage' && <ManageViews views={own} onClose={() => setOpen(undefined)} />}
    </>
  )
}

const isSame = (view: View, search: Filters): boolean => JSON.stringify(keptOf(searchOf(view.search))) === JSON.stringify(keptOf(search))

/** A link to a view becomes its filters: what the reader then changes is theirs. */
export function useSharedView(viewId: string | undefined): unknown {
  const navigate = useNavigate({ from: '/orders' })
  const shared = useQuery({
    queryKey: ['views', viewId],
    queryFn: () => hub.call('view.get', { params: { viewId: viewId ?? '' } }),
    enabled: viewId !== undefined,
  })
  const { data } = shared
  useEffect(() => {
    if (viewId !== undefined && data !== undefined) void navigate({ search: searchOf(data.search), replace: true })
  }, [viewId, data, navigate])
  return shared.error
}

function SaveView({ search, onClose }: { readonly search: Filters; readonly onClose: () => void }) {
  const t = useText()
  const queries = useQueryClient()
  const [name, setName] = useState('')
  const save = useMutation({
    mutationFn: () => hub.call('view.save', { body: { name: name.trim(), search: keptOf(search) } }),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: KEY })
      onClose()
    },
  })
  const isNamed = name.trim() !== ''
  return (
    <Modal
      open
      title={t('views.save')}
      okText={t('views.save.ok')}
      cancelText={t('state.cancel')}
      okButtonProps={{ disabled: !isNamed, loading: save.isPending }}
      onCancel={onClose}
      onOk={() => save.mutate()}
    >
      <label className="stack">
        {t('views.name')}
        <Input
          autoFocus
          maxLength={80}
          value={name}
          onChange={(event) => setName(event.target.value)}
          onPressEnter={() => isNamed && save.mutate()}
        />
      </label>
      <p className="muted">{t(search.q === undefined ? 'views.save.hint' : 'views.save.hint.q')}</p>
      {save.error !== null && <ProblemAlert error={save.error} />}
    </Modal>
  )
}

function ManageViews({ views, onClose }: { readonly views: readonly View[]; readonly onClose: () => void }) {
  const t = useText()
  const queries = useQueryClient()
  const { message } = App.useApp()
  const offerUndo = useUndo()
  const drop = useMutation({
    mutationFn: ({ viewId }: View) => hub.call('view.delete', { params: { viewId } }),
    onSuccess: (_, { name, search }) => {
      void queries.invalidateQueries({ queryKey: KEY })
      offerUndo(t('views.deleted', { name }), async () => {
        await hub.call('view.save', { body: { name, search } })
        await queries.invalidateQueries({ queryKey: KEY })
      })
    },
  })
  const share = async (view: View) => {
    await navigator.clipboard.writeText(`${location.origin}/orders?view=${view.viewId}`)
    void message.success(t('views.copied'))
  }
  return (
    <Modal open title={t('views.manage')} footer={null} onCancel={onClose}>
      <ul className="bulk-outcomes">
        {views.map((view) => (
          <li key={view.viewId} className="between">
            <span>{view.name}</span>
            <span className="row">
              <Button size="small" onClick={() => void share(view)}>
                {t('views.share')}
              </Button>
              <Button size="small" danger loading={drop.isPending && drop.variables === view} onClick={() => drop.mutate(view)}>
                {t('views.delete')}
              </Button>
            </span>
          </li>
        ))}
      </ul>
      {drop.error !== null && <ProblemAlert error={drop.error} />}
    </Modal>
  )
}
