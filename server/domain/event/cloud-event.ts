import { CLOUD_EVENT_SOURCE, type CloudEvent } from '../../../contract/cloud-event.ts'
import type { Event } from '../../../contract/events.ts'

/** An event, already as its receiver may see it, as a CloudEvent; `logShard` and `position` name it in the hub. */
export function cloudEventOf(event: Event, logShard: number, position: number): CloudEvent {
  return {
    specversion: '1.0',
    id: `${logShard}-${position}`,
    source: CLOUD_EVENT_SOURCE,
    type: event.type,
    subject: event.subject.id,
    time: event.occurredAt,
    datacontenttype: 'application/json',
    dataversion: event.version,
    subjectkind: event.subject.kind,
    subjectversion: event.subject.version,
    recordedtime: event.recordedAt,
    cursor: event.cursor,
    ...(event.orderId === undefined ? {} : { orderid: event.orderId }),
    ...(event.channelId === undefined ? {} : { channelid: event.channelId }),
    actorkind: event.actor.kind,
    actorid: event.actor.id,
    ...(event.cause === undefined ? {} : { cause: event.cause }),
    ...(event.traceId === undefined ? {} : { traceid: event.traceId }),
    data: event.data,
  }
}
