import { type TaskKind, taskKinds } from '../../../contract/entities/task.ts'

export const whose = ['mine', 'unowned'] as const
/** The filters of the page as they stand in its address. */
export type TaskSearch = {
  readonly who?: (typeof whose)[number]
  readonly kind?: TaskKind
  readonly nodeId?: string
  readonly state?: 'done'
}

/** What of an address is understood; the rest of it is dropped. */
export function taskSearchOf(given: Record<string, unknown>): TaskSearch {
  const who = whose.find((one) => one === given['who'])
  const kind = taskKinds.find((one) => one === given['kind'])
  const { nodeId } = given
  return {
    ...(who === undefined ? {} : { who }),
    ...(kind === undefined ? {} : { kind }),
    ...(typeof nodeId === 'string' && nodeId !== '' ? { nodeId } : {}),
    ...(given['state'] === 'done' ? { state: 'done' as const } : {}),
  }
}

type TaskQuery = Pick<TaskSearch, 'kind' | 'nodeId' | 'state'> & { readonly assignee?: string; readonly unassigned?: true }
/** The hub's query for these filters, asked by `me`. */
export function taskQueryOf({ who, kind, nodeId, state }: TaskSearch, me: string): TaskQuery {
  return {
    ...(who === 'mine' ? { assignee: me } : {}),
    ...(who === 'unowned' ? { unassigned: true } : {}),
    ...(kind === undefined ? {} : { kind }),
    ...(nodeId === undefined ? {} : { nodeId }),
    ...(state === undefined ? {} : { state }),
  }
}
