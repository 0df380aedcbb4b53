import type { ParcelInput, WorkUnits } from '../../../contract/entities/fulfillment-order.ts'
import type { StockEffect } from '../../../contract/event-definition.ts'
import type { EventData, NewEvent } from '../../../contract/events.ts'
import { Defect } from '../../kernel/assert.ts'
import { done, type Outcome, refuse } from '../../kernel/outcome.ts'
import { type Instant, toIso } from '../../kernel/time.ts'
import { kindHeldFor } from '../order/reservation.ts'
import type { Order, PlannedOrder, WorkLine } from '../order/state.ts'
import { isWorkAllowed, mergeableWith, workActionsOf } from './allowed-work.ts'
import { collect, readyForPickup } from './pickup-work.ts'
import { packedUnits } from './line-progress.ts'
import { unpack } from './unpack.ts'
import { effectsOf } from './stock-effects.ts'
import { type Missing, takeOff } from './take-off.ts'
import type { DecidedWork, WorkCommand, WorkFacts } from './work-command.ts'

/** The work that a command speaks of, when the command is possible now. */
export function findWork(order: Order, { fulfillmentOrderId, verb }: WorkCommand): Outcome<PlannedOrder> {
  const work = order.state.fulfillmentOrders.find((one) => one.fulfillmentOrderId === fulfillmentOrderId)
  if (work === undefined)
    return refuse(
      'fulfillment_order_unknown',
      { en: 'the order has no such fulfillment order', zh: '订单没有该履约单' },
      { got: fulfillmentOrderId },
    )
  if (isWorkAllowed(order, work, verb)) return done(work)
  const allowed = workActionsOf(order, work)
  return refuse(
    'action_not_allowed',
    {
      en: `${verb} is not possible now; allowed: ${allowed.join(', ') || 'nothing'}`,
      zh: `当前不可执行 ${verb}；可执行：${allowed.join('、') || '无'}`,
    },
    { expected: allowed, got: verb },
  )
}

/** Decides everything but a move, which needs other nodes. */
export function decideWork(order: Order, work: PlannedOrder, command: WorkCommand, facts: WorkFacts, now: Instant): Outcome<DecidedWork> {
  const { verb } = command
  const { fulfillmentOrderId } = work
  const at = { fulfillmentOrderId, nodeId: work.nodeId }
  const occurredAt = command.occurredAt !== undefined && command.occurredAt < now ? command.occurredAt : now
  const one = (event: NewEvent): Outcome<DecidedWork> => done({ events: [event], isOpenAgain: false })
  switch (verb) {
    case 'accept':
      return one({ type: 'fulfillment.accepted', occurredAt: now, data: at })
    case 'start':
      return one({ type: 'fulfillment.started', occurredAt: now, data: at })
    case 'pick':
      return pick(order, work, command, now)
    case 'pack':
      return pack(order, work, command.parcels ?? [{}], facts, now)
    case 'unpack':
      return unpack(order, work, command.parcelIds, now)
    case 'handOver': {
      const stock = effectsOf(work.lines, work.nodeId, true)
      const parcelIds = (work.parcels ?? []).map((parcel) => parcel.parcelId)
      return one({ type: 'fulfillment.handedOver', occurredAt, data: { ...at, parcelIds, occurredAt: toIso(occurredAt), stock } })
    }
    case 'deliver':
      return one({ type: 'fulfillment.delivered', occurredAt, data: { ...at, occurredAt: toIso(occurredAt) } })
    case 'setReady':
      return one(readyForPickup(work, facts, now))
    case 'collect':
      return collect(work, command.code, occurredAt)
    case 'requestCancel':
      return one({ type: 'fulfillment.cancelRequested', occurredAt: now, data: { ...at, reason: command.reason ?? 'requested' } })
    case 'refuseCancel':
      return one({ type: 'fulfillment.cancelRefused', occurredAt: now, data: { ...at, reason: command.reason ?? 'too_late' } })
    case 'reject':
    case 'cancel':
      return done(
        giveUp(order, work, verb === 'reject' ? 'fulfillment.rejected' : 'fulfillment.cancelled', command.reason ?? 'requested', now),
      )
    case 'hold':
      return one({ type: 'fulfillment.held', occurredAt: now, data: { ...at, reason: command.reason ?? 'requested' } })
    case 'release':
      return one({ type: 'fulfillment.released', occurredAt: now, data: at })
    case 'split':
      return split(order, work, command, facts, now)
    case 'merge':
      return merge(order, work, command, now)
    case 'move':
      throw new Defect('a move is decided where other nodes are known')
  }
}

