import { useMemo } from 'react'
import type { Permission } from '../../../contract/access.ts'
import type { MessageKey } from '../../i18n/en.ts'
import { useSession } from '../session/session.ts'

/** The pages, once: menu, palette and shortcuts are derived from this. `key` is pressed after g. */
export const pages = [
  { to: '/now', key: 'n', title: 'nav.now', permission: 'order.read' },
  { to: '/overview', key: 'v', title: 'nav.overview', permission: 'report.read' },
  { to: '/orders', key: 'o', title: 'nav.orders', permission: 'order.read' },
  { to: '/work', key: 'w', title: 'nav.work', permission: 'fulfillment.read' },
  { to: '/tasks', key: 't', title: 'nav.tasks', permission: 'task.read' },
  { to: '/stock', key: 's', title: 'nav.stock', permission: 'stock.read' },
  { to: '/network', key: 'e', title: 'nav.network', permission: 'facts.read' },
  { to: '/system', key: 'y', title: 'nav.system', permission: 'facts.read' },
  { to: '/demo', key: 'd', title: 'nav.demo', permission: 'hub.read', isDemo: true },
] as const satisfies readonly Page[]

type Page = {
  readonly to: string
  readonly key: string
  readonly title: MessageKey
  readonly permission: Permission
  /** There only where the demo's world runs. */
  readonly isDemo?: true
}

/** The pages of who is signed in. */
export function usePages(): readonly (typeof pages)[number][] {
  const { session } = useSession()
  return useMemo(
    () => pages.filter((page) => session.permissions.includes(page.permission) && (!('isDemo' in page) || session.demo === true)),
    [session],
  )
}
