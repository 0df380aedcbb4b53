import type { Event } from '../../../contract/events.ts'
import type { Scope } from '../access/principal.ts'
import { canSeeEvent, type EventFacts } from '../access/scope.ts'
import { idFromInt8 } from '../../kernel/ids.ts'
import { instant, toIso } from '../../kernel/time.ts'

/** An event as the log keeps it, with its place there; times in epoch ms, `orderId` as int8 text. */
export type LoggedEvent = {
  readonly position: number
  readonly type: string
  readonly version: number
  readonly subjectKind: string
  readonly subjectId: string
  readonly subjectVersion: number
  readonly orderId: string | null
  readonly channelId: string | null
  readonly nodeIds: readonly string[] | null
  readonly carrierIds?: readonly string[] | null
  readonly customerRef: string | null
  readonly accountId: string | null
  readonly occurredAt: number
  readonly recordedAt: number
  readonly actor: { readonly kind: string; readonly id: string }
  readonly cause: string | null
  readonly traceId: string | null
  readonly data: Readonly<Record<string, unknown>>
}

/** The whole event before a role's presenter shortens it. */
export function viewEvent(event: LoggedEvent, cursor: string): Event {
  return {
    cursor,
    type: event.type,
    version: event.version,
    subject: { kind: event.subjectKind, id: event.subjectId, version: event.subjectVersion },
    ...(event.orderId === null ? {} : { orderId: idFromInt8('ord', event.orderId) }),
    ...(event.channelId === null ? {} : { channelId: event.channelId }),
    occurredAt: toIso(instant(event.occurredAt)),
    recordedAt: toIso(instant(event.recordedAt)),
    actor: { ...event.actor },
    ...(event.cause === null ? {} : { cause: event.cause }),
    ...(event.traceId === null ? {} : { traceId: event.traceId }),
    data: { ...event.data },
  }
}

/** Whether a logged event lies inside a scope. */
export const isEventInScope = (scope: Scope, event: LoggedEvent): boolean => canSeeEvent(scope, eventFactsOf(event))

function eventFactsOf(event: LoggedEvent): EventFacts {
  const { kind, key } = event.data
  const isFact = event.subjectKind === 'fact' && typeof kind === 'string' && typeof key === 'string'
  return {
    subject: { kind: event.subjectKind, id: event.subjectId },
    channelId: event.channelId ?? undefined,
    nodeIds: event.nodeIds ?? undefined,
    carrierIds: event.carrierIds ?? undefined,
    customerRef: event.customerRef ?? undefined,
    accountId: event.accountId ?? undefined,
    fact: isFact ? { kind, key } : undefined,
  }
}
