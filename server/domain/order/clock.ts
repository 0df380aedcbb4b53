import { DAY, HOUR, instant, MINUTE, type Instant } from '../../kernel/time.ts'
import { hasOpenOffer, openOffersOf } from '../fulfillment/open-offers.ts'
import { hasLeft, isMovable, isReady } from '../fulfillment/work-machine.ts'
import { isOrderHeld } from '../hold/hold-reach.ts'
import { firstSilence } from '../parcel/silence.ts'
import { isSettled } from './payment-need.ts'
import type { Clock, ClockName, OrderIntake, OrderState } from './state.ts'

/** How long each stage may take before somebody is told, where the order itself does not say. */
const limits: Record<ClockName, number> = {
  review: 4 * HOUR,
  payment: 30 * MINUTE,
  hold: DAY,
  stock: 30 * MINUTE,
  accept: 30 * MINUTE,
  fulfil: DAY,
  collect: 7 * DAY,
  // The buyer's time to send things back (seven days by law in China for distance sales).
  close: 7 * DAY,
  // Counts only where a proposal names no end.
  change: HOUR,
  // Due when a parcel has been quiet for as long as its lane takes.
  scan: DAY,
}
const BREACHES_MAX = 10

/** True while a person must do something before the order goes on: it is in review, or a hold on it is open. */
export function isHeldUp(state: Pick<OrderState, 'state' | 'holds'>): boolean {
  return state.state === 'review' || isOrderHeld(state)
}

/** The stages whose clocks run now, the first one says what the order waits for; empty when nothing is owed any more. */
export function stagesOf(intake: OrderIntake, state: OrderState): readonly ClockName[] {
  const stages = ownStages(intake, state)
  if (stages.length === 0) return stages
  const others: ClockName[] = []
  if (!stages.includes('hold') && isPartHeld(state)) others.push('hold')
  if (firstExpiry(state) !== undefined) others.push('change')
  if (firstSilence(state) !== undefined) others.push('scan')
  return others.length === 0 ? stages : [...stages, ...others]
}

/** Part of the order waits for a person while the rest goes on; a hold on an order in review is the reviewer's. */
const isPartHeld = ({ state, holds }: OrderState): boolean => state === 'accepted' && holds.some((hold) => hold.state === 'open')

/** When the first proposed change set expires. */
function firstExpiry({ changes }: OrderState): Instant | undefined {
  if (changes === undefined) return undefined
  const open = changes.filter((one) => one.state === 'proposed')
  return open.length === 0 ? undefined : instant(Math.min(...open.map((one) => one.expiresAt)))
}

function ownStages(intake: OrderIntake, state: OrderState): readonly ClockName[] {
  if ((state.state !== 'review' && state.state !== 'accepted') || intake.history) return []
  if (isHeldUp(state)) {
    const stage = state.state === 'review' ? 'review' : 'hold'
    // Stock is held for an unpaid order no longer than its channel allows, whoever else it waits for.
    return state.reservedUntil === undefined ? [stage] : [stage, 'payment']
  }
  if (!isSettled(intake, state)) return ['payment']
  const stage = lastStageOf(intake, state)
  return hasOpenOffer(state) ? [stage, 'accept'] : [stage]
}

function lastStageOf(intake: OrderIntake, state: OrderState): ClockName {
  if (state.lines.some((line) => line.backordered > 0)) return 'stock'
  const isOpen = intake.lines.some((line, i) => line.quantity - (state.lines[i]?.cancelled ?? 0) > (state.lines[i]?.delivered ?? 0))
  return isOpen ? (waitsForBuyer(state) ? 'collect' : 'fulfil') : 'close'
}

/** All that has not left waits to be collected. */
function waitsForBuyer({ fulfillmentOrders }: OrderState): boolean {
  let isAny = false
  for (const { work } of fulfillmentOrders) {
    if (!isMovable(work)) continue
    if (!isReady(work)) return false
    isAny = true
  }
  return isAny
}

/** The stage that the order waits in; undefined when nothing is owed any more. */
export function stageOf(intake: OrderIntake, state: OrderState): ClockName | undefined {
  return stagesOf(intake, state)[0]
}

