import type { ScanMeaning } from '../../contract/entities/scan.ts'
import { randomOf } from '../random.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

export type Town = { readonly region: string; readonly city: string }
/** What a carrier's people and machines notice of a parcel. */
export type Sighting = { readonly at: number; readonly meaning: ScanMeaning; readonly town: Town }
/** A parcel on its way, with everything that will be seen of it, in order. */
export type Journey = {
  readonly carrierId: string
  readonly trackingNo: string
  readonly sightings: readonly Sighting[]
}

type Way = {
  readonly carrierId: string
  readonly trackingNo: string
  readonly from: Town
  readonly to: Town
  readonly leftAt: number
  readonly arrivesAt: number
}

/** Everything that will be seen of a parcel between hand-over and the door; now and then nobody is at home the first time. */
export function journeyOf(seed: number, { carrierId, trackingNo, from, to, leftAt, arrivesAt }: Way): Journey {
  const random = randomOf(seed, 'journey', trackingNo)
  const time = arrivesAt - leftAt
  const sightings: Sighting[] = [{ at: leftAt + random.between(0, 3) * MINUTE, meaning: 'collected', town: from }]
  const see = (at: number, meaning: ScanMeaning, town: Town): void => {
    const last = sightings.at(-1)?.at ?? leftAt
    sightings.push({ at: Math.round(Math.min(arrivesAt, Math.max(last + MINUTE, at))), meaning, town })
  }
  if (time > 8 * HOUR) {
    see(leftAt + random.between(50, 180) * MINUTE, 'departed', from)
    see(arrivesAt - random.between(5, 11) * HOUR, 'arrived', to)
  }
  see(arrivesAt - Math.min(time * 0.6, random.between(60, 210) * MINUTE), 'outForDelivery', to)
  if (time > 8 * HOUR && random.is(0.03)) {
    see(arrivesAt - 40 * MINUTE, 'attemptFailed', to)
    see(arrivesAt - 20 * MINUTE, 'outForDelivery', to)
  }
  see(arrivesAt, 'delivered', to)
  return { carrierId, trackingNo, sightings }
}
