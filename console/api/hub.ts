import { createClient, ProblemError } from '../../contract/client.ts'
import type { Capabilities } from '../../contract/registry.ts'
import type { OutputOf } from '../../contract/capability.ts'

export { ProblemError }
/** What a capability answers. */
export type Answer<N extends keyof Capabilities> = OutputOf<Capabilities[N]>

/** The request did not come through: browsers tell that by a TypeError with words of their own. */
export const isUnreachable = (error: unknown): boolean => error instanceof TypeError && /fetch|network|load failed/i.test(error.message)

let token: string | undefined
/** The session's token, sent with every write. */
export function keepToken(csrfToken: string | undefined): void {
  token = csrfToken
}

/** The hub that served this page; who asks is told by the session cookie. */
export const hub = createClient({
  baseUrl: '',
  newKey: () => crypto.randomUUID(),
  csrfToken: () => token,
  language: () => document.documentElement.lang,
  retriesMax: 1,
})
