import { instant, MINUTE, type Instant } from '../../kernel/time.ts'
import { refuse } from '../../kernel/outcome.ts'
import { countLoginAttempts, forgiveLoginAttempts, type Attempts } from '../../store/login-attempts.ts'
import type { Pool } from '../../store/database.ts'
import { openSession } from '../../store/sessions.ts'
import { readUserByLogin, type User } from '../../store/users.ts'
import type { Refused } from '../handler.ts'
import type { Passwords } from './passwords.ts'
import { bytesOfHash, hashOfSecret, newSessionToken } from './secrets.ts'

export const SESSION_SECONDS = 12 * 3600
const WINDOW_MS = 15 * MINUTE
/** Attempts in a quarter of an hour, right ones aside. Many people may share an address. */
export const attemptsMax = { login: 10, address: 60 } as const

export type LoggedIn = { readonly status: 'done'; readonly user: User; readonly token: string }

/** Logins are compared without case, width and surrounding blanks. */
export const normaliseLogin = (login: string): string => login.normalize('NFKC').trim().toLowerCase()

/** An IPv6 customer has a whole /64: it counts as one address. */
export function addressSubject(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  if (mapped !== undefined || !address.includes(':')) return mapped ?? address
  const [head = '', tail] = address.toLowerCase().split('%', 1).join('').split('::')
  const left = head === '' ? [] : head.split(':')
  const right = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length)
  const groups = [...left, ...Array.from({ length: zeros }, () => '0'), ...right]
  return groups
    .slice(0, 4)
    .map((group) => group.padStart(4, '0'))
    .join(':')
}

/**
 * Opens a session. Refusals: login_throttled, before anything is looked up; login_refused, the same words after the same work
 * whether the login is unknown, the user disabled or the password wrong.
 */
export async function logIn(
  deps: { readonly pool: Pool; readonly passwords: Passwords; readonly wallMs: () => number },
  input: { readonly login: string; readonly password: string },
  remoteAddress: string,
): Promise<LoggedIn | Refused> {
  const login = normaliseLogin(input.login)
  const subjects = { login, address: addressSubject(remoteAddress) }
  const now = instant(deps.wallMs())
  const throttled = throttle(await countLoginAttempts(deps.pool, subjects, now, instant(now - WINDOW_MS)), now)
  if (throttled !== undefined) return throttled
  const found = await readUserByLogin(deps.pool, login)
  const open = found !== undefined && found.user.disabledAt === undefined
  const fits = await deps.passwords.verify(found?.passwordHash, input.password)
  const refused = refuse('login_refused', { en: 'login or password is wrong', zh: '登录名或密码错误' })
  if (!open || !fits) return refused
  const token = newSessionToken()
  const createdAt = instant(deps.wallMs())
  const opened = await openSession(deps.pool, {
    tokenHash: bytesOfHash(hashOfSecret(token)),
    userId: found.user.userId,
    passwordHash: found.passwordHash,
    createdAt,
    expiresAt: instant(createdAt + SESSION_SECONDS * 1000),
  })
  if (!opened) return refused
  await forgiveLoginAttempts(deps.pool, subjects)
  return { status: 'done', user: found.user, token }
}

function throttle(counts: readonly Attempts[], now: Instant): Refused | undefined {
  const over = counts.filter((count) => count.attempts > attemptsMax[count.kind])
  if (over.length === 0) return undefined
  const until = Math.max(...over.map((count) => count.windowStartedAt + WINDOW_MS))
  const retryAfterSeconds = Math.max(1, Math.ceil((until - now) / 1000))
  return {
    ...refuse('login_throttled', {
      en: `too many log-in attempts: try again in ${retryAfterSeconds} s`,
      zh: `登录尝试过于频繁：请在 ${retryAfterSeconds} 秒后重试`,
    }),
    retryAfterSeconds,
  }
}
