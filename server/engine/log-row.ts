import { type EventType, events } from '../../contract/events.ts'
import type { Actor } from '../../contract/events.ts'
import type { LogRow } from '../store/log.ts'
import { type Caused, causeOf } from './cause.ts'

/** What every log row of a command shares. */
export function logBase(type: EventType, from: Caused): Pick<LogRow, 'type' | 'version' | 'actor' | 'cause' | 'traceId'> {
  return {
    type,
    version: events[type].version,
    actor: actorText(from.context.actor),
    cause: causeOf(from),
    traceId: from.context.traceId ?? null,
  }
}

const actorTexts = new WeakMap<Actor, string>()
function actorText(actor: Actor): string {
  let text = actorTexts.get(actor)
  if (text === undefined) actorTexts.set(actor, (text = JSON.stringify(actor)))
  return text
}

/** The columns of an event that belongs to no order. */
export const noOrder = { shard: null, orderId: null, channelId: null, nodeIds: null, customerRef: null, accountId: null } as const