/** The due time that the order itself names for a stage; when it moves, the clock follows. */
function anchorOf(stage: ClockName, state: OrderState): Instant | undefined {
  if (stage === 'change') return firstExpiry(state)
  if (stage === 'scan') return firstSilence(state)
  if (stage === 'payment') return state.reservedUntil ?? state.preOrder?.balanceBy ?? state.sourceAgainAt
  if (stage === 'accept') return instant(Math.min(...openOffersOf(state).map((one) => one.acceptBy ?? Infinity)))
  if (stage === 'collect') return firstCollectBy(state)
  if (stage === 'fulfil') return fulfilBy(state)
  return stage === 'stock' ? state.sourceAgainAt : undefined
}

/** Until when what is still at a node should leave; once nothing is, until when the last of what left should be there. */
function fulfilBy({ fulfillmentOrders }: OrderState): Instant | undefined {
  let leaves: number | undefined
  let arrives = 0
  for (const { work, shipBy = 0, deliverBy = 0 } of fulfillmentOrders) {
    if (isMovable(work)) leaves = Math.max(leaves ?? 0, shipBy)
    else if (hasLeft(work)) arrives = Math.max(arrives, deliverBy)
  }
  const by = leaves ?? arrives
  return by === 0 ? undefined : instant(by)
}

function firstCollectBy({ fulfillmentOrders }: OrderState): Instant {
  return instant(Math.min(...fulfillmentOrders.map((one) => (isReady(one.work) ? (one.collectBy ?? Infinity) : Infinity))))
}

function dueOf(stage: ClockName, state: OrderState, at: Instant): Instant {
  const anchor = anchorOf(stage, state)
  if (anchor !== undefined && anchor > at) return anchor
  // A promise that is past already gives nobody anything to hurry for: somebody is told when the stage takes too long.
  return anchor === undefined || stage === 'fulfil' ? instant(at + limits[stage]) : at
}

/**
 * Ends the clocks of stages that are over and starts those that begin; called after every event with the state before it.
 * Invariant: a non-terminal order has a running clock.
 */
export function rearm(intake: OrderIntake, before: OrderState, state: OrderState, at: Instant): readonly Clock[] {
  const stages = stagesOf(intake, state)
  let { clocks } = state
  for (const clock of clocks) if (clock.state === 'running' && !stages.includes(clock.clock)) clocks = replaced(clocks, ended(clock, at))
  for (const stage of stages) {
    const running = clocks.find((clock) => clock.clock === stage && clock.state === 'running')
    if (running === undefined) {
      const fresh: Clock = { clock: stage, state: 'running', startedAt: at, dueAt: dueOf(stage, state, at), breaches: 0 }
      clocks = [...clocks.filter((clock) => clock.clock !== stage), fresh]
    } else if (isAnchorMoved(stage, before, state)) clocks = replaced(clocks, { ...running, dueAt: dueOf(stage, state, at) })
  }
  return clocks
}

function isAnchorMoved(stage: ClockName, before: OrderState, state: OrderState): boolean {
  const anchor = anchorOf(stage, state)
  return (anchor !== undefined || stage === 'fulfil') && anchor !== anchorOf(stage, before)
}

const replaced = (clocks: readonly Clock[], now: Clock): readonly Clock[] =>
  clocks.map((clock) => (clock.clock === now.clock ? now : clock))

const ended = (clock: Clock, at: Instant): Clock => ({ ...clock, state: clock.breaches > 0 ? 'breached' : 'met', endedAt: at })

/** After a breach the clock runs on with a doubled wait, at most 2^10 times its limit, so that it is never forgotten and never floods. */
export function breach(clock: Clock, at: Instant): Clock {
  const breaches = Math.min(clock.breaches + 1, BREACHES_MAX)
  return { ...clock, breaches, dueAt: instant(at + limits[clock.clock] * 2 ** (breaches - 1)) }
}

/** When the order must be looked at next: the minimum over its running clocks. */
export function nextDueAt(state: OrderState): Instant | undefined {
  let next: Instant | undefined
  for (const clock of state.clocks) if (clock.state === 'running' && (next === undefined || clock.dueAt < next)) next = clock.dueAt
  return next
}
