import type { Carried } from '../carriers/couriers.ts'
import type { Harm, Site } from './site.ts'

const GAP = 36 * 3_600_000

/** One parcel of those that are under way and of which something is still to be told. */
function pick({ couriers, random, now }: Site): Carried | undefined {
  const found = [...couriers.carried()].filter(({ told, quietUntil }) => told > 0 && quietUntil < now)
  return found.length === 0 ? undefined : random.pick(found)
}
const seenIn = ({ orderId, nodeId, journey }: Carried, note: string): Harm => ({
  note: `${journey.trackingNo}: ${note}`,
  orderIds: [orderId],
  nodeId,
})

/** A parcel vanishes on its way. */
export async function lostParcel(site: Site): Promise<Harm | undefined> {
  const one = pick(site)
  if (one === undefined) return undefined
  site.couriers.lose(one)
  return seenIn(one, 'it is never seen again')
}

/** A carrier is silent for a day and a half, then tells everything at once. */
export async function carrierGap(site: Site): Promise<Harm | undefined> {
  const one = pick(site)
  if (one === undefined) return undefined
  one.quietUntil = site.now + GAP
  return seenIn(one, 'nothing is heard of it for 36 hours')
}
