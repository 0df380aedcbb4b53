import { douyinCall, douyinList } from './douyin.ts'
import { shopifyCall, shopifyList } from './shopify.ts'
import type { PlatformCall, Stage } from './stage.ts'
import { taobaoCall, taobaoList } from './taobao.ts'
import { woocommerceCall, woocommerceList } from './woocommerce.ts'

type Platform = Exclude<Stage['purchase']['channel']['platform'], 'direct'>
const lists = { taobao: taobaoList, douyin: douyinList, shopify: shopifyList, woocommerce: woocommerceList }
const platforms = { taobao: taobaoCall, douyin: douyinCall, shopify: shopifyCall, woocommerce: woocommerceCall }

/** The platform's own words for a stage of a purchase; undefined where orders come by our own API. */
export function platformCall(stage: Stage, secret: string): PlatformCall | undefined {
  const { platform } = stage.purchase.channel
  return platform === 'direct' ? undefined : platforms[platform](stage, secret)
}

/** What a platform answers to whoever asks it for its orders, instead of telling of each: many stages in one body, without a signature. */
export const platformList = (platform: Platform, stages: readonly Stage[]): Uint8Array => lists[platform](stages)
