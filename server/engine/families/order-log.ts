import { carriersOf } from '../../domain/order/carriers-of.ts'
import type { OrderChange, OrderEvent } from '../../domain/order/change.ts'
import type { OrderState } from '../../domain/order/state.ts'
import { idToInt8, type OrderId } from '../../kernel/ids.ts'
import type { Instant } from '../../kernel/time.ts'
import type { LogRow } from '../../store/log.ts'
import type { OrderWrite } from '../../store/order-writes.ts'
import { logBase, noOrder } from '../log-row.ts'
import { consumedRows } from './held-reservations.ts'
import type { DecidedOrder } from './order-command.ts'

/** The log rows of a batch: every event of every change in the order in which they were decided, and an audit event for each refused placement. */
export function orderLog(keep: readonly DecidedOrder[], now: Instant): LogRow[] {
  const rows: LogRow[] = []
  for (const one of keep) {
    if (one.held !== undefined && one.change !== undefined)
      rows.push(...consumedRows(one.held, one.change.after.intake.orderId, one.attempt, now))
    if (one.change !== undefined) pushEvents(rows, one, one.change)
    else if (one.refused !== undefined) rows.push(refusedRow(one, one.refused, now))
  }
  return rows
}

function pushEvents(rows: LogRow[], one: DecidedOrder, change: OrderChange): void {
  const { intake, state } = change.after
  const orderId = idToInt8(intake.orderId)
  const nodeIds = orNone(nodesOf(state))
  const carrierIds = orNone(carriersOf(state))
  for (const { event, version, recordedAt } of change.events) {
    rows.push({
      ...logBase(event.type, one.attempt),
      subjectKind: 'order',
      subjectId: intake.orderId,
      subjectVersion: version,
      shard: intake.shard,
      orderId,
      channelId: intake.channelId,
      nodeIds,
      carrierIds,
      customerRef: intake.customerRef ?? null,
      accountId: intake.accountId ?? null,
      occurredAt: event.occurredAt,
      recordedAt,
      data: JSON.stringify(event.data),
      said: event.data,
    })
  }
}

const orNone = <T>(list: readonly T[]): readonly T[] | null => (list.length === 0 ? null : list)

function nodesOf({ fulfillmentOrders }: OrderState): readonly string[] {
  const nodes: string[] = []
  for (const { nodeId } of fulfillmentOrders) if (!nodes.includes(nodeId)) nodes.push(nodeId)
  return nodes
}

function refusedRow(one: DecidedOrder, refused: NonNullable<DecidedOrder['refused']>, now: Instant): LogRow {
  const { channelId, externalRef, code, detail, subjectId, shard } = refused
  return {
    ...logBase('order.refused', one.attempt),
    ...noOrder,
    channelId,
    shard,
    subjectKind: 'audit',
    subjectId,
    subjectVersion: 1,
    occurredAt: now,
    recordedAt: now,
    data: JSON.stringify({ channelId, externalRef, code, detail }),
  }
}

type Merged = Omit<OrderWrite, 'change' | 'decisions'> & {
  readonly change: { readonly before: OrderChange['before']; after: OrderChange['after']; readonly events: OrderEvent[] }
  readonly decisions: NonNullable<OrderWrite['decisions']>[number][]
}

/** Several changes of one order in a batch become one write: from the first's before to the last's after. */
export function mergeChanges(changed: readonly DecidedOrder[]): OrderWrite[] {
  const writes = new Map<OrderId, Merged>()
  for (const { change, decisions = [], person } of changed) {
    if (change === undefined) continue
    const { orderId } = change.after.intake
    const first = writes.get(orderId)
    if (first === undefined) {
      const { before, after, events } = change
      writes.set(orderId, {
        change: { before, after, events: [...events] },
        decisions: [...decisions],
        ...(person === undefined ? {} : { person }),
      })
    } else {
      first.change.after = change.after
      first.change.events.push(...change.events)
      first.decisions.push(...decisions)
    }
  }
  return [...writes.values()]
}
