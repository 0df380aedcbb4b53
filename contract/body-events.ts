import { Type } from 'typebox'
import { Ref } from './entities/basics.ts'
import { define } from './event-definition.ts'

/** What happens to a channel's body beside the order that it makes or changes. */
export const bodyEvents = {
  'body.kept': define({
    version: 1,
    subject: 'body',
    title: { en: 'Channel body kept', zh: '渠道报文留存' },
    trigger: {
      en: 'A body of a channel was kept without changing an order: error inbox, older version, or replayed.',
      zh: '渠道报文被留存但未更改订单：进入错误收件箱、版本较旧或被重放。',
    },
    data: Type.Object({ channelId: Ref, externalRef: Type.Optional(Ref), state: Type.String(), reasons: Type.Array(Type.String()) }),
    fields: { floor: [], carrier: [], customer: [] },
  }),
  'body.read': define({
    version: 1,
    subject: 'body',
    title: { en: 'Channel body read', zh: '渠道报文被查看' },
    trigger: {
      en: 'Somebody asked to see what a body in the error inbox says, personal data included.',
      zh: '有人查看了错误收件箱中报文的内容（含个人信息）。',
    },
    data: Type.Object({ channelId: Ref, externalRef: Type.Optional(Ref) }),
    fields: { floor: [], carrier: [], customer: [] },
  }),
} as const
