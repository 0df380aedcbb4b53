import type { Closure } from '../../contract/entities/closure.ts'
import type { TroubleNote } from '../../contract/entities/trouble.ts'
import type { WorkRow } from '../../contract/entities/fulfillment-order.ts'
import { type Job, shortPick } from '../nodes/job.ts'
import type { Harm, Site } from './site.ts'

const HOUR = 3_600_000
const DELAY = 30 * HOUR
const OUTAGE = 6 * HOUR

const has = (job: Job, action: WorkRow['action']): boolean => job.steps.some(({ row }) => row.action === action)

/** One job of those that fit. */
function pick({ crew, random }: Site, fits: (job: Job) => boolean): Job | undefined {
  const found = [...crew.jobs()].filter(fits)
  return found.length === 0 ? undefined : random.pick(found)
}
const seenIn = (job: Job, note: TroubleNote): Harm => ({ note, orderIds: [job.work.orderId], nodeId: job.work.nodeId })

/** Work lies about until its promise has passed. */
export async function overduePromise(site: Site): Promise<Harm | undefined> {
  const job = pick(site, (one) => has(one, 'handOver'))
  if (job === undefined) return undefined
  site.crew.delay(job, DELAY)
  return seenIn(job, { en: 'its node lets it lie for 30 hours', zh: '节点把它搁置 30 小时' })
}

/** A node refuses work that it had taken on. */
export async function refusedWork(site: Site): Promise<Harm | undefined> {
  const job = pick(site, (one) => has(one, 'start'))
  if (job === undefined) return undefined
  const { fulfillmentOrderId } = job.work
  await site.hub.client.call('fulfillment.reject', { params: { fulfillmentOrderId }, body: { reason: 'noCapacity' } })
  site.crew.drop(job)
  return seenIn(job, { en: 'its node refused the work; what remains is sourced anew', zh: '节点拒单，剩余部分重新寻源' })
}

/** The shelf holds less than the books say. */
export async function shortPickTrouble(site: Site): Promise<Harm | undefined> {
  const job = pick(site, (one) => has(one, 'pick'))
  if (job === undefined) return undefined
  site.crew.replace(job, 'pick', shortPick(job.work))
  return seenIn(job, { en: 'one unit will not be found on the shelf', zh: '货架上会少一件' })
}

/** A warehouse fails: the hub closes it and takes elsewhere what it has not begun, which is awaited here; it comes back after six hours. */
export async function failedNode(site: Site): Promise<Harm | undefined> {
  const { crew, hub, agenda, now, world } = site
  const nodeId = pick(site, (one) => has(one, 'start'))?.work.nodeId
  const node = world.nodes.find((one) => one.nodeId === nodeId)
  if (nodeId === undefined || node === undefined) return undefined
  const hit = [...crew.jobs()].filter((job) => job.work.nodeId === nodeId && has(job, 'start'))
  for (const job of hit) crew.drop(job)
  await hub.client.call('node.close', { params: { nodeId }, body: { reason: 'nodeFailed', begun: 'finish' } })
  const { moved, torn } = await swept(hub, nodeId)
  agenda.plan(now + OUTAGE, async () => void (await hub.client.call('node.open', { params: { nodeId }, body: {} })))
  return {
    note: {
      en: `${node.name} fails for six hours; ${moved + torn} pieces of work go elsewhere`,
      zh: `${node.name}停摆六小时，${moved + torn} 个履约单改派别处`,
    },
    orderIds: hit.slice(0, 100).map(({ work }) => work.orderId),
    nodeId,
  }
}

const LOOK_MS = 100
const LOOKS_MAX = 100

/** How a closure stands once the hub is through with it, or after ten seconds. */
async function swept(hub: Site['hub'], nodeId: string): Promise<Closure> {
  let closure = await hub.client.call('node.closure', { params: { nodeId } })
  for (let look = 0; closure.state === 'closing' && look < LOOKS_MAX; look++) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
    closure = await hub.client.call('node.closure', { params: { nodeId } })
  }
  return closure
}
