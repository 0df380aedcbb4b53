import type { TroubleNote } from '../../contract/entities/trouble.ts'
import type { Carried } from '../carriers/couriers.ts'
import type { Harm, Site } from './site.ts'

const GAP = 36 * 3_600_000

/** One parcel of those that are under way and of which something is still to be told. */
function pick({ couriers, random, now }: Site): Carried | undefined {
  const found = [...couriers.carried()].filter(({ told, quietUntil }) => told > 0 && quietUntil < now)
  return found.length === 0 ? undefined : random.pick(found)
}
const seenIn = ({ orderId, nodeId, journey }: Carried, note: TroubleNote): Harm => ({
  note: { en: `${journey.trackingNo}: ${note.en}`, zh: `${journey.trackingNo}：${note.zh}` },
  orderIds: [orderId],
  nodeId,
})

/** A parcel vanishes on its way. */
export async function lostParcel(site: Site): Promise<Harm | undefined> {
  const one = pick(site)
  if (one === undefined) return undefined
  site.couriers.lose(one)
  return seenIn(one, { en: 'it is never seen again', zh: '从此再无踪影' })
}

/** A carrier is silent for a day and a half, then tells everything at once. */
export async function carrierGap(site: Site): Promise<Harm | undefined> {
  const one = pick(site)
  if (one === undefined) return undefined
  one.quietUntil = site.now + GAP
  return seenIn(one, { en: 'nothing is heard of it for 36 hours', zh: '36 小时没有任何轨迹' })
}
