import type { Static } from 'typebox'
import { type ExceptionKind, exceptionKinds, type ReportFigures, type Stage, stages } from '../../../contract/entities/report.ts'
import { type Instant, toIso } from '../../kernel/time.ts'
import type { Milestone } from './measure.ts'

/** Between which two milestones a stage lies. */
export const stageEnds: Readonly<Record<Stage, readonly [from: Milestone | 'placedAt', to: Milestone]>> = {
  check: ['placedAt', 'acceptedAt'],
  accept: ['acceptedAt', 'takenAt'],
  wait: ['takenAt', 'startedAt'],
  pick: ['startedAt', 'pickedAt'],
  pack: ['pickedAt', 'packedAt'],
  handOver: ['packedAt', 'handedOverAt'],
  transit: ['handedOverAt', 'deliveredAt'],
}

/** Orders of one channel placed on one local day, added up; times in ms, cost in minor units, emissions in g. */
export type CohortRow = {
  readonly channelId: string
  readonly day: string
  readonly placed: number
  readonly fulfilled: number
  readonly cancelled: number
  readonly kept: number
  readonly broken: number
  readonly costOrders: number
  readonly cost: number
  readonly co2eOrders: number
  readonly co2eGrams: number
} & { readonly [S in Stage as `${S}Orders` | `${S}Ms`]: number }

/** Exceptions of one kind at one node in one local hour of the day. */
export type ExceptionRow = {
  readonly nodeId: string | undefined
  readonly hour: number
  readonly kind: ExceptionKind
  readonly exceptions: number
}

type Figures = Static<typeof ReportFigures>
const NODES_SHOWN = 30
const HOURS = 24

/** The figures of a range, out of its rows. */
export function figuresOf(
  range: { readonly from: Instant; readonly to: Instant },
  cohort: readonly CohortRow[],
  exceptions: readonly ExceptionRow[],
): Figures {
  const all = outcomesOf(cohort)
  const decided = all.fulfilled + all.cancelled
  return {
    from: toIso(range.from),
    to: toIso(range.to),
    ...all,
    ...(decided === 0 ? {} : { fulfilmentRate: all.fulfilled / decided }),
    stages: stages.map((stage) => stageOf(stage, cohort)),
    channels: grouped(cohort, 'channelId')
      .map(([channelId, rows]) => ({ channelId, ...outcomesOf(rows) }))
      .toSorted((a, b) => b.placed - a.placed || (a.channelId < b.channelId ? -1 : 1)),
    cost: costOf(cohort),
    co2e: co2eOf(cohort),
    days: grouped(cohort, 'day')
      .map(([day, rows]) => ({ day, ...outcomesOf(rows) }))
      .toSorted((a, b) => (a.day < b.day ? -1 : 1)),
    exceptions: sum(exceptions, (row) => row.exceptions),
    kinds: exceptionKinds
      .map((kind) => ({ kind, exceptions: sum(exceptions, (row) => (row.kind === kind ? row.exceptions : 0)) }))
      .filter((one) => one.exceptions > 0)
      .toSorted((a, b) => b.exceptions - a.exceptions),
    heat: heatOf(exceptions),
  }
}

const sum = <T>(rows: readonly T[], of: (row: T) => number): number => rows.reduce((total, row) => total + of(row), 0)

function grouped(rows: readonly CohortRow[], by: 'channelId' | 'day'): [string, CohortRow[]][] {
  const groups = new Map<string, CohortRow[]>()
  for (const row of rows) {
    const known = groups.get(row[by])
    if (known === undefined) groups.set(row[by], [row])
    else known.push(row)
  }
  return [...groups]
}

function outcomesOf(rows: readonly CohortRow[]) {
  const [placed, fulfilled, cancelled] = [
    sum(rows, (one) => one.placed),
    sum(rows, (one) => one.fulfilled),
    sum(rows, (one) => one.cancelled),
  ]
  const [kept, broken] = [sum(rows, (one) => one.kept), sum(rows, (one) => one.broken)]
  const rate = kept + broken === 0 ? {} : { keptRate: kept / (kept + broken) }
  return { placed, fulfilled, cancelled, open: placed - fulfilled - cancelled, kept, broken, ...rate }
}

function stageOf(stage: Stage, rows: readonly CohortRow[]): Figures['stages'][number] {
  const orders = sum(rows, (one) => one[`${stage}Orders`])
  return { stage, orders, ...(orders === 0 ? {} : { meanMs: Math.round(sum(rows, (one) => one[`${stage}Ms`]) / orders) }) }
}

function costOf(rows: readonly CohortRow[]): NonNullable<Figures['cost']> {
  const orders = sum(rows, (one) => one.costOrders)
  const total = sum(rows, (one) => one.cost)
  return { orders, total, ...(orders === 0 ? {} : { mean: Math.round(total / orders) }) }
}

function co2eOf(rows: readonly CohortRow[]): Figures['co2e'] {
  const orders = sum(rows, (one) => one.co2eOrders)
  const totalGrams = tenths(sum(rows, (one) => one.co2eGrams))
  return { orders, totalGrams, ...(orders === 0 ? {} : { meanGrams: tenths(totalGrams / orders) }) }
}

const tenths = (value: number): number => Math.round(value * 10) / 10

function heatOf(rows: readonly ExceptionRow[]): Figures['heat'] {
  const byNode = new Map<string | undefined, number[]>()
  for (const { nodeId, hour, exceptions } of rows) {
    const hours = byNode.get(nodeId) ?? Array.from({ length: HOURS }, () => 0)
    hours[hour] = (hours[hour] ?? 0) + exceptions
    byNode.set(nodeId, hours)
  }
  return [...byNode]
    .map(([nodeId, hours]) => ({ ...(nodeId === undefined ? {} : { nodeId }), hours }))
    .toSorted((a, b) => sum(b.hours, Number) - sum(a.hours, Number) || ((a.nodeId ?? '') < (b.nodeId ?? '') ? -1 : 1))
    .slice(0, NODES_SHOWN)
}
