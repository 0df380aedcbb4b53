import { isIP } from 'node:net'
import { isInRanges, isSpecial, rangesOf } from './addresses.ts'

/** What the operator allows: `hosts` are names, `*.example.com`, addresses or `*`; `privateRanges` are `address/bits`. */
export type TargetSettings = { readonly hosts: readonly string[]; readonly privateRanges: readonly string[] }

/** Where messages may go. The name is judged when a target is set, the address each time a connection is made: a name may change what it points to. */
export class TargetRules {
  private readonly hosts: readonly string[]
  private readonly ranges: ReturnType<typeof rangesOf>

  constructor({ hosts, privateRanges }: TargetSettings) {
    this.hosts = hosts.map((host) => host.toLowerCase())
    this.ranges = rangesOf(privateRanges)
  }

  /** Why nothing may be sent to this URL, or undefined. */
  refusalOf(text: string): string | undefined {
    if (!URL.canParse(text)) return 'not a URL'
    const url = new URL(text)
    if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'not an https URL'
    if (url.username !== '' || url.password !== '') return 'the URL holds a user name or password'
    const host = hostOf(url)
    if (!this.isListed(host)) return `the host ${host} is not among FULCRUM_OUTBOUND_HOSTS`
    return isIP(host) === 0 ? undefined : this.refusalOfAddress(host, url.protocol === 'https:')
  }

  /** Why no connection may be made to this address, or undefined. Without TLS only private ranges that the operator named are reached. */
  refusalOfAddress(address: string, isEncrypted: boolean): string | undefined {
    const isNamed = this.ranges !== undefined && isInRanges(this.ranges, address) === true
    if (isNamed) return undefined
    if (isSpecial(address)) return `the address ${address} is not public and not among FULCRUM_OUTBOUND_PRIVATE_RANGES`
    return isEncrypted ? undefined : 'http without TLS goes to private ranges only: use https'
  }

  private isListed(host: string): boolean {
    return this.hosts.some((one) => one === '*' || one === host || (one.startsWith('*.') && host.endsWith(one.slice(1))))
  }
}

/** The host as the network knows it, an IPv6 address without brackets. */
export const hostOf = (url: URL): string => url.hostname.toLowerCase().replace(/^\[(.*)\]$/, '$1')
