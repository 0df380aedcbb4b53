import { Type, type Static } from 'typebox'
import { InstantText, Ref } from './entities/basics.ts'

/**
 * An event as it leaves the hub: CloudEvents 1.0, JSON format, structured mode. `data` holds what the receiver's role may see of the
 * event's data; the rest of the hub's envelope stands in extension attributes, whose names the standard wants in lower case.
 */
export const CloudEvent = Type.Object({
  specversion: Type.Literal('1.0'),
  /** Unique in the hub: log shard and position. */
  id: Type.String(),
  source: Type.String(),
  type: Type.String(),
  /** Id of what changed. */
  subject: Type.String(),
  /** When it happened. */
  time: InstantText,
  datacontenttype: Type.Literal('application/json'),
  dataversion: Type.Integer(),
  subjectkind: Type.String(),
  subjectversion: Type.Integer(),
  /** When the hub wrote it. */
  recordedtime: InstantText,
  /** Continues GET /v1/events and GET /v1/stream behind this event. */
  cursor: Type.String(),
  orderid: Type.Optional(Type.String()),
  channelid: Type.Optional(Ref),
  actorkind: Type.String(),
  actorid: Type.String(),
  cause: Type.Optional(Type.String()),
  traceid: Type.Optional(Type.String()),
  data: Type.Record(Type.String(), Type.Unknown()),
})
export type CloudEvent = Static<typeof CloudEvent>

export const CLOUD_EVENT_TYPE = 'application/cloudevents+json; charset=utf-8'
export const CLOUD_EVENT_SOURCE = 'urn:fulcrum:hub'
