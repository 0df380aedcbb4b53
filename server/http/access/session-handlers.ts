import { permissionsOfRole, type Permission } from '../../../contract/access.ts'
import type { Principal } from '../../domain/access/principal.ts'
import { refuse } from '../../kernel/outcome.ts'
import { closeSession } from '../../store/sessions.ts'
import type { Handlers } from '../handler.ts'
import type { AccessDeps } from './access-deps.ts'
import { mutableScope } from './grant-view.ts'
import { logIn, SESSION_SECONDS } from './log-in.ts'
import { headerOf, originOf, type Headers } from './same-origin.ts'
import { bytesOfHash, csrfTokenOf, hashOfSecret } from './secrets.ts'
import { endedCookie, sessionCookie, sessionTokenOf } from './session-cookie.ts'

const hostOf = (headers: Headers): string | undefined => headerOf(headers, 'host')
const tokenOf = (headers: Headers): string | undefined => sessionTokenOf(headerOf(headers, 'cookie'), hostOf(headers))

/** Log in, who am I, log out. */
export function sessionHandlers(deps: AccessDeps): Pick<Handlers, 'session.open' | 'session.get' | 'session.close'> {
  return {
    'session.open': async (context, { body }) => {
      if (originOf(context.headers) === 'other')
        return refuse('origin_refused', { en: 'log in from a page of this hub', zh: '请从本系统的页面登录' })
      const result = await logIn(deps, body, context.remoteAddress)
      if (result.status === 'refused') return result
      const { user, token } = result
      return {
        status: 'done',
        value: view(
          { credentialId: user.userId, name: user.name, role: user.role, permissions: permissionsOfRole[user.role], scope: user.scope },
          token,
          deps.isDemo,
        ),
        headers: { 'set-cookie': sessionCookie(token, hostOf(context.headers), SESSION_SECONDS) },
      }
    },
    'session.get': async ({ principal, headers }) => ({
      status: 'done',
      value: view(principal, principal.kind === 'session' ? tokenOf(headers) : undefined, deps.isDemo),
    }),
    'session.close': async ({ principal, headers }) => {
      const token = tokenOf(headers)
      if (principal.kind === 'session' && token !== undefined) {
        await closeSession(deps.pool, bytesOfHash(hashOfSecret(token)))
        deps.authenticator.forget(principal.credentialId)
      }
      return { status: 'done', value: { closed: true }, headers: { 'set-cookie': endedCookie(hostOf(headers)) } }
    },
  }
}

type Seen = Omit<Principal, 'kind' | 'permissions'> & { readonly permissions: Iterable<Permission> }

function view(seen: Seen, sessionToken: string | undefined, isDemo = false) {
  return {
    credentialId: seen.credentialId,
    name: seen.name,
    role: seen.role,
    permissions: [...seen.permissions],
    scope: mutableScope(seen.scope),
    ...(sessionToken === undefined ? {} : { csrfToken: csrfTokenOf(sessionToken) }),
    ...(isDemo ? { demo: true as const } : {}),
  }
}
