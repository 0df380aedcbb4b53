import { instant, type Instant } from '../../kernel/time.ts'
import { nextShipBy } from '../calendar/ship-days.ts'
import { windowOfDay } from '../calendar/working-time.ts'
import type { Network } from './network.ts'

/** When a node has something ready to be collected, and the local day whose capacity it takes. */
export type PickupTime = { readonly readyAt: Instant; readonly day: number }

/** Released at an instant, worked on in the node's hours, on the first day that is not full; undefined where none is in its calendar's range. */
export function pickupTime(
  network: Network,
  nodeNo: number,
  releaseAt: Instant,
  isFull?: (nodeNo: number, day: number) => boolean,
): PickupTime | undefined {
  const n = network.indexOf[nodeNo] ?? -1
  const schedule = network.schedules[network.scheduleOf[n] ?? -1]
  if (schedule === undefined) return undefined
  const first = nextShipBy(schedule.hours, releaseAt)
  if (first === undefined) return undefined
  const { time } = schedule.hours
  const isLimited = network.isLimited[n] === 1
  for (let { day } = first; day < time.toDay; day++) {
    const window = windowOfDay(time, day)
    if (time.day[window] !== day || (isLimited && isFull?.(nodeNo, day) === true)) continue
    return { readyAt: instant(Math.max(first.readyAt, time.start[window] ?? 0)), day }
  }
  return undefined
}
