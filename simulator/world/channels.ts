import { createHmac } from 'node:crypto'
import type { ChannelInput } from '../../contract/entities/channel.ts'

/** What sets a channel of the world apart from the others. */
export type WorldChannel = {
  readonly channelId: string
  readonly platform: ChannelInput['platform']
  readonly name: string
  /** Orders a day. */
  readonly perDay: number
  /** Relative rate of orders by local hour, 0–23. */
  readonly hours: readonly number[]
  /** Share of what is bought by family; families that are left out are not sold there. */
  readonly sells: Readonly<Record<string, number>>
  /** Share of buyers who place first and pay later. */
  readonly paysLater: number
  readonly settings: Partial<ChannelInput>
}

const EVENING = [3, 1, 1, 0, 0, 1, 2, 4, 6, 8, 10, 10, 9, 8, 8, 8, 8, 9, 10, 13, 16, 17, 14, 8]
const LIVE = [6, 3, 1, 0, 0, 0, 1, 2, 3, 4, 6, 8, 10, 8, 6, 5, 6, 8, 10, 16, 24, 26, 20, 12]
const MEALS = [0, 0, 0, 0, 0, 1, 5, 9, 10, 10, 14, 14, 8, 5, 5, 7, 14, 18, 16, 10, 8, 5, 2, 0]
const OFFICE = [0, 0, 0, 0, 0, 0, 0, 1, 6, 16, 18, 14, 6, 10, 16, 16, 12, 6, 2, 1, 0, 0, 0, 0]

/** Of the total of what is not out yet. */
export const DEPOSIT_PERCENT = 20

export const CHANNELS: readonly WorldChannel[] = [
  {
    channelId: 'tmall',
    platform: 'taobao',
    name: '支点天猫旗舰店',
    perDay: 120,
    hours: EVENING,
    sells: { TEA: 3, SNACK: 5, HOME: 5, CARE: 6, BABY: 4, WEAR: 6, DEVICE: 4, FURNITURE: 1.5, SPIRIT: 1, DANGER: 0.6, CUSTOM: 0.3 },
    paysLater: 0.14,
    settings: { unpaid: { holdMinutes: 1440 }, replanMinutes: 60, shortage: 'backorder' },
  },
  {
    channelId: 'douyin',
    platform: 'douyin',
    name: '支点抖音小店',
    perDay: 90,
    hours: LIVE,
    sells: { SNACK: 7, CARE: 6, WEAR: 5, HOME: 4, FRUIT: 3, COLD: 1.5, DRINK: 1, DANGER: 0.4 },
    paysLater: 0.08,
    settings: { unpaid: { holdMinutes: 180 }, shortage: 'review' },
  },
  {
    channelId: 'web',
    platform: 'shopify',
    name: '支点独立站',
    perDay: 50,
    hours: EVENING,
    sells: { TEA: 5, DEVICE: 5, WEAR: 3, FURNITURE: 2, DIGITAL: 2, CUSTOM: 2, SPIRIT: 1, LAUNCH: 2 },
    paysLater: 0.12,
    settings: {
      unpaid: { holdMinutes: 720 },
      shortage: 'backorder',
      currency: 'CNY',
      preOrder: { depositPercent: DEPOSIT_PERCENT, balanceHours: 48, onExpiry: 'task' },
    },
  },
  {
    channelId: 'gifts',
    platform: 'woocommerce',
    name: '支点礼品铺',
    perDay: 40,
    hours: EVENING,
    sells: { TEA: 6, CUSTOM: 5, SPIRIT: 2, SNACK: 2, DIGITAL: 1.5, CARE: 1 },
    paysLater: 0.2,
    settings: { unpaid: { holdMinutes: 1440 }, shortage: 'review' },
  },
  {
    channelId: 'app',
    platform: 'direct',
    name: '支点到家 App',
    perDay: 80,
    hours: MEALS,
    sells: { FRUIT: 8, GREENS: 8, COLD: 5, DAIRY: 6, SNACK: 3, DRINK: 3, HOME: 1, BABY: 1 },
    paysLater: 0.04,
    settings: { unpaid: { holdMinutes: 120 }, shortage: 'refuse' },
  },
  {
    channelId: 'corp',
    platform: 'direct',
    name: '企业采购',
    perDay: 20,
    hours: OFFICE,
    sells: { HOME: 4, DRINK: 4, SNACK: 3, DEVICE: 2, FURNITURE: 2, CARE: 1 },
    paysLater: 0,
    settings: { shortage: 'partial', checks: { credit: 'review', compliance: 'review' } },
  },
]

/** The secret that the platform and the hub share: of this world alone. */
export const secretOf = (seed: number, channelId: string): string =>
  createHmac('sha256', `fulcrum world ${seed}`).update(channelId).digest('hex')

export const channels = (seed: number): readonly ChannelInput[] =>
  CHANNELS.map(({ channelId, platform, name, settings }) => ({
    channelId,
    platform,
    name,
    zone: 'Asia/Shanghai',
    ...(platform === 'direct' ? {} : { secret: secretOf(seed, channelId) }),
    ...settings,
  }))
