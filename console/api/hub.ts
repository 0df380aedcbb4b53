import { createClient, ProblemError } from '../../contract/client.ts'
import type { Capabilities } from '../../contract/registry.ts'
import type { OutputOf } from '../../contract/capability.ts'

export { ProblemError }
/** What a capability answers. */
export type Answer<N extends keyof Capabilities> = OutputOf<Capabilities[N]>

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
