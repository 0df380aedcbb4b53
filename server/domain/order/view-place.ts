import type { Order as OrderView } from '../../../contract/entities/order.ts'
import type { PersonView } from './person.ts'
import type { OrderIntake } from './state.ts'

/** A person that was read: what the seal held, `erased` where its key is gone, undefined where there never was one. */
export type PersonSeen = PersonView | 'erased' | undefined

/** Where an order goes: the rough place that everybody works with, and the address where it is known. */
export function viewPlace({ shipTo }: OrderIntake, person: PersonSeen): NonNullable<OrderView['shipTo']> {
  const { countryCode, region, city, lat, lng } = shipTo
  const place: NonNullable<OrderView['shipTo']> = { countryCode }
  if (region !== undefined) place.region = region
  if (city !== undefined) place.city = city
  if (lat !== undefined) place.lat = lat
  if (lng !== undefined) place.lng = lng
  if (typeof person !== 'object') return place
  const { email: _, ...address } = person.shipTo
  return Object.assign(place, address)
}
