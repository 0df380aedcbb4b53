import { Type } from 'typebox'
import { defineCapability } from '../capability.ts'
import { InstantText, Name, Ref } from '../entities/basics.ts'
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
  backlog: Type.Array(Type.Object({ nodeId: Ref, nodeName: Type.Optional(Name), open: Count, overdue: Count })),
  openWork: Count,
  overdueWork: Count,
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
