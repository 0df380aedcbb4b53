import type { ScanMeaning } from '../../contract/entities/scan.ts'
import { beijing } from '../channels/local-time.ts'
import type { Journey, Sighting } from './journey.ts'

/** What is told of a journey at one time: all that has been seen of it, of which the last `fresh` are news. */
export type News = { readonly journey: Journey; readonly seen: readonly Sighting[]; readonly fresh: number }
/** A push of one carrier, as it sends it. */
export type Push = { readonly carrierId: string; readonly body: Uint8Array }

/** Whose words each carrier speaks; the others use the hub's own form, which holds many parcels. */
export const FORMATS: Readonly<Record<string, string>> = {
  sf: 'sf-express',
  jd: 'kuaidi100',
  zto: 'kuaidi100',
  yto: 'kuaidi100',
  ems: 'kuaidi100',
  deppon: 'kuaidi100',
}
const IN_ONE_PUSH = 200

type Words = { readonly code: string; readonly text: string }
const SF: Partial<Record<ScanMeaning, Words>> = {
  collected: { code: '50', text: '顺丰速运 已收取快件' },
  departed: { code: '30', text: '快件在【转运中心】完成分拣，准备发往下一站' },
  arrived: { code: '31', text: '快件到达【营业点】' },
  outForDelivery: { code: '44', text: '正在派送途中，请您准备签收' },
  attemptFailed: { code: '33', text: '派件不成功，收件人不在' },
  delivered: { code: '80', text: '已签收，感谢使用顺丰' },
}
const KUAIDI: Partial<Record<ScanMeaning, Words>> = {
  collected: { code: '103', text: '快件已揽收' },
  departed: { code: '1002', text: '快件已发往下一站' },
  arrived: { code: '1001', text: '快件已到达派件城市' },
  outForDelivery: { code: '5', text: '快递员正在派件' },
  attemptFailed: { code: '206', text: '派件异常：无人接听' },
  delivered: { code: '301', text: '已签收' },
}
const NO_WORDS: Words = { code: '0', text: '运输中' }

/** Every news in the carrier's own body: several parcels in one where the carrier does so, one push a parcel where not. */
export function pushesOf(carrierId: string, news: readonly News[]): readonly Push[] {
  const push = (body: object): Push => ({ carrierId, body: Buffer.from(JSON.stringify(body)) })
  const format = FORMATS[carrierId]
  if (format === 'kuaidi100') return news.map((one) => push(kuaidiPush(carrierId, one)))
  const pushes: Push[] = []
  for (let i = 0; i < news.length; i += IN_ONE_PUSH) {
    const some = news.slice(i, i + IN_ONE_PUSH)
    pushes.push(push(format === 'sf-express' ? sfPush(some) : ownPush(some)))
  }
  return pushes
}

const freshOf = ({ seen, fresh }: News): readonly Sighting[] => seen.slice(seen.length - fresh)

/** SF's route push: the new routes of many waybills. */
const sfPush = (news: readonly News[]): object => ({
  Body: {
    WaybillRoute: news.flatMap((one) =>
      freshOf(one).map(({ at, meaning, town }) => ({
        mailno: one.journey.trackingNo,
        acceptAddress: `${town.city}市`,
        acceptTime: beijing(at),
        remark: (SF[meaning] ?? NO_WORDS).text,
        opCode: (SF[meaning] ?? NO_WORDS).code,
        id: `${one.journey.trackingNo}-${at}`,
      })),
    ),
  },
})

/** Kuaidi100's subscription push: everything that it knows of one parcel, the latest first. */
function kuaidiPush(carrierId: string, { journey, seen }: News): object {
  const isOver = seen.at(-1)?.meaning === 'delivered'
  return {
    status: isOver ? 'shutdown' : 'polling',
    message: '',
    lastResult: {
      message: 'ok',
      status: '200',
      state: isOver ? '3' : '0',
      ischeck: isOver ? '1' : '0',
      com: carrierId,
      nu: journey.trackingNo,
      data: seen.toReversed().map(({ at, meaning, town }) => ({
        time: beijing(at),
        ftime: beijing(at),
        context: `【${town.city}】${(KUAIDI[meaning] ?? NO_WORDS).text}`,
        statusCode: (KUAIDI[meaning] ?? NO_WORDS).code,
        areaName: `${town.region},${town.city}`,
        location: town.city,
      })),
    },
  }
}

const ownPush = (news: readonly News[]): object => ({
  scans: news.flatMap((one) =>
    freshOf(one).map(({ at, meaning, town }) => ({
      trackingNo: one.journey.trackingNo,
      meaning,
      occurredAt: new Date(at).toISOString(),
      place: { city: town.city, region: town.region, countryCode: 'CN' },
    })),
  ),
})