/** The work ends before hand-over: its units, and what leaves with them because their sets are broken, are open again. */
export function giveUp(
  order: Order,
  work: PlannedOrder,
  type: 'fulfillment.rejected' | 'fulfillment.cancelled',
  reason: string,
  now: Instant,
): DecidedWork {
  const off = takeOff(order, work, work.lines)
  const data = { fulfillmentOrderId: work.fulfillmentOrderId, nodeId: work.nodeId, reason, ...off, stock: freedBy(order, off.taken) }
  return { events: [{ type, occurredAt: now, data }], isOpenAgain: off.open.length > 0 }
}

/** The node let its time to answer pass. */
export function expireOffer(order: Order, work: PlannedOrder, acceptBy: Instant, now: Instant): DecidedWork {
  const off = takeOff(order, work, work.lines)
  const at = { fulfillmentOrderId: work.fulfillmentOrderId, nodeId: work.nodeId, acceptBy: toIso(acceptBy) }
  const data = { ...at, ...off, stock: freedBy(order, off.taken) }
  return { events: [{ type: 'fulfillment.acceptExpired', occurredAt: now, data }], isOpenAgain: off.open.length > 0 }
}

function split(order: Order, work: PlannedOrder, { lines }: WorkCommand, facts: WorkFacts, now: Instant): Outcome<DecidedWork> {
  const named = resolve(order, work, lines ?? [], (line) => line.quantity)
  if (named.status === 'refused') return named
  const units = (all: readonly { readonly quantity: number }[]) => all.reduce((sum, one) => sum + one.quantity, 0)
  if (named.value.length === 0 || units(named.value) >= units(work.lines))
    return refuse(
      'work_left_empty',
      { en: 'expected some of its units, but not all', zh: '须拆出部分商品，但不能是全部' },
      { pointer: '/lines', expected: units(work.lines) - 1 },
    )
  const moved = named.value.map(({ line, quantity }) => ({ lineRef: refOf(order, line), sku: line.sku, quantity }))
  const data = { fulfillmentOrderId: work.fulfillmentOrderId, nodeId: work.nodeId, into: facts.nextWorkId(), lines: moved }
  return done({ events: [{ type: 'fulfillment.split', occurredAt: now, data }], isOpenAgain: false })
}

function merge({ state }: Order, work: PlannedOrder, command: WorkCommand, now: Instant): Outcome<DecidedWork> {
  const possible = mergeableWith(state, work).map((one) => one.fulfillmentOrderId as string)
  const from = command.with ?? possible
  const wrong = from.find((id) => !possible.includes(id))
  if (wrong !== undefined)
    return refuse(
      'work_not_mergeable',
      { en: `"${wrong}" cannot be taken over`, zh: `“${wrong}”不可并入` },
      { pointer: '/with', expected: possible, got: wrong },
    )
  const data = { fulfillmentOrderId: work.fulfillmentOrderId, nodeId: work.nodeId, from: [...from] }
  return done({ events: [{ type: 'fulfillment.merged', occurredAt: now, data }], isOpenAgain: false })
}

function pick(order: Order, work: PlannedOrder, command: WorkCommand, now: Instant): Outcome<DecidedWork> {
  const at = { fulfillmentOrderId: work.fulfillmentOrderId, nodeId: work.nodeId }
  const openOf = (line: WorkLine) => line.quantity - (line.picked ?? 0)
  const all = work.lines.filter((line) => openOf(line) > 0).map((line) => ({ line, quantity: openOf(line) }))
  const named = command.lines === undefined ? done(command.short === true ? [] : all) : resolve(order, work, command.lines, openOf)
  if (named.status === 'refused') return named
  const events: NewEvent[] = []
  const lines = named.value.map(({ line, quantity }) => ({ lineRef: refOf(order, line), sku: line.sku, quantity }))
  if (lines.length > 0) events.push({ type: 'fulfillment.picked', occurredAt: now, data: { ...at, lines } })
  if (command.short !== true) return done({ events, isOpenAgain: false })
  const missing = work.lines
    .map((line): Missing => {
      const now_ = named.value.find((one) => one.line === line)?.quantity ?? 0
      return { lineNo: line.lineNo, sku: line.sku, quantity: openOf(line) - now_ }
    })
    .filter((one) => one.quantity > 0)
  if (missing.length === 0) return done({ events, isOpenAgain: false })
  const off = takeOff(order, work, missing)
  // What was not on the shelf leaves the books; what leaves with it, because its set is broken, is free again.
  const lost = effectsOf(missing, work.nodeId, true)
  const data = { ...at, ...off, stock: [...lost, ...besides(freedBy(order, off.taken), lost)] }
  events.push({ type: 'fulfillment.shortPicked', occurredAt: now, data })
  return done({ events, isOpenAgain: off.open.length > 0 })
}

