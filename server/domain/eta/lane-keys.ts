import type { Place } from '../../../contract/entities/basics.ts'
import { comparableName } from '../place/comparable-name.ts'
import { comparableRegion } from '../place/region.ts'

/** What is timed: from hand-over (or the first scan) to delivery, and from loading onto the delivery van to delivery. */
export const etaStages = ['carried', 'outForDelivery'] as const
export type EtaStage = (typeof etaStages)[number]

export type Lane = {
  readonly stage: EtaStage
  readonly carrierId?: string
  readonly serviceId?: string
  readonly from?: Place
  readonly to?: Place
}

const plain = (key: string): string => key.replaceAll('|', ' ')
const word = (text: string | undefined): string => plain(comparableName(text))
/** The town, or the first two characters of the postal code where none is named. */
const town = (place: Place | undefined): string => word(place?.city) || word(place?.postalCode).slice(0, 2)
const region = (place: Place | undefined): string =>
  `${place?.countryCode ?? ''}/${plain(comparableRegion(place?.countryCode ?? '', place?.region))}`

/**
 * The histories that tell about a lane, the most specific first: town to town, region to town, region to region, to the region, the service,
 * the carrier, all. A delivery is added to each of them; levels that say nothing new about it are left out.
 */
export function laneKeysOf({ stage, carrierId, serviceId, from, to }: Lane): readonly string[] {
  const carrier = word(carrierId)
  const service = `${stage}|${carrier}|${word(serviceId)}`
  const [fromRegion, toRegion] = [region(from), region(to)]
  const [fromTown, toTown] = [town(from), town(to)]
  const keys: string[] = []
  if (fromTown !== '' && toTown !== '') keys.push(`${service}|${fromRegion}/${fromTown}|${toRegion}/${toTown}`)
  if (from && toTown !== '') keys.push(`${service}|${fromRegion}|${toRegion}/${toTown}`)
  if (from && to) keys.push(`${service}|${fromRegion}|${toRegion}`)
  if (to) keys.push(`${service}|*|${toRegion}`)
  if (carrier !== '') keys.push(`${service}|*|*`, `${stage}|${carrier}|*|*|*`)
  keys.push(`${stage}|*|*|*|*`)
  return [...new Set(keys)]
}
