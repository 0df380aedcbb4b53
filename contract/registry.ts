import type { Capability } from './capability.ts'
import { accessList } from './capabilities/access.ts'
import { changeList } from './capabilities/change.ts'
import { channelList } from './capabilities/channel.ts'
import { demoList } from './capabilities/demo.ts'
import { closureList } from './capabilities/closure.ts'
import { eventList } from './capabilities/event.ts'
import { factList } from './capabilities/facts.ts'
import { fulfillmentList } from './capabilities/fulfillment.ts'
import { healthList } from './capabilities/health.ts'
import { holdList } from './capabilities/hold.ts'
import { orderList } from './capabilities/order.ts'
import { paymentList } from './capabilities/payment.ts'
import { overviewList } from './capabilities/overview.ts'
import { parcelList } from './capabilities/parcel.ts'
import { promiseList } from './capabilities/promise.ts'
import { reportList } from './capabilities/report.ts'
import { reservationList } from './capabilities/reservation.ts'
import { stockList } from './capabilities/stock.ts'
import { trackList } from './capabilities/track.ts'
import { viewList } from './capabilities/view.ts'
import { webhookList } from './capabilities/webhook.ts'
import { taskList } from './capabilities/task.ts'

const list = [
  ...factList,
  ...stockList,
  ...reservationList,
  ...promiseList,
  ...orderList,
  ...paymentList,
  ...changeList,
  ...holdList,
  ...fulfillmentList,
  ...overviewList,
  ...reportList,
  ...taskList,
  ...closureList,
  ...parcelList,
  ...channelList,
  ...eventList,
  ...trackList,
  ...viewList,
  ...webhookList,
  ...accessList,
  ...demoList,
  ...healthList,
] as const

/** Everything the hub can do, by name. */
export type Capabilities = { readonly [C in (typeof list)[number] as C['name']]: C }
export type CapabilityName = keyof Capabilities
export const capabilityList: readonly Capability[] = list

const twice = list.map((capability) => capability.name).filter((name, i, names) => names.indexOf(name) !== i)
if (twice.length > 0) throw new Error(`capability defined twice: ${twice.join(', ')}`)

export const capabilities = Object.fromEntries(list.map((capability) => [capability.name, capability])) as unknown as Capabilities
