import { douyinCall } from './douyin.ts'
import { shopifyCall } from './shopify.ts'
import type { PlatformCall, Stage } from './stage.ts'
import { taobaoCall } from './taobao.ts'
import { woocommerceCall } from './woocommerce.ts'

const platforms = { taobao: taobaoCall, douyin: douyinCall, shopify: shopifyCall, woocommerce: woocommerceCall }

/** The platform's own words for a stage of a purchase; undefined where orders come by our own API. */
export function platformCall(stage: Stage, secret: string): PlatformCall | undefined {
  const { platform } = stage.purchase.channel
  return platform === 'direct' ? undefined : platforms[platform](stage, secret)
}
