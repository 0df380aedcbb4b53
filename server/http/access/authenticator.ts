import { permissionsOfRole } from '../../../contract/access.ts'
import type { Principal } from '../../domain/access/principal.ts'
import { Fault } from '../../kernel/fault.ts'
import { refuse, type Refusal } from '../../kernel/outcome.ts'
import { instant, type Instant } from '../../kernel/time.ts'
import { readOpenKeys, touchKeys, type Credential } from '../../store/credentials.ts'
import type { Pool } from '../../store/database.ts'
import { readOpenSessions, type OpenSession } from '../../store/sessions.ts'
import { CheckedCache } from './checked-cache.ts'
import { headerOf, originOf, type Headers } from './same-origin.ts'
import { hashOfSecret, isCsrfToken } from './secrets.ts'
import { sessionTokenOf } from './session-cookie.ts'

/** A revocation counts in every process after this long at most. */
export const REVOCATION_MS_MAX = 1000
const CREDENTIALS_CACHED_MAX = 10_000
const BEARER = /^Bearer ([A-Za-z0-9\-._~+/]{8,256}=*)$/i
const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS'])

export type AuthenticatorDeps = {
  readonly pool: Pool
  readonly wallMs: () => number
  /** Never goes back: performance.now. */
  readonly monotonicMs: () => number
  /** Told when the day of last use could not be noted; nobody is refused for that. */
  readonly onFault: (fault: Fault) => void
}

/** A principal, a refusal of the credential shown, or undefined where none was shown. */
export type Authenticated = Principal | Refusal | undefined
type Known = { readonly principal: Principal; readonly expiresAt: Instant | undefined }

/** Tells who a request comes from: by API key (3 µs when the key was seen within the last second) or by the console's session. */
export class Authenticator {
  readonly #deps: AuthenticatorDeps
  readonly #keys: CheckedCache<Known>
  readonly #sessions: CheckedCache<Known>

  constructor(deps: AuthenticatorDeps) {
    this.#deps = deps
    const bounds = { monotonicMs: deps.monotonicMs, staleMs: REVOCATION_MS_MAX, entriesMax: CREDENTIALS_CACHED_MAX }
    this.#keys = new CheckedCache((hashes) => this.#loadKeys(hashes), bounds)
    this.#sessions = new CheckedCache((hashes) => this.#loadSessions(hashes), bounds)
  }

  /** An Authorization header wins over a cookie: a program's request is never judged by a browser's session. */
  authenticate(request: { readonly method: string; readonly headers: Headers }): Authenticated | Promise<Authenticated> {
    const authorization = headerOf(request.headers, 'authorization')
    if (authorization !== undefined) return this.#byKey(authorization)
    const token = sessionTokenOf(headerOf(request.headers, 'cookie'), headerOf(request.headers, 'host'))
    return token === undefined ? undefined : this.#bySession(token, request.method, request.headers)
  }

  /** Makes a revocation or change of a credential (`key_…` or `usr_…`) count in this process at once. */
  forget(credentialId: string): void {
    this.#keys.forget((known) => known.principal.credentialId === credentialId)
    this.#sessions.forget((known) => known.principal.credentialId === credentialId)
  }

  #byKey(authorization: string): Authenticated | Promise<Authenticated> {
    const text = BEARER.exec(authorization)?.[1]
    if (text === undefined)
      return refuse('credential_invalid', { en: 'expected Authorization: Bearer <API key>', zh: '须为 Authorization: Bearer <API 密钥>' })
    const found = this.#keys.find(hashOfSecret(text))
    return found instanceof Promise ? found.then((known) => this.#admitKey(known)) : this.#admitKey(found)
  }

  #admitKey(known: Known | undefined): Authenticated {
    if (known === undefined || this.#hasExpired(known))
      return refuse('credential_invalid', { en: 'the API key is unknown, revoked or expired', zh: 'API 密钥不存在、已吊销或已过期' })
    return known.principal
  }

  #bySession(token: string, method: string, headers: Headers): Authenticated | Promise<Authenticated> {
    const found = this.#sessions.find(hashOfSecret(token))
    const admit = (known: Known | undefined): Authenticated => {
      if (known === undefined || this.#hasExpired(known))
        return refuse('credential_invalid', { en: 'the session has ended: log in again', zh: '会话已结束：请重新登录' })
      return SAFE_METHODS.has(method) ? known.principal : (forgeryIn(token, headers) ?? known.principal)
    }
    return found instanceof Promise ? found.then(admit) : admit(found)
  }

  #hasExpired = (known: Known): boolean => known.expiresAt !== undefined && known.expiresAt <= this.#deps.wallMs()

  async #loadKeys(hashes: readonly string[]): Promise<ReadonlyMap<string, Known>> {
    const now = instant(this.#deps.wallMs())
    const keys = await readOpenKeys(this.#deps.pool, hashes, now)
    await this.#noteUse([...keys.values()], new Date(now).toISOString().slice(0, 10))
    return new Map([...keys].map(([hash, key]): [string, Known] => [hash, { principal: ofKey(key), expiresAt: key.expiresAt }]))
  }

  async #noteUse(keys: readonly Credential[], day: string): Promise<void> {
    const first = keys.filter((key) => key.lastUsedOn !== day).map((key) => key.credentialId)
    if (first.length === 0) return
    try {
      await touchKeys(this.#deps.pool, first, day)
    } catch (error) {
      if (!(error instanceof Fault)) throw error
      this.#deps.onFault(error)
    }
  }

  async #loadSessions(hashes: readonly string[]): Promise<ReadonlyMap<string, Known>> {
    const sessions = await readOpenSessions(this.#deps.pool, hashes, instant(this.#deps.wallMs()))
    return new Map([...sessions].map(([hash, one]): [string, Known] => [hash, { principal: ofSession(one), expiresAt: one.expiresAt }]))
  }
}

/** A write in a session needs both: the token that only our own pages were given, and the browser's word that one of them asks. */
function forgeryIn(token: string, headers: Headers): Refusal | undefined {
  const shown = headerOf(headers, 'x-csrf-token')
  if (shown === undefined || !isCsrfToken(token, shown)) {
    return refuse('credential_invalid', {
      en: 'a write in a session needs its X-CSRF-Token (GET /v1/sessions/current has it)',
      zh: '会话中的写操作须带 X-CSRF-Token（见 GET /v1/sessions/current）',
    })
  }
  if (originOf(headers) !== 'same') {
    return refuse('credential_invalid', {
      en: 'a write in a session must come from a page of this hub (Origin or Sec-Fetch-Site)',
      zh: '会话中的写操作须来自本系统的页面（依据 Origin 或 Sec-Fetch-Site）',
    })
  }
  return undefined
}

const ofKey = (key: Credential): Principal => ({
  credentialId: key.credentialId,
  kind: 'key',
  name: key.name,
  role: key.role,
  permissions: new Set(key.permissions.filter((permission) => permissionsOfRole[key.role].includes(permission))),
  scope: key.scope,
  ...(key.expiresAt === undefined ? {} : { expiresAt: key.expiresAt }),
})

const ofSession = (session: OpenSession): Principal => ({
  credentialId: session.userId,
  kind: 'session',
  name: session.name,
  role: session.role,
  permissions: new Set(permissionsOfRole[session.role]),
  scope: session.scope,
})
