import { Type, type Static } from 'typebox'
import { defineCapability } from '../capability.ts'
import { closed, InstantText } from '../entities/basics.ts'
import { Trouble, TroubleKind, TroubleReport } from '../entities/trouble.ts'

/** The demo's business time and how fast it runs: business seconds a wall second, 0 = it stands still. */
export const DemoClock = Type.Object({
  at: InstantText,
  rate: Type.Number({ minimum: 0 }),
  /** There while the world lives through the days before the present, which it does as fast as it can. */
  history: Type.Optional(Type.Object({ from: InstantText, until: InstantText })),
})
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
      en: 'Time never goes back. A step is answered when the orders that came due by it have been handled; those of a step of history are handled by the next move, when the world has told what it did in it. Saying how fast time runs ends the history that is being lived, where it stands.',
      zh: '时间不会倒退。推进后到期的订单处理完毕才返回；历史演绎中的推进则在下一次移动时处理，待世界讲完这段时间里做了什么。一旦指定时间的快慢，正在演绎的历史就停在当前时刻。',
    },
    body: Type.Object(
      {
        /** 0 pauses, 1 is real time, 60 an hour a minute. */
        rate: Type.Optional(Type.Number({ minimum: 0, maximum: 3600 })),
        advanceSeconds: Type.Optional(Type.Integer({ minimum: 1, maximum: 7 * 86_400 })),
        /** Of the simulated world: the step belongs to the history that it lives until then, and is not taken once that is over. */
        historyUntil: Type.Optional(InstantText),
      },
      { ...closed, minProperties: 1 },
    ),
    output: { 200: DemoClock },
    outcomes: ['demo_off'],
    slaMs: 2000,
  }),
  defineCapability({
    name: 'demo.trouble',
    method: 'POST',
    path: '/v1/demo/troubles',
    kind: 'write',
    permission: 'hub.write',
    summary: { en: 'Make something go wrong in the demo’s world', zh: '在演示世界中制造故障' },
    description: {
      en: 'The world makes it at its next beat, about a second later; the list says what it did and in which orders it can be seen.',
      zh: '演示世界会在下一个节拍（约一秒内）制造该故障；列表给出所做之事及相关订单。',
    },
    body: Type.Object({ kind: TroubleKind }, closed),
    output: { 202: Trouble },
    outcomes: ['demo_off'],
    slaMs: 50,
  }),
  defineCapability({
    name: 'demo.troubles',
    method: 'GET',
    path: '/v1/demo/troubles',
    kind: 'read',
    permission: 'hub.read',
    summary: { en: 'Troubles asked for lately, the newest first', zh: '最近制造的故障，最新在前' },
    output: { 200: Type.Object({ items: Type.Array(Trouble) }) },
    outcomes: ['demo_off'],
    slaMs: 50,
  }),
  defineCapability({
    name: 'demo.reportTrouble',
    method: 'POST',
    path: '/v1/demo/troubles/{troubleId}/report',
    kind: 'write',
    permission: 'hub.write',
    summary: { en: 'What the simulated world made of a trouble', zh: '演示世界回报故障结果' },
    params: Type.Object({ troubleId: Type.String({ pattern: '^trouble-[0-9]{1,9}$' }) }, closed),
    body: TroubleReport,
    output: { 200: Trouble },
    outcomes: ['demo_off', 'trouble_unknown'],
    slaMs: 50,
  }),
] as const
