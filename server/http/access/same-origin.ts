export type Headers = Readonly<Record<string, string | string[] | undefined>>

export const headerOf = (headers: Headers, name: string): string | undefined => {
  const value = headers[name]
  return typeof value === 'string' ? value : undefined
}

/**
 * Where a request comes from, by what the browser says and a page cannot forge (Sec-Fetch-Site, else Origin):
 * `unknown` when it says neither, as programs and very old browsers do.
 */
export function originOf(headers: Headers): 'same' | 'other' | 'unknown' {
  const site = headerOf(headers, 'sec-fetch-site')
  if (site !== undefined) return site === 'same-origin' || site === 'none' ? 'same' : 'other'
  const origin = headerOf(headers, 'origin')
  if (origin === undefined) return 'unknown'
  const host = headerOf(headers, 'host')
  return host !== undefined && URL.parse(origin)?.host === host.toLowerCase() ? 'same' : 'other'
}
