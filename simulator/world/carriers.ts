import type { CarrierInput, ServiceInput } from '../../contract/entities/carrier.ts'
import type { LaneInput } from '../../contract/entities/lane.ts'
import type { RateInput } from '../../contract/entities/rate.ts'
import { FORMATS } from '../carriers/bodies.ts'
import { CITIES } from './cities.ts'

/** Where a parcel takes longer and costs more. */
const REMOTE = ['新疆', '西藏', '青海', '甘肃', '宁夏', '内蒙古', '海南']
const ANYTHING = ['fragile', 'madeToOrder']
const KG = 1000
const DAILY = 'every-day'

/** Tariff in fen: first kilogram, each further one, times this much to remote regions. */
type Tariff = { readonly base: number; readonly perKg: number; readonly remote: number }
type Sold = {
  readonly carrierId: string
  readonly name: string
  readonly services: readonly (ServiceInput & { readonly tariff: Tariff })[]
}

const parcel = (
  serviceId: string,
  name: string,
  speedKmPerDay: number,
  tariff: Tariff,
  more: Partial<ServiceInput> = {},
): ServiceInput & { readonly tariff: Tariff } => ({
  serviceId,
  name,
  mode: 'road',
  speedKmPerDay,
  calendarId: DAILY,
  deliveredBy: '20:00',
  maxWeightGrams: 30 * KG,
  volumetricDivisor: 8000,
  capabilities: ANYTHING,
  packagingGrams: 120,
  tariff,
  ...more,
})

const SOLD: readonly Sold[] = [
  {
    carrierId: 'sf',
    name: '顺丰速运',
    services: [
      parcel(
        'express',
        '顺丰特快',
        2200,
        { base: 1800, perKg: 500, remote: 1.4 },
        { mode: 'air', deliveredBy: '18:00', volumetricDivisor: 6000 },
      ),
      parcel('standard', '顺丰标快', 1100, { base: 1300, perKg: 250, remote: 1.4 }, { capabilities: [...ANYTHING, 'coldChain'] }),
    ],
  },
  { carrierId: 'jd', name: '京东物流', services: [parcel('standard', '京东标快', 1000, { base: 1100, perKg: 220, remote: 1.5 })] },
  { carrierId: 'zto', name: '中通快递', services: [parcel('standard', '中通标准', 750, { base: 620, perKg: 130, remote: 1.9 })] },
  { carrierId: 'yto', name: '圆通速递', services: [parcel('standard', '圆通标准', 720, { base: 600, perKg: 130, remote: 1.9 })] },
  { carrierId: 'sto', name: '申通快递', services: [parcel('standard', '申通标准', 680, { base: 570, perKg: 130, remote: 1.9 })] },
  { carrierId: 'yunda', name: '韵达速递', services: [parcel('standard', '韵达标准', 700, { base: 580, perKg: 125, remote: 1.9 })] },
  { carrierId: 'jt', name: '极兔速递', services: [parcel('economy', '极兔特惠', 600, { base: 490, perKg: 120, remote: 2.2 })] },
  {
    carrierId: 'ems',
    name: '邮政 EMS',
    services: [parcel('parcel', '邮政快递包裹', 520, { base: 750, perKg: 150, remote: 1.1 }, { mode: 'rail' })],
  },
  {
    carrierId: 'deppon',
    name: '德邦物流',
    services: [
      parcel(
        'freight',
        '德邦大件',
        480,
        { base: 3500, perKg: 120, remote: 1.5 },
        { maxWeightGrams: 200 * KG, capabilities: [...ANYTHING, 'bulky', 'hazardous'], calendarId: 'six-days' },
      ),
    ],
  },
  {
    carrierId: 'lengyun',
    name: '鲜链冷运',
    services: [
      parcel(
        'cold',
        '冷链次日',
        700,
        { base: 1600, perKg: 260, remote: 1.5 },
        { mode: 'van', maxKm: 1200, capabilities: ['fragile', 'fresh', 'coldChain'], packagingGrams: 600 },
      ),
    ],
  },
  {
    carrierId: 'qishou',
    name: '骑手直送',
    services: [
      {
        serviceId: 'ride',
        name: '骑手 1 小时达',
        mode: 'bike',
        transitHours: { p50: 0.6, p90: 1.2 },
        calendarId: 'long-days',
        maxKm: 25,
        maxWeightGrams: 20 * KG,
        capabilities: ['fragile', 'fresh', 'coldChain'],
        packagingGrams: 60,
        tariff: { base: 650, perKg: 60, remote: 1 },
      },
    ],
  },
  {
    carrierId: 'ane',
    name: '安能物流',
    services: [
      parcel(
        'freight',
        '安能零担',
        450,
        { base: 2900, perKg: 90, remote: 1.6 },
        { maxWeightGrams: 500 * KG, capabilities: [...ANYTHING, 'bulky'], calendarId: 'six-days' },
      ),
    ],
  },
]

export const CARRIERS = SOLD.length

/** The carriers; those that charge more for remote regions name them as a zone. */
export const carriers = (): readonly CarrierInput[] =>
  SOLD.map(({ carrierId, name, services }) => ({
    carrierId,
    name,
    scanFormat: FORMATS[carrierId] ?? 'fulcrum',
    services: services.map(({ tariff: _, ...service }) => service),
    zones: [{ zoneId: 'remote', areas: REMOTE.map((region) => ({ countryCode: 'CN', region })) }],
  }))

/** A row for everywhere and one for the remote zone, for each service. */
export const rates = (): readonly RateInput[] =>
  SOLD.flatMap(({ carrierId, services }) =>
    services.flatMap(({ serviceId, tariff: { base, perKg, remote } }) => {
      const row = { carrierId, serviceId, currency: 'CNY', stepGrams: 500 }
      const everywhere = { ...row, rateId: `${carrierId}-${serviceId}`, base, perKg }
      const there = {
        ...row,
        rateId: `${carrierId}-${serviceId}-remote`,
        zoneId: 'remote',
        base: Math.round(base * remote),
        perKg: Math.round(perKg * remote),
      }
      return remote === 1 ? [everywhere] : [everywhere, there]
    }),
  )

const HUBS = 12

/** Night lanes between the largest cities, and next-day delivery within each region. */
export function lanes(): readonly LaneInput[] {
  const hubs = CITIES.toSorted((a, b) => b.weight - a.weight).slice(0, HUBS)
  const regions = [...new Set(CITIES.map((city) => city.region))]
  const night = hubs.flatMap((from) =>
    hubs
      .filter((to) => to !== from)
      .map((to) => ({
        laneId: `sf-night-${from.city}-${to.city}`,
        carrierId: 'sf',
        serviceId: 'express',
        from: { countryCode: 'CN', region: from.region, city: from.city },
        to: { countryCode: 'CN', region: to.region, city: to.city },
        transitDays: { min: 1, max: 1 },
      })),
  )
  const nextDay = regions.map((region) => ({
    laneId: `jd-region-${region}`,
    carrierId: 'jd',
    serviceId: 'standard',
    from: { countryCode: 'CN', region },
    to: { countryCode: 'CN', region },
    transitDays: { min: 1, max: 1 },
  }))
  return [...night, ...nextDay]
}
