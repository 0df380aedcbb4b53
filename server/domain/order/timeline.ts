import type { Phase } from '../../../contract/entities/order.ts'
import { clockTitles, phaseTitles, type Milestone, type PhaseSpan, type Timeline } from '../../../contract/entities/timeline.ts'
import type { EventDefinition } from '../../../contract/event-definition.ts'
import { events, type NewEvent } from '../../../contract/events.ts'
import { instant, type Instant, toIso } from '../../kernel/time.ts'
import type { LoggedEvent } from '../event/logged-event.ts'
import { phaseOf } from './derive.ts'
import { evolve, initialState } from './evolve.ts'
import type { Clock, OrderIntake, OrderState } from './state.ts'

/**
 * An order's life from its events, oldest first: the log is replayed, and after each event the phase is derived by the same function as
 * everywhere. `now` is business time; it ends the last stretch for the time being. Durations in ms of business time as recorded.
 * Where its first events are archived the log starts at `from`, the state after those.
 */
export function timelineOf(intake: OrderIntake, log: readonly LoggedEvent[], now: Instant, from = initialState(intake)): Timeline {
  let state = from
  const milestones: Milestone[] = []
  for (const logged of log) {
    const event = { type: logged.type, data: logged.data, occurredAt: logged.occurredAt } as unknown as NewEvent
    const after = evolve(intake, state, event, instant(logged.recordedAt))
    milestones.push(milestoneOf(intake, logged, state, after, milestones.length === 0))
    state = after
  }
  const asOf = instant(Math.max(now, state.recordedAt))
  return { orderId: intake.orderId, phase: phaseOf(intake, state), asOf: toIso(asOf), phases: spansOf(milestones, asOf), milestones }
}

function milestoneOf(intake: OrderIntake, logged: LoggedEvent, before: OrderState, after: OrderState, isFirst: boolean): Milestone {
  return {
    version: after.version,
    type: logged.type,
    title: titleOf(logged.type),
    occurredAt: toIso(instant(logged.occurredAt)),
    recordedAt: toIso(after.recordedAt),
    actor: { ...logged.actor },
    ...(logged.cause === null ? {} : { cause: logged.cause }),
    durationMs: isFirst ? 0 : after.recordedAt - before.recordedAt,
    phase: phaseOf(intake, after),
    clocks: before.clocks.filter((clock) => clock.state === 'running').map((clock) => viewClock(clock, after)),
  }
}

/** The clock as the event left it: one that was wound up anew has ended as the running one would have. */
function viewClock(clock: Clock, after: OrderState): Milestone['clocks'][number] {
  const now = after.clocks.find((one) => one.clock === clock.clock && one.startedAt === clock.startedAt)
  const breaches = Math.max(clock.breaches, now?.breaches ?? 0)
  return {
    clock: clock.clock,
    title: { ...clockTitles[clock.clock] },
    startedAt: toIso(clock.startedAt),
    dueAt: toIso(clock.dueAt),
    state: now?.state === 'running' ? 'running' : breaches > 0 ? 'breached' : 'met',
    breaches,
  }
}

function titleOf(type: string): Milestone['title'] {
  const definition = (events as Readonly<Record<string, EventDefinition>>)[type]
  return definition === undefined ? { en: type, zh: type } : { ...definition.title }
}

function spansOf(milestones: readonly Milestone[], asOf: Instant): PhaseSpan[] {
  const starts: { readonly phase: Phase; readonly from: string }[] = []
  for (const { phase, recordedAt } of milestones) if (phase !== starts.at(-1)?.phase) starts.push({ phase, from: recordedAt })
  return starts.map(({ phase, from }, i) => {
    const until = starts[i + 1]?.from
    const durationMs = Date.parse(until ?? toIso(asOf)) - Date.parse(from)
    return { phase, title: { ...phaseTitles[phase] }, from, ...(until === undefined ? {} : { until }), durationMs }
  })
}
