import type { Answer } from '../../domain/outbound/answer.ts'
import type { ChannelConnection, ChannelUpdate, ChannelWriter } from '../../engine/ports/channel-writer.ts'
import type { GuardedHttp } from '../outbound/guarded-http.ts'
import type { TargetRules } from '../outbound/target-rules.ts'
import { ShopApi } from './shop-api.ts'
import { ShopifyItems } from './shopify-items.ts'
import { writeToShopify } from './shopify-writer.ts'
import { writeToWooCommerce } from './woocommerce-writer.ts'

/** Writes back over the platforms' own REST APIs, to addresses that the operator allows. */
export function httpChannelWriter(rules: TargetRules, http: GuardedHttp, monotonicMs: () => number): ChannelWriter {
  /** What is known of each shop's catalogue; as many as there are channels that write back. */
  const catalogues = new Map<string, ShopifyItems>()
  const itemsOf = ({ channelId, url }: ChannelConnection): ShopifyItems => {
    const key = `${channelId} ${url}`
    const items = catalogues.get(key) ?? new ShopifyItems(monotonicMs)
    catalogues.set(key, items)
    return items
  }
  const write = async (connection: ChannelConnection, update: ChannelUpdate): Promise<Answer> => {
    const { platform, url, token, locationId } = connection
    if (platform === 'shopify') {
      return writeToShopify(new ShopApi(http, url, { 'x-shopify-access-token': token }), itemsOf(connection), locationId, update)
    }
    if (platform === 'woocommerce') {
      return writeToWooCommerce(new ShopApi(http, url, { authorization: `Basic ${Buffer.from(token).toString('base64')}` }), update)
    }
    return { kind: 'forbidden', problem: `nothing can be written to the platform ${platform}` }
  }
  return { refusalOf: (url) => rules.refusalOf(url), write }
}
