import type { WorkRow } from '../../contract/entities/fulfillment-order.ts'
import { type Job, shortPick } from '../nodes/job.ts'
import type { Harm, Site } from './site.ts'

const HOUR = 3_600_000
const DELAY = 30 * HOUR
const OUTAGE = 6 * HOUR
const WAVE = 200

const has = (job: Job, action: WorkRow['action']): boolean => job.steps.some(({ row }) => row.action === action)

/** One job of those that fit. */
function pick({ crew, random }: Site, fits: (job: Job) => boolean): Job | undefined {
  const found = [...crew.jobs()].filter(fits)
  return found.length === 0 ? undefined : random.pick(found)
}
const seenIn = (job: Job, note: string): Harm => ({ note, orderIds: [job.work.orderId], nodeId: job.work.nodeId })

/** Work lies about until its promise has passed. */
export async function overduePromise(site: Site): Promise<Harm | undefined> {
  const job = pick(site, (one) => has(one, 'handOver'))
  if (job === undefined) return undefined
  site.crew.delay(job, DELAY)
  return seenIn(job, 'its node lets it lie for 30 hours')
}

/** A node refuses work that it had taken on. */
export async function refusedWork(site: Site): Promise<Harm | undefined> {
  const job = pick(site, (one) => has(one, 'start'))
  if (job === undefined) return undefined
  const { fulfillmentOrderId } = job.work
  site.crew.drop(job)
  await site.hub.client.call('fulfillment.reject', { params: { fulfillmentOrderId }, body: { reason: 'noCapacity' } })
  return seenIn(job, 'its node refused the work; what remains is sourced anew')
}

/** The shelf holds less than the books say. */
export async function shortPickTrouble(site: Site): Promise<Harm | undefined> {
  const job = pick(site, (one) => has(one, 'pick'))
  if (job === undefined) return undefined
  site.crew.replace(job, 'pick', shortPick(job.work))
  return seenIn(job, 'one unit will not be found on the shelf')
}

/** A warehouse fails with everything in it that has not been begun; it comes back after six hours. */
export async function failedNode(site: Site): Promise<Harm | undefined> {
  const { crew, hub, agenda, now, world } = site
  const nodeId = pick(site, (one) => has(one, 'start'))?.work.nodeId
  const node = world.nodes.find((one) => one.nodeId === nodeId)
  if (nodeId === undefined || node === undefined) return undefined
  await hub.client.call('node.put', { body: [{ ...node, closed: true }] })
  const hit = [...crew.jobs()].filter((job) => job.work.nodeId === nodeId && has(job, 'start')).slice(0, WAVE)
  for (const job of hit) crew.drop(job)
  const rows = hit.map(({ work }) => ({ fulfillmentOrderId: work.fulfillmentOrderId, action: 'reject' as const, reason: 'nodeFailed' }))
  if (rows.length > 0) await hub.client.call('fulfillment.workMany', { body: rows })
  agenda.plan(now + OUTAGE, async () => void (await hub.client.call('node.put', { body: [node] })))
  return {
    note: `${node.name} fails for six hours; ${hit.length} pieces of work go elsewhere`,
    orderIds: hit.slice(0, 100).map(({ work }) => work.orderId),
    nodeId,
  }
}
