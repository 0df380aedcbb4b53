import { isIP } from 'node:net'
import type { Words } from '../../kernel/words.ts'
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
  refusalOf(text: string): Words | undefined {
    if (!URL.canParse(text)) return { en: 'not a URL', zh: '不是 URL' }
    const url = new URL(text)
    if (url.protocol !== 'https:' && url.protocol !== 'http:') return { en: 'not an https URL', zh: '不是 https URL' }
    if (url.username !== '' || url.password !== '') return { en: 'the URL holds a user name or password', zh: 'URL 中含有用户名或密码' }
    const host = hostOf(url)
    if (!this.isListed(host))
      return { en: `the host ${host} is not among FULCRUM_OUTBOUND_HOSTS`, zh: `主机 ${host} 不在 FULCRUM_OUTBOUND_HOSTS 之内` }
    return isIP(host) === 0 ? undefined : this.refusalOfAddress(host, url.protocol === 'https:')
  }

  /** Why no connection may be made to this address, or undefined. Without TLS only private ranges that the operator named are reached. */
  refusalOfAddress(address: string, isEncrypted: boolean): Words | undefined {
    const isNamed = this.ranges !== undefined && isInRanges(this.ranges, address) === true
    if (isNamed) return undefined
    if (isSpecial(address))
      return {
        en: `the address ${address} is not public and not among FULCRUM_OUTBOUND_PRIVATE_RANGES`,
        zh: `地址 ${address} 不是公网地址，也不在 FULCRUM_OUTBOUND_PRIVATE_RANGES 之内`,
      }
    return isEncrypted
      ? undefined
      : { en: 'http without TLS goes to private ranges only: use https', zh: '不带 TLS 的 http 仅可发往内网网段：请使用 https' }
  }

  private isListed(host: string): boolean {
    return this.hosts.some((one) => one === '*' || one === host || (one.startsWith('*.') && host.endsWith(one.slice(1))))
  }
}

/** The host as the network knows it, an IPv6 address without brackets. */
export const hostOf = (url: URL): string => url.hostname.toLowerCase().replace(/^\[(.*)\]$/, '$1')
