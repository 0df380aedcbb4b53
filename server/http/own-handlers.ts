import type { AsyncApiDocument } from './asyncapi.ts'
import { CONSOLE_POLICY } from './console-files.ts'
import { docsPage } from './docs-page.ts'
import type { OwnName, Success } from './handler.ts'
import type { OpenApiDocument } from './openapi.ts'
import { SurfaceError } from './problems.ts'
import type { AnyHandler } from './route-json.ts'
import type { Surface } from './surface.ts'

/** What the surface answers about itself. */
export function ownHandlers(
  surface: Surface,
  document: OpenApiDocument,
  messages: AsyncApiDocument,
): Readonly<Record<Exclude<OwnName, 'event.stream'>, AnyHandler>> {
  const done = (value: unknown, headers?: Record<string, string>): Promise<Success<unknown>> =>
    Promise.resolve(headers === undefined ? { status: 'done', value } : { status: 'done', value, headers })
  const pages = { en: docsPage(document, 'en'), zh: docsPage(document, 'zh') }
  const page: AnyHandler = (flight, input) => {
    const query: unknown = Reflect.get(Object(input), 'query')
    const asked: unknown = Reflect.get(Object(query), 'lang')
    const { html, policy } = pages[asked === 'zh' || asked === 'en' ? asked : flight.language]
    return done(html, { 'content-security-policy': policy, ...PAGE_HEADERS })
  }
  return {
    'hub.live': () => done({ status: 'live' }),
    'hub.ready': async () => {
      const missing = surface.draining ? { en: 'the hub is stopping', zh: '系统正在停止' } : surface.deps.notReady()
      if (missing !== undefined) throw new SurfaceError('not_ready', missing, { retryAfterSeconds: 1 })
      return done({ status: 'ready' })
    },
    'hub.metrics': async () => {
      const gauges = `# TYPE fulcrum_http_requests_in_flight gauge\nfulcrum_http_requests_in_flight ${surface.flights.size}\n`
      return done(`${(await surface.deps.metricsText?.()) ?? ''}${gauges}${surface.metrics.render()}`)
    },
    'hub.openapi': () => done(document),
    'hub.asyncapi': () => done(messages),
    'hub.home': (flight, input) => {
      const shown = surface.deps.console?.page
      if (shown === undefined) return page(flight, input)
      return done(shown, { 'content-security-policy': CONSOLE_POLICY, ...PAGE_HEADERS })
    },
    'hub.docs': page,
  }
}

/** What helmet would add to a page; set here because pages are answered past fastify's hooks. */
export const PAGE_HEADERS = {
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  vary: 'accept-language',
}
