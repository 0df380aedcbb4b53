import type { Role } from '../../../contract/access.ts'
import type { TaskKind } from '../../../contract/entities/task.ts'
import type { Instant } from '../../kernel/time.ts'
import { isMovable, isReady } from '../fulfillment/work-machine.ts'
import type { OrderState, PlannedOrder } from '../order/state.ts'
import { silentWork } from '../parcel/silence.ts'

type DueTask = { readonly kind: TaskKind; readonly owner: Role; readonly work: PlannedOrder }

/** What clocks that have just run out leave to people: late work is its floor's, goods that nobody collects and silent parcels are agents'. */
export function tasksDue(state: OrderState, due: readonly string[], now: Instant): readonly DueTask[] {
  const works = state.fulfillmentOrders
  const late = due.includes('fulfil')
    ? works.filter((work) => isMovable(work.work) && !isReady(work.work) && (work.shipBy ?? Infinity) <= now)
    : []
  const kept = due.includes('collect') ? works.filter((work) => isReady(work.work) && (work.collectBy ?? Infinity) <= now) : []
  const silent = due.includes('scan') ? silentWork(state, now) : []
  return [
    ...late.map((work): DueTask => ({ kind: 'workLate', owner: 'floor', work })),
    ...kept.map((work): DueTask => ({ kind: 'pickupOverdue', owner: 'agent', work })),
    ...silent.map((work): DueTask => ({ kind: 'parcelSilent', owner: 'agent', work })),
  ]
}
