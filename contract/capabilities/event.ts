import { Type } from 'typebox'
import { defineCapability } from '../capability.ts'
import { closed, Ref } from '../entities/basics.ts'
import { Event, eventTypes } from '../events.ts'
import { Cursor } from '../entities/page.ts'
import { OrderIdText } from './order.ts'

const EventType = Type.Enum(eventTypes)
const filters = {
  /** Comma-separated event types; left out = all. */
  types: Type.Optional(Type.Array(EventType, { maxItems: 50 })),
  orderId: Type.Optional(OrderIdText),
  channelId: Type.Optional(Ref),
  nodeId: Type.Optional(Ref),
}

export const eventList = [
  defineCapability({
    name: 'event.list',
    method: 'GET',
    path: '/v1/events',
    kind: 'read',
    permission: 'event.read',
    summary: { en: 'Read the log from a cursor', zh: '从游标读取事件日志' },
    description: {
      en: 'Events in log order behind `after` (left out: from the oldest kept). `cursor` of the answer continues; 410 `cursor_expired` when the cursor points below what is kept.',
      zh: '按日志顺序返回 `after` 之后的事件（省略则从最早保留处开始）。用返回的 `cursor` 续读；游标早于保留范围时返回 410 `cursor_expired`。',
    },
    query: Type.Object(
      { ...filters, after: Type.Optional(Cursor), limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 100 })) },
      closed,
    ),
    output: { 200: Type.Object({ events: Type.Array(Event), cursor: Cursor, more: Type.Boolean() }) },
    outcomes: ['cursor_expired', 'cursor_invalid'],
    slaMs: 100,
  }),
  defineCapability({
    name: 'event.stream',
    method: 'GET',
    path: '/v1/stream',
    kind: 'read',
    permission: 'event.read',
    summary: { en: 'Follow the log live (server-sent events)', zh: '实时订阅事件流（SSE）' },
    description: {
      en: 'Each message has the event as `data`, its type as `event` and its cursor as `id`. `Last-Event-ID` (or `after`) continues; left out: from now.',
      zh: '每条消息以 `data` 携带事件、`event` 为类型、`id` 为游标。用 `Last-Event-ID`（或 `after`）续传；省略则从当前开始。',
    },
    query: Type.Object({ ...filters, after: Type.Optional(Cursor) }, closed),
    output: { 200: Event },
    streaming: 'sse',
    outcomes: ['cursor_expired', 'cursor_invalid'],
    slaMs: 100,
  }),
] as const
