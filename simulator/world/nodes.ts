import type { NodeInput } from '../../contract/entities/node.ts'
import { randomOf, weightsOf, type Random } from '../random.ts'
import { CITIES, type City } from './cities.ts'

export const CENTRES = 127
export const FRONTS = 432
export const PLANTS = 3
export const ZONE = 'Asia/Shanghai'

type Service = { readonly carrierId: string; readonly serviceId: string }
const services = (text: string): Service[] =>
  text.split(' ').map((one) => {
    const [carrierId = '', serviceId = ''] = one.split('/')
    return { carrierId, serviceId }
  })

const PARCEL = 'sf/express sf/standard jd/standard zto/standard yto/standard sto/standard yunda/standard jt/economy ems/parcel'
const CENTRE_SERVICES = services(`${PARCEL} deppon/freight`)
const COLD_SERVICES = services(`${PARCEL} deppon/freight lengyun/cold`)
const FRONT_SERVICES = services('qishou/ride lengyun/cold sf/standard')

/** A point within about `km` of a city. */
export function near(city: City, km: number, random: Random): { readonly lat: number; readonly lng: number } {
  const round = (value: number): number => Math.round(value * 1e4) / 1e4
  return { lat: round(city.lat + ((random.next() - 0.5) * km) / 55), lng: round(city.lng + ((random.next() - 0.5) * km) / 47) }
}

const placeOf = (city: City, km: number, random: Random): NodeInput['place'] => ({
  countryCode: 'CN',
  region: city.region,
  city: city.city,
  ...near(city, km, random),
})

/** Every warehouse of the world: a centre in each of the larger cities, front warehouses where people live, and plants. */
export function nodesOf(seed: number): readonly NodeInput[] {
  const random = randomOf(seed, 'nodes')
  const byPeople = weightsOf(CITIES.map((city) => city.weight))
  const bySize = CITIES.toSorted((a, b) => b.weight - a.weight)
  const centres = bySize.slice(0, CENTRES).map((city, i) => centre(city, i, random))
  // The first front warehouses go to the largest cities, so that nobody there is without one.
  const fronts = Array.from({ length: FRONTS }, (_, i) =>
    front((i < 60 ? bySize[i] : CITIES[random.weighted(byPeople)]) ?? random.pick(CITIES), i, random),
  )
  const plants = bySize.slice(3, 3 + PLANTS).map((city, i) => plant(city, i, random))
  return [...centres, ...fronts, ...plants]
}

function centre(city: City, i: number, random: Random): NodeInput {
  const isCold = i % 3 === 0
  const takesDanger = i % 8 === 0
  return {
    nodeId: `dc-${String(i + 1).padStart(3, '0')}`,
    name: `${city.city}中心仓`,
    kind: 'dc',
    place: placeOf(city, 40, random),
    zone: ZONE,
    calendarId: 'six-days',
    cutOff: '18:00',
    handlingMinutes: 120,
    capacityPerDay: 1200 + random.below(8) * 200,
    handlingPerOrder: 150,
    handlingPerUnit: 20,
    capabilities: ['fragile', 'bulky', ...(isCold ? ['fresh', 'coldChain'] : []), ...(takesDanger ? ['hazardous'] : [])],
    services: isCold ? COLD_SERVICES : CENTRE_SERVICES,
  }
}

function front(city: City, i: number, random: Random): NodeInput {
  return {
    nodeId: `fw-${String(i + 1).padStart(3, '0')}`,
    name: `${city.city}前置仓 ${i + 1}`,
    kind: 'frontWarehouse',
    place: placeOf(city, 18, random),
    zone: ZONE,
    calendarId: 'long-days',
    cutOff: '21:30',
    handlingMinutes: 15,
    capacityPerDay: 150 + random.below(5) * 50,
    handlingPerOrder: 220,
    handlingPerUnit: 30,
    capabilities: ['fresh', 'coldChain', 'fragile'],
    services: FRONT_SERVICES,
    // Who lives near fetches it: there is a counter.
    pickup: { holdHours: 48 },
  }
}

function plant(city: City, i: number, random: Random): NodeInput {
  return {
    nodeId: `plant-${i + 1}`,
    name: `${city.city}定制工坊`,
    kind: 'plant',
    place: placeOf(city, 40, random),
    zone: ZONE,
    calendarId: 'office-days',
    cutOff: '12:00',
    handlingMinutes: 2400,
    capacityPerDay: 120,
    handlingPerOrder: 400,
    handlingPerUnit: 200,
    capabilities: ['madeToOrder', 'fragile'],
    services: services('sf/standard ems/parcel ane/freight'),
  }
}
