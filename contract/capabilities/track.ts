import { Type } from 'typebox'
import { defineCapability } from '../capability.ts'
import { closed } from '../entities/basics.ts'
import { Track, TrackLink, TrackToken } from '../entities/track.ts'

export const trackList = [
  defineCapability({
    name: 'order.trackLink',
    method: 'GET',
    path: '/v1/orders/{orderId}/trackLink',
    kind: 'read',
    permission: 'order.read',
    summary: { en: 'A signed link to the shopper’s page of an order', zh: '生成订单的买家追踪链接' },
    description: {
      en: 'Who holds the link sees milestones, promise, items and tracking numbers, and nothing else. It ends after 90 days of business time.',
      zh: '持链接者只能看到进度、承诺、商品与运单号。链接在业务时间 90 天后失效。',
    },
    params: Type.Object({ orderId: Type.String({ maxLength: 20 }) }, closed),
    output: { 200: TrackLink },
    outcomes: ['order_unknown'],
    slaMs: 50,
  }),
  defineCapability({
    name: 'track.get',
    method: 'POST',
    path: '/v1/track',
    kind: 'read',
    permission: 'public',
    summary: { en: 'An order as who holds its link may see it', zh: '凭追踪链接查看订单' },
    description: {
      en: 'A POST, so that the link’s secret stands in no address and no log.',
      zh: '使用 POST，使链接密钥不出现在地址与日志中。',
    },
    body: Type.Object({ token: TrackToken }, closed),
    output: { 200: Track },
    outcomes: ['order_unknown'],
    slaMs: 50,
  }),
] as const
