import { Type } from 'typebox'
import { defineCapability } from '../capability.ts'
import { closed, InstantText, Zone } from '../entities/basics.ts'
import { OverviewReport } from '../entities/report.ts'

export const reportList = [
  defineCapability({
    name: 'report.overview',
    method: 'GET',
    path: '/v1/reports/overview',
    kind: 'read',
    permission: 'report.read',
    summary: {
      en: 'How well orders were fulfilled over a range, and over the one before',
      zh: '某时段的履约表现，并与上一时段比较',
    },
    description: {
      en: 'Orders placed from `from` (included) to `to` (left out), business time, at most 92 days; days and hours are those of `zone` (default UTC).',
      zh: '统计 `from`（含）至 `to`（不含）之间下的订单，以业务时间计，最多 92 天；日与小时按 `zone`（默认 UTC）划分。',
    },
    query: Type.Object(
      {
        from: InstantText,
        to: InstantText,
        zone: Type.Optional(Zone),
        /** `before`: also the range of the same length that ends where this one begins. */
        compare: Type.Optional(Type.Union([Type.Literal('before'), Type.Literal('none')])),
      },
      closed,
    ),
    output: { 200: OverviewReport },
    outcomes: ['range_invalid'],
    slaMs: 1000,
  }),
] as const
