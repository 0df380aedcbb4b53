import { Type, type Static } from 'typebox'
import { defineCapability } from '../capability.ts'
import { closed, InstantText } from '../entities/basics.ts'

/** The demo's business time and how fast it runs: business seconds a wall second, 0 = it stands still. */
export const DemoClock = Type.Object({ at: InstantText, rate: Type.Number({ minimum: 0 }) })
export type DemoClock = Static<typeof DemoClock>

export const demoList = [
  defineCapability({
    name: 'demo.clock',
    method: 'GET',
    path: '/v1/demo/clock',
    kind: 'read',
    permission: 'signedIn',
    summary: { en: 'Business time of the demo', zh: '演示环境的业务时间' },
    output: { 200: DemoClock },
    outcomes: ['demo_off'],
    slaMs: 50,
  }),
  defineCapability({
    name: 'demo.moveClock',
    method: 'POST',
    path: '/v1/demo/clock',
    kind: 'write',
    permission: 'hub.write',
    summary: { en: 'Pause, speed up or step the demo’s time', zh: '暂停、加速或推进演示时间' },
    description: {
      en: 'Time never goes back. A step is answered when the orders that came due by it have been handled.',
      zh: '时间不会倒退。推进后到期的订单处理完毕才返回。',
    },
    body: Type.Object(
      {
        /** 0 pauses, 1 is real time, 60 an hour a minute. */
        rate: Type.Optional(Type.Number({ minimum: 0, maximum: 3600 })),
        advanceSeconds: Type.Optional(Type.Integer({ minimum: 1, maximum: 7 * 86_400 })),
      },
      { ...closed, minProperties: 1 },
    ),
    output: { 200: DemoClock },
    outcomes: ['demo_off'],
    slaMs: 2000,
  }),
] as const
