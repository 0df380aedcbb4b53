import { BlockList, isIP } from 'node:net'

/** Ranges that are not the public internet (IANA special-purpose registries), and multicast. */
const SPECIAL = [
  '0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24', '192.0.2.0/24',
  '192.88.99.0/24', '192.168.0.0/16', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/4', '240.0.0.0/4',
  '::/96', '64:ff9b::/96', '64:ff9b:1::/48', '100::/64', '2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20', '5f00::/16',
  'fc00::/7', 'fe80::/10', 'fec0::/10', 'ff00::/8',
] as const // prettier-ignore

/** The ranges as one list; undefined when one of them is no `address/bits`. */
export function rangesOf(ranges: readonly string[]): BlockList | undefined {
  const list = new BlockList()
  for (const range of ranges) {
    const [address = '', bits = ''] = range.split('/')
    const family = isIP(address)
    if (family === 0 || !/^\d{1,3}$/.test(bits) || Number(bits) > (family === 4 ? 32 : 128)) return undefined
    list.addSubnet(address, Number(bits), family === 4 ? 'ipv4' : 'ipv6')
  }
  return list
}

const special = rangesOf(SPECIAL)
const MAPPED = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i

/** Whether the address lies outside of the public internet. Anything that is no address counts as such. */
export const isSpecial = (address: string): boolean => special === undefined || isInRanges(special, address) !== false

/** Whether an address lies in the ranges; undefined when it is none. An IPv4 address written as IPv6 is the IPv4 address. */
export function isInRanges(ranges: BlockList, address: string): boolean | undefined {
  const plain = MAPPED.exec(address)?.[1] ?? address
  const family = isIP(plain)
  return family === 0 ? undefined : ranges.check(plain, family === 4 ? 'ipv4' : 'ipv6')
}
