import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { App } from 'antd'
import { useCallback, useMemo } from 'react'
import { type Answer, hub } from '../../api/hub.ts'
import { useText } from '../../i18n/language.tsx'
import { useReason } from '../../ui/reason.ts'
import { allOf } from '../network/facts.ts'
import { useKeys } from '../session/keys.ts'
import { useMay, useSession } from '../session/session.ts'
import { taskQueryOf, type TaskSearch } from './task-search.ts'

export type Task = Answer<'task.list'>['items'][number]
export type Assignee = Answer<'task.assignees'>['items'][number]

const PAGE = 30
/** A task that nothing happens to becomes overdue all the same. */
const AGAIN_MS = 60_000

export function useTasks(search: TaskSearch) {
  const { session } = useSession()
  const query = taskQueryOf(search, session.credentialId)
  return useInfiniteQuery({
    queryKey: ['tasks', query],
    queryFn: ({ pageParam, signal }) =>
      hub.call('task.list', { query: { ...query, limit: PAGE, ...(pageParam === undefined ? {} : { cursor: pageParam }) } }, { signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
    refetchInterval: AGAIN_MS,
  })
}

/** Who may be given a task; nobody for those who may not give one. */
export function useAssignees(): readonly Assignee[] {
  const may = useMay()
  const asked = useQuery({
    queryKey: ['assignees'],
    enabled: may('task.work'),
    queryFn: () => allOf((cursor) => hub.call('task.assignees', { query: { limit: 200, ...(cursor === undefined ? {} : { cursor }) } })),
    staleTime: 300_000,
  })
  return asked.data ?? []
}

/** What stands in the place of the id of a person or a program: its name where the reader may see who works here, and which keys there are. */
export function useAssigneeName(): (assignee: string) => string {
  const t = useText()
  const { session } = useSession()
  const people = useAssignees()
  const keys = useKeys().data
  const names = useMemo(
    () =>
      new Map([
        ...people.map(({ assignee, name }) => [assignee, name] as const),
        ...(keys ?? []).map(({ credentialId, name }) => [credentialId, name] as const),
      ]),
    [people, keys],
  )
  return useCallback(
    (assignee) =>
      assignee === session.credentialId
        ? t('task.you')
        : (names.get(assignee) ?? t(assignee.startsWith('key_') ? 'task.program' : 'task.somebody')),
    [names, session.credentialId, t],
  )
}

export type TaskDoing =
  | { readonly doing: 'assign'; readonly taskId: string; readonly assignee?: string }
  | { readonly doing: 'done'; readonly taskId: string; readonly reason: string }

export function useDoTask() {
  const t = useText()
  const reasonOf = useReason()
  const { message } = App.useApp()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (asked: TaskDoing) => {
      const params = { taskId: asked.taskId }
      if (asked.doing === 'done') return hub.call('task.done', { params, body: { reason: asked.reason } })
      return hub.call('task.assign', { params, body: asked.assignee === undefined ? {} : { assignee: asked.assignee } })
    },
    onSuccess: () => void message.success(t('state.done')),
    onError: (error) => void message.error(reasonOf(error)),
    onSettled: () => void queries.invalidateQueries({ queryKey: ['tasks'] }),
  })
}
