import type { SavedView } from '../../contract/capabilities/view.ts'
import { type IdSource, parseId } from '../kernel/ids.ts'
import { done, refuse } from '../kernel/outcome.ts'
import { instant, toIso } from '../kernel/time.ts'
import { type Pool, transaction } from '../store/database.ts'
import { deleteView, readOwnViews, readView, saveView, type View } from '../store/views.ts'
import type { Handlers } from './handler.ts'

/** Views one credential keeps at most. */
export const VIEWS_MAX = 50

type Deps = { readonly pool: Pool; readonly ids: IdSource; readonly wallNow: () => number }

/** Saved views of lists: kept by whoever made them, read by whoever has the link; what a view shows is the reader's own scope. */
export function viewHandlers({ pool, ids, wallNow }: Deps): Pick<Handlers, 'view.list' | 'view.get' | 'view.save' | 'view.delete'> {
  return {
    'view.list': async ({ principal: { credentialId } }) =>
      done({ items: (await readOwnViews(pool, credentialId, VIEWS_MAX)).map((view) => shown(view, credentialId)) }),

    'view.get': async ({ principal: { credentialId } }, { params }) => {
      const viewId = parseId('viw', params.viewId)
      const view = viewId === undefined ? undefined : await readView(pool, viewId)
      return view === undefined ? unknown(params.viewId) : done(shown(view, credentialId))
    },

    'view.save': async ({ principal: { credentialId } }, { body }) => {
      const view: View = { viewId: ids.next('viw', 0), ownerId: credentialId, ...body, savedAt: instant(wallNow()) }
      const saved = await transaction(pool, (client) => saveView(client, view, VIEWS_MAX))
      if (saved !== undefined) return done(shown(saved, credentialId))
      return refuse(
        'views_too_many',
        {
          en: `expected at most ${VIEWS_MAX} views: delete one, or replace one by its name`,
          zh: `最多保存 ${VIEWS_MAX} 个视图：请删除一个，或以同名视图替换`,
        },
        { expected: VIEWS_MAX },
      )
    },

    'view.delete': async ({ principal: { credentialId } }, { params }) => {
      const viewId = parseId('viw', params.viewId)
      const isGone = viewId !== undefined && (await deleteView(pool, viewId, credentialId))
      return isGone ? done({ deleted: true }) : unknown(params.viewId)
    },
  }
}

const shown = ({ viewId, name, search, ownerId, savedAt }: View, credentialId: string): SavedView => ({
  viewId,
  name,
  search,
  own: ownerId === credentialId,
  savedAt: toIso(savedAt),
})

const unknown = (viewId: string) =>
  refuse('view_unknown', { en: 'there is no such view', zh: '没有该视图' }, { pointer: '/viewId', got: viewId })
