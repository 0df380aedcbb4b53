import { createRootRoute, createRoute, createRouter, redirect } from '@tanstack/react-router'
import { networkSearchOf } from './features/network/network-search.ts'
import { reportSearchOf } from './features/overview/report-search.ts'
import { searchOf } from './features/orders/order-search.ts'
import { NotFound, Shell } from './features/shell/shell.tsx'
import { taskSearchOf } from './features/tasks/task-search.ts'
import { Broken } from './ui/states.tsx'
import { part } from './ui/part.tsx'

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound })
const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/now' })
  },
})
const now = createRoute({
  getParentRoute: () => root,
  path: '/now',
  component: part(async () => (await import('./features/now/now-page.tsx')).NowPage),
})
const overview = createRoute({
  getParentRoute: () => root,
  path: '/overview',
  validateSearch: reportSearchOf,
  component: part(async () => (await import('./features/overview/overview-page.tsx')).OverviewPage),
})
const orders = createRoute({
  getParentRoute: () => root,
  path: '/orders',
  validateSearch: searchOf,
  component: part(async () => (await import('./features/orders/orders-page.tsx')).OrdersPage),
})
const order = createRoute({
  getParentRoute: () => root,
  path: '/orders/$orderId',
  component: part(async () => (await import('./features/order/order-page.tsx')).OrderPage),
})
const work = createRoute({
  getParentRoute: () => root,
  path: '/work',
  validateSearch: (given: Record<string, unknown>): { nodeId?: string; show?: string; scan?: string } => ({
    ...(typeof given['nodeId'] === 'string' ? { nodeId: given['nodeId'] } : {}),
    ...(typeof given['show'] === 'string' ? { show: given['show'] } : {}),
    // A code of digits alone is read as a number.
    ...(typeof given['scan'] === 'string' || typeof given['scan'] === 'number' ? { scan: String(given['scan']) } : {}),
  }),
  component: part(async () => (await import('./features/work/work-page.tsx')).WorkPage),
})
const tasks = createRoute({
  getParentRoute: () => root,
  path: '/tasks',
  validateSearch: taskSearchOf,
  component: part(async () => (await import('./features/tasks/tasks-page.tsx')).TasksPage),
})
const stock = createRoute({
  getParentRoute: () => root,
  path: '/stock',
  validateSearch: (given: Record<string, unknown>): { sku?: string } => (typeof given['sku'] === 'string' ? { sku: given['sku'] } : {}),
  component: part(async () => (await import('./features/stock/stock-page.tsx')).StockPage),
})
const network = createRoute({
  getParentRoute: () => root,
  path: '/network',
  validateSearch: networkSearchOf,
  component: part(async () => (await import('./features/network/network-page.tsx')).NetworkPage),
})
const system = createRoute({
  getParentRoute: () => root,
  path: '/system',
  component: part(async () => (await import('./features/system/system-page.tsx')).SystemPage),
})
const demo = createRoute({
  getParentRoute: () => root,
  path: '/demo',
  component: part(async () => (await import('./features/demo/demo-page.tsx')).DemoPage),
})

export const router = createRouter({
  routeTree: root.addChildren([home, now, overview, orders, order, work, tasks, stock, network, system, demo]),
  defaultErrorComponent: Broken,
  defaultPreload: 'intent',
  scrollRestoration: true,
})
declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
