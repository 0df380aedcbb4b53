/**
 * The session cookie. Browsers keep a `__Host-` cookie only over HTTPS, from this very host and for all its paths, so no other
 * subdomain can plant one. On plain HTTP to this machine itself, where that would fail, it goes without the prefix and `Secure`.
 */
const NAME = 'fulcrum_session'
const HOST_NAME = `__Host-${NAME}`
const TOKEN = /^[A-Za-z0-9_-]{43}$/

/** Whether the Host header names the machine the browser runs on. */
export function isLoopbackHost(host: string | undefined): boolean {
  return host !== undefined && /^(?:localhost|[a-z0-9-]+\.localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?$/i.test(host)
}

/** `Set-Cookie` that opens a session in the browser for `seconds`. */
export function sessionCookie(token: string, host: string | undefined, seconds: number): string {
  const attributes = `Path=/; Max-Age=${seconds}; HttpOnly; SameSite=Lax`
  return isLoopbackHost(host) ? `${NAME}=${token}; ${attributes}` : `${HOST_NAME}=${token}; ${attributes}; Secure`
}

/** `Set-Cookie` that ends it. */
export const endedCookie = (host: string | undefined): string => sessionCookie('', host, 0)

/** The session token in a Cookie header, undefined where there is none that could be one. */
export function sessionTokenOf(cookie: string | undefined, host: string | undefined): string | undefined {
  if (cookie === undefined) return undefined
  const token = valueOf(cookie, HOST_NAME) ?? (isLoopbackHost(host) ? valueOf(cookie, NAME) : undefined)
  return token !== undefined && TOKEN.test(token) ? token : undefined
}

function valueOf(cookie: string, name: string): string | undefined {
  for (const pair of cookie.split(';')) {
    const at = pair.indexOf('=')
    if (at > 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim()
  }
  return undefined
}
