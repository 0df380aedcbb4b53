import { Type } from 'typebox'
import { defineCapability } from '../capability.ts'
import { InstantText, Lat, Lng, Name, Ref } from '../entities/basics.ts'
import { Phase } from '../entities/order.ts'

const Count = Type.Integer({ minimum: 0 })

/** Where everything stands that is not over, within what the caller may see. */
export const Overview = Type.Object({
  /** Business time at which this was true. */
  asOf: InstantText,
  /** Orders by phase; orders that are complete or cancelled are not counted. */
  phases: Type.Array(Type.Object({ phase: Phase, orders: Count })),
  /** Orders with an open promise whose latest delivery has passed. */
  late: Count,
  /** Nodes with open work, the most overdue first; at most 20. */
  backlog: Type.Array(
    Type.Object({
      nodeId: Ref,
      nodeName: Type.Optional(Name),
      open: Count,
      overdue: Count,
      /** Pieces of everybody's work planned for the node's today, and how many it can do a day, where it says so; not for customers and carriers. */
      load: Type.Optional(Type.Object({ planned: Count, perDay: Count })),
    }),
  ),
  openWork: Count,
  overdueWork: Count,
  /** Orders that came so far within the last hour of business time. */
  lastHour: Type.Object({
    placed: Count,
    accepted: Count,
    taken: Count,
    started: Count,
    packed: Count,
    handedOver: Count,
    delivered: Count,
  }),
  /** Of orders whose last piece was delivered within the last 24 hours of business time: those in time and late by their first promise. */
  lastDay: Type.Object({ kept: Count, broken: Count, keptRate: Type.Optional(Type.Number({ minimum: 0, maximum: 1 })) }),
  /** Orders on their way, by the node that sent them and where they go, rounded to a degree; at most 60, the busiest first. */
  flows: Type.Array(Type.Object({ nodeId: Ref, lat: Lat, lng: Lng, orders: Count })),
})

export const overviewList = [
  defineCapability({
    name: 'overview.get',
    method: 'GET',
    path: '/v1/overview',
    kind: 'read',
    permission: 'order.read',
    summary: { en: 'Where everything stands: orders by phase, work by node', zh: '全局概览：各阶段订单与各节点待办' },
    output: { 200: Overview },
    outcomes: [],
    slaMs: 250,
  }),
] as const
