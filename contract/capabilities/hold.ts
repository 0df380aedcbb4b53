import { Type } from 'typebox'
import { defineCapability } from '../capability.ts'
import { closed, Ref } from '../entities/basics.ts'
import { HeldOrder, HoldScope } from '../entities/hold.ts'
import { pageOf, pageQuery } from '../entities/page.ts'

export const holdList = [
  defineCapability({
    name: 'hold.list',
    method: 'GET',
    path: '/v1/holds',
    kind: 'read',
    permission: 'order.hold',
    summary: { en: 'Open holds, the oldest order first', zh: '未解除的挂起，最早的订单在前' },
    query: Type.Object(
      {
        ...pageQuery(200),
        scope: Type.Optional(HoldScope),
        reason: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
        channelId: Type.Optional(Ref),
        /** Only those that the caller's role may release. */
        mine: Type.Optional(Type.Boolean()),
      },
      closed,
    ),
    output: { 200: pageOf(HeldOrder) },
    outcomes: [],
    slaMs: 100,
  }),
] as const
