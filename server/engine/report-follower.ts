import { type CostOf, exceptionOf, type Measure, measureAfter } from '../domain/report/measure.ts'
import { DAY, type Instant } from '../kernel/time.ts'
import { type Pool, type Queryable, transaction } from '../store/database.ts'
import {
  dropMeasuresBefore,
  type ExceptionWrite,
  type MeasureWrite,
  readDecisionCosts,
  readMeasureBases,
  readMeasures,
  writesOfExceptions,
  writesOfMeasures,
} from '../store/measures.ts'
import type { OrderKey } from '../store/order-reads.ts'
import { lockReportPlaces, type MeasuredEvent, moveReportPlace, readMeasuredEvents } from '../store/report-places.ts'
import { send } from '../store/write.ts'
import type { Chore } from './chores.ts'

/** Events of one transaction, and transactions of one turn: a burst is counted at its leisure, commands that wait go first. */
const PAGE = 1000
const PAGES = 6
const PAGES_BUSY = 1
const EVERY_MS = 1000
/** Two years: what no range and no comparison asks for any more goes, so many rows a turn. */
const KEPT_DAYS = 732
const DROPPED_MAX = 5000

type Counting = {
  readonly pool: Pool
  readonly now: () => Instant
  /** Much is happening right now: the report can wait longer than commands can. */
  readonly isBusy: () => boolean
}

/**
 * Keeps what reports count up to date with the log. Each page is counted in one transaction with the place in the log that it reached, so
 * that each event counts once, whichever process counts and whenever it dies.
 */
export function reportChores({ pool, now, isBusy }: Counting): Chore[] {
  return [
    {
      name: 'reports',
      everyMs: EVERY_MS,
      runOnce: async () => {
        const pages = isBusy() ? PAGES_BUSY : PAGES
        for (let page = 0; page < pages; page++) if ((await followReports(pool)) < PAGE) return
      },
    },
    {
      name: 'reportRetention',
      everyMs: 600_000,
      runOnce: () => dropMeasuresBefore(pool, new Date(now() - KEPT_DAYS * DAY), DROPPED_MAX),
    },
  ]
}

/** Counts one page of each log shard; how many events the fullest had. */
export async function followReports(pool: Pool): Promise<number> {
  return transaction(pool, async (client) => {
    let most = 0
    for (const { logShard, position } of await lockReportPlaces(client)) {
      const events = await readMeasuredEvents(client, logShard, position, PAGE)
      const last = events.at(-1)
      if (last === undefined) continue
      await count(client, logShard, events)
      await moveReportPlace(client, logShard, last.position)
      most = Math.max(most, events.length)
    }
    return most
  })
}

type OrderEvent = MeasuredEvent & { readonly key: OrderKey }

async function count(client: Queryable & Parameters<typeof send>[0], logShard: number, page: readonly MeasuredEvent[]): Promise<void> {
  const events = page.flatMap((event): OrderEvent[] =>
    event.subjectKind === 'order' && event.shard !== null && event.orderId !== null
      ? [{ ...event, key: { shard: event.shard, orderId: event.orderId } }]
      : [],
  )
  if (events.length === 0) return
  const keys = [...new Map(events.map(({ key }) => [key.orderId, key])).values()]
  const before = await readMeasures(client, keys)
  const bases = await readMeasureBases(
    client,
    keys.filter((key) => !before.has(key.orderId)),
  )
  const costs = await readDecisionCosts(client, events.flatMap(decisionOf))
  const after = new Map<string, Measure>(before)
  for (const event of events) {
    const { orderId } = event.key
    const costOf: CostOf = (decisionNo) => costs.get(`${orderId}/${decisionNo}`)
    after.set(orderId, measureAfter(after.get(orderId), event, costOf, bases.get(orderId)?.promisedBy ?? undefined))
  }
  const measures = keys.flatMap((key): MeasureWrite[] => {
    const measure = after.get(key.orderId)
    return measure === undefined || measure === before.get(key.orderId) ? [] : [{ key, measure, basis: bases.get(key.orderId) }]
  })
  const writes = [...writesOfMeasures(measures), ...writesOfExceptions(events.flatMap((event) => exceptionsIn(logShard, event)))]
  for (const write of writes) await send(client, write)
}

function decisionOf({ key, data }: OrderEvent) {
  const { decisionNo } = data
  return typeof decisionNo === 'number' ? [{ ...key, decisionNo }] : []
}

function exceptionsIn(logShard: number, event: OrderEvent): ExceptionWrite[] {
  const found = exceptionOf(event)
  return found === undefined ? [] : [{ logShard, position: event.position, key: event.key, ...found, occurredAt: event.occurredAt }]
}
