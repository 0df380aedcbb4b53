import { after } from 'node:test'
import { permissionsOfRole, type Role } from '../../contract/access.ts'
import { capabilityList } from '../../contract/registry.ts'
import type { Principal } from '../../server/domain/access/principal.ts'
import { buildApp, type App } from '../../server/http/app.ts'
import type { Handlers } from '../../server/http/handler.ts'
import type { AppDeps, Authenticated } from '../../server/http/surface.ts'
import { refuse } from '../../server/kernel/outcome.ts'

export const principalOf = (role: Role): Principal => ({
  credentialId: `key_${role}`,
  kind: 'key',
  name: role,
  role,
  permissions: new Set(permissionsOfRole[role]),
  scope: {},
})

const principals = new Map<string, Principal>(
  (['admin', 'floor', 'agent', 'carrier', 'integrator'] as const).map((role) => [role, principalOf(role)]),
)

/** `Bearer <role>` is a credential of that role; anything else is invalid. */
export function authenticateByRole(request: { headers: { authorization?: string | undefined } }): Authenticated {
  const header = request.headers.authorization
  if (header === undefined) return undefined
  return principals.get(header.replace(/^Bearer /, '')) ?? refuse('credential_invalid', { en: 'the key is not known', zh: '密钥不存在' })
}

const unused: Handlers = Object.fromEntries(
  capabilityList.map((capability) => [capability.name, () => Promise.reject(new Error(`${capability.name} is not part of this test`))]),
) as unknown as Handlers

export type Running = { readonly app: App; readonly url: string; readonly logged: string[] }

/** The real surface over handlers given by the test; listens on a free port and closes after the test file. */
export async function startApp(handlers: Partial<Handlers>, more: Partial<AppDeps> = {}): Promise<Running> {
  const logged: string[] = []
  const note = (data: object, message: string): void => void logged.push(`${message} ${String(Reflect.get(data, 'error'))}`)
  const app = buildApp({
    handlers: { ...unused, ...handlers },
    authenticate: authenticateByRole,
    subscribe: () => Promise.resolve(refuse('cursor_invalid', { en: 'no stream in this test', zh: '本测试没有数据流' })),
    notReady: () => undefined,
    log: { info: note, warn: note, error: note },
    ...more,
  })
  const port = await app.listen('127.0.0.1', 0)
  after(() => app.close())
  return { app, url: `http://127.0.0.1:${port}`, logged }
}

export const bearer = (role: Role): Record<string, string> => ({ authorization: `Bearer ${role}` })
export const jsonHeaders = (role: Role): Record<string, string> => ({ ...bearer(role), 'content-type': 'application/json' })