function pack(order: Order, work: PlannedOrder, inputs: readonly ParcelInput[], facts: WorkFacts, now: Instant): Outcome<DecidedWork> {
  const left = new Map(work.lines.map((line) => [line, (line.picked ?? 0) - packedUnits(work, line)]))
  const parcels: EventData<'fulfillment.packed'>['parcels'] = []
  for (const [i, input] of inputs.entries()) {
    const all = [...left].filter(([, units]) => units > 0).map(([line, quantity]) => ({ line, quantity }))
    const named = input.lines === undefined ? done(all) : resolve(order, work, input.lines, (line) => left.get(line) ?? 0, `/parcels/${i}`)
    if (named.status === 'refused') return named
    if (named.value.length === 0)
      return refuse(
        'work_units_exceeded',
        { en: 'nothing that is picked is left for this parcel', zh: '已拣商品均已打包，该包裹无可装之物' },
        { pointer: `/parcels/${i}` },
      )
    for (const { line, quantity } of named.value) left.set(line, (left.get(line) ?? 0) - quantity)
    const carrierId = input.carrierId ?? work.carrierId
    const serviceId = input.serviceId ?? (carrierId === work.carrierId ? work.serviceId : undefined)
    if (input.carrierId !== undefined && !facts.hasService(input.carrierId, input.serviceId))
      return refuse(
        'carrier_unknown',
        { en: 'no such carrier, or it has no such service', zh: '没有该承运商，或其没有该服务' },
        { pointer: `/parcels/${i}`, got: input.carrierId },
      )
    const { lines: _, ...given } = input
    parcels.push({
      parcelId: facts.nextParcelId(),
      ...given,
      ...(carrierId === undefined ? {} : { carrierId }),
      ...(serviceId === undefined ? {} : { serviceId }),
      lines: named.value.map(({ line, quantity }) => ({ lineRef: refOf(order, line), sku: line.sku, quantity })),
    })
  }
  const data = { fulfillmentOrderId: work.fulfillmentOrderId, nodeId: work.nodeId, parcels }
  return done({ events: [{ type: 'fulfillment.packed', occurredAt: now, data }], isOpenAgain: false })
}

type Named = readonly { readonly line: WorkLine; readonly quantity: number }[]

/** The lines of the work that a report names, each within its limit. */
function resolve(
  order: Order,
  work: PlannedOrder,
  units: readonly WorkUnits[],
  limitOf: (line: WorkLine) => number,
  at = '',
): Outcome<Named> {
  const named = new Map<WorkLine, number>()
  for (const [i, { lineRef, sku, quantity }] of units.entries()) {
    const pointer = `${at}/lines/${i}`
    const found = work.lines.filter((line) => refOf(order, line) === lineRef && (sku === undefined || line.sku === sku))
    const [line] = found
    if (line === undefined || found.length > 1) {
      const expected = work.lines.map((one) => ({ lineRef: refOf(order, one), sku: one.sku }))
      return refuse(
        'work_line_unknown',
        { en: `expected a line of this work, got "${lineRef}"`, zh: `须为该履约单的行，实为“${lineRef}”` },
        { pointer, expected, got: { lineRef, sku } },
      )
    }
    const total = (named.get(line) ?? 0) + quantity
    if (total > limitOf(line))
      return refuse(
        'work_units_exceeded',
        { en: `expected at most ${limitOf(line)} units of "${lineRef}"`, zh: `“${lineRef}”行最多 ${limitOf(line)} 件` },
        { pointer, expected: limitOf(line), got: total },
      )
    named.set(line, total)
  }
  return done([...named].map(([line, quantity]) => ({ line, quantity })))
}

const refOf = ({ intake }: Order, line: Pick<WorkLine, 'lineNo'>): string => intake.lines[line.lineNo]?.lineRef ?? ''

function freedBy({ state }: Order, taken: EventData<'fulfillment.rejected'>['taken']): StockEffect[] {
  return state.fulfillmentOrders.flatMap((work) =>
    effectsOf(
      taken.filter((one) => one.fulfillmentOrderId === work.fulfillmentOrderId).map((one) => ({ ...one, lineNo: 0 })),
      work.nodeId,
      false,
      kindHeldFor(state, work),
    ),
  )
}

/** What is freed beyond what is lost. */
function besides(freed: readonly StockEffect[], lost: readonly StockEffect[]): StockEffect[] {
  return freed.flatMap((one) => {
    const own = lost.find((other) => other.sku === one.sku && other.nodeId === one.nodeId)
    const committed = (one.committed ?? 0) - (own?.committed ?? 0)
    return committed === 0 ? [] : [{ ...one, committed }]
  })
}
