import { useNavigate, useSearch } from '@tanstack/react-router'
import { Button, Segmented, Select } from 'antd'
import { useMemo } from 'react'
import { taskKinds } from '../../../contract/entities/task.ts'
import { useText } from '../../i18n/language.tsx'
import { Loaded, Nothing } from '../../ui/states.tsx'
import { useFactNames } from '../network/facts.ts'
import { useBusinessNow } from '../session/business-now.ts'
import { useSession } from '../session/session.ts'
import { TaskItem } from './task-item.tsx'
import { type TaskSearch, taskSearchOf, whose } from './task-search.ts'
import { useTasks } from './tasks.ts'
import './tasks.css'

/** What the hub could not settle by itself, what is due first on top: take it, hand it on, end it. */
export function TasksPage() {
  const t = useText()
  const search = useSearch({ from: '/tasks' })
  const asked = useTasks(search)
  const now = useBusinessNow()
  const tasks = useMemo(() => asked.data?.pages.flatMap((page) => page.items), [asked.data])
  const isFiltered = search.who !== undefined || search.kind !== undefined || search.nodeId !== undefined
  return (
    <div className="page tasks">
      <div className="head">
        <h1>{t('task.title')}</h1>
        <Filters search={search} />
      </div>
      <Loaded of={{ ...asked, data: tasks }}>
        {(all) =>
          all.length === 0 ? (
            <Nothing
              title={t(search.state === 'done' ? 'task.none.done' : isFiltered ? 'task.none.match' : 'task.none')}
              hint={t(isFiltered ? 'task.none.match.hint' : 'task.none.hint')}
            />
          ) : (
            <>
              <ul className="task-list" aria-label={t('task.title')}>
                {all.map((task) => (
                  <TaskItem key={task.taskId} task={task} now={now} />
                ))}
              </ul>
              <div className="task-more">
                {asked.hasNextPage ? (
                  <Button loading={asked.isFetchingNextPage} onClick={() => void asked.fetchNextPage()}>
                    {t('state.more')}
                  </Button>
                ) : (
                  <span className="muted">{t('state.end')}</span>
                )}
              </div>
            </>
          )
        }
      </Loaded>
    </div>
  )
}

function Filters({ search }: { readonly search: TaskSearch }) {
  const t = useText()
  const navigate = useNavigate({ from: '/tasks' })
  const { session } = useSession()
  const { nodes } = useFactNames()
  const set = (name: keyof TaskSearch, value: string | undefined) =>
    void navigate({ search: (was) => taskSearchOf({ ...was, [name]: value }), replace: true })
  const canOwn = session.permissions.includes('task.work')
  return (
    <div className="spread">
      {canOwn && (
        <Segmented
          aria-label={t('task.filter.who')}
          value={search.who ?? 'all'}
          options={(['all', ...whose] as const).map((value) => ({ value, label: t(value === 'all' ? 'state.all' : `task.who.${value}`) }))}
          onChange={(next) => set('who', next === 'all' ? undefined : next)}
        />
      )}
      <Segmented
        aria-label={t('task.filter.state')}
        value={search.state ?? 'open'}
        options={(['open', 'done'] as const).map((value) => ({ value, label: t(`task.state.${value}`) }))}
        onChange={(next) => set('state', next)}
      />
      <Select
        allowClear
        placeholder={t('task.filter.kind')}
        aria-label={t('task.filter.kind')}
        value={search.kind ?? null}
        popupMatchSelectWidth={false}
        style={{ minWidth: 150 }}
        options={taskKinds.map((value) => ({ value, label: t(`task.kind.${value}`) }))}
        onChange={(next: string | null) => set('kind', next ?? undefined)}
      />
      <Select
        allowClear
        showSearch={{ optionFilterProp: 'label' }}
        placeholder={t('task.filter.node')}
        aria-label={t('task.filter.node')}
        value={search.nodeId ?? null}
        popupMatchSelectWidth={false}
        style={{ minWidth: 150 }}
        options={[...nodes].map(([value, label]) => ({ value, label }))}
        onChange={(next: string | null) => set('nodeId', next ?? undefined)}
      />
    </div>
  )
}
