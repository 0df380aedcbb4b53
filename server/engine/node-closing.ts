import type { Begun } from '../../contract/entities/closure.ts'
import type { NodeInput } from '../../contract/entities/node.ts'
import { Defect } from '../kernel/assert.ts'
import { idFromInt8 } from '../kernel/ids.ts'
import type { Outcome } from '../kernel/outcome.ts'
import type { Instant } from '../kernel/time.ts'
import type { Queryable } from '../store/database.ts'
import { nodesById } from '../store/facts.ts'
import {
  advanceClosure,
  beginClosure,
  type ClosureRow,
  endClosure,
  openWorkAt,
  readClosure,
  runningClosures,
  stragglers,
  type SweptCounts,
  type SweptWork,
  workToSweep,
} from '../store/node-closures.ts'
import type { Chore } from './chores.ts'
import type { CommandContext, CommandOutcome } from './command.ts'
import type { Engine } from './engine.ts'
import type { PutFacts } from './families/fact-family.ts'
import type { ActOnOrder } from './families/order-command.ts'
import { CLOSING, StrandedWork } from './stranded-work.ts'

type Deps = { readonly engine: Engine; readonly pool: Queryable; readonly now: () => Instant }

/** Fulfillment orders that a batch of a sweep moves: so many commands go into the engine at once, each an order's own transaction part. */
const BATCH = 500
const NODES_AT_ONCE = 20
const SWEEP_MS = 1000
type Watch = { warn(data: object, message: string): void }

/**
 * Takes a node out of sourcing and begins to reroute its work; asked again it changes nothing. Resolves once new orders pass it by: the
 * sweep itself is a chore, whose cursor is a row, so that it goes on after a crash, in whichever process has the role jobs.
 */
export async function closeNode(
  deps: Deps,
  nodeId: string,
  asked: { readonly reason: string; readonly begun: Begun },
  context: CommandContext,
): Promise<Outcome<undefined>> {
  const node = await putClosed(deps, nodeId, true, context)
  if (node.status === 'refused') return node
  const { unbegun, atWork } = await openWorkAt(deps.pool, node.value)
  const total = asked.begun === 'move' ? unbegun + atWork : unbegun
  await beginClosure(deps.pool, { ...asked, nodeNo: node.value, actor: context.actor, total }, new Date(deps.now()))
  return { status: 'done', value: undefined }
}

/** Sources there again; what was rerouted stays where it is. */
export async function openNode(deps: Deps, nodeId: string, context: CommandContext): Promise<Outcome<undefined>> {
  const node = await putClosed(deps, nodeId, false, context)
  if (node.status === 'refused') return node
  await endClosure(deps.pool, node.value)
  return { status: 'done', value: undefined }
}

async function putClosed(deps: Deps, nodeId: string, closed: boolean, context: CommandContext): Promise<Outcome<number>> {
  // The database's own row: what another process changed a moment ago is not put back.
  const [row] = await nodesById(deps.pool, [nodeId])
  if (row === undefined) throw new Defect(`node ${nodeId} was known and is gone`)
  const { closed: _, ...rest } = row.doc as NodeInput
  const doc = closed ? { ...rest, closed } : rest
  const command: PutFacts = { kind: 'putFacts', fact: 'node', rows: [{ index: 0, key: nodeId, doc }] }
  const outcome = await deps.engine.submit(command, context)
  return outcome.status === 'refused' ? outcome : { status: 'done', value: row.node_no }
}

/** The chore that empties nodes which close, batch by batch, and looks after what reaches them later. */
export function closureChore(deps: Deps & { readonly wallNow: () => number }, watch: Watch): Chore {
  const stranded = new StrandedWork(deps.engine, deps.wallNow, watch)
  const sweep = async (works: readonly SweptWork[]): Promise<SweptCounts> => {
    const counts = { moved: 0, torn: 0, leftBehind: 0 }
    // What a closure before this one left behind is tried like anything else.
    for (const work of works) stranded.forget(work)
    const results = await Promise.allSettled(works.map((work) => evacuate(deps.engine, work)))
    for (const [i, result] of results.entries()) {
      const work = works[i]
      if (result.status === 'fulfilled') tally(result.value, counts)
      else if (work !== undefined) tally(await stranded.note(work, result.reason), counts)
    }
    return counts
  }
  return {
    name: 'closures',
    everyMs: SWEEP_MS,
    runOnce: async () => {
      let hasMore = false
      for (const closure of await runningClosures(deps.pool, NODES_AT_ONCE)) hasMore = (await sweepNext(deps, closure, sweep)) || hasMore
      if (hasMore) return true
      await retryStranded(deps, stranded)
      const late = (await stragglers(deps.pool, BATCH)).filter((work) => !stranded.has(work))
      let hasLeft = false
      for (const [nodeNo, works] of Map.groupBy(late, (work) => work.nodeNo)) {
        const counts = await sweep(works)
        hasLeft ||= counts.moved + counts.torn > 0
        await advanceClosure(deps.pool, nodeNo, counts, undefined, undefined)
      }
      return hasLeft && late.length === BATCH
    },
  }
}

/** What failed and is due again, as long as its node is not open. */
async function retryStranded({ engine, pool }: Deps, stranded: StrandedWork): Promise<void> {
  for (const work of stranded.due()) {
    if (((await readClosure(pool, work.nodeNo))?.state ?? 'open') === 'open') {
      stranded.forget(work)
      continue
    }
    const counts = { moved: 0, torn: 0, leftBehind: 0 }
    try {
      tally(await evacuate(engine, work), counts)
      stranded.forget(work)
    } catch (error) {
      tally(await stranded.note(work, error), counts)
    }
    await advanceClosure(pool, work.nodeNo, counts, undefined, undefined)
  }
}

/** One batch of one node; true while there is more. */
async function sweepNext(deps: Deps, closure: ClosureRow, sweep: (works: readonly SweptWork[]) => Promise<SweptCounts>): Promise<boolean> {
  const { node_no: nodeNo, begun, after_ship_by: afterShipBy, after_id: afterId } = closure
  const works = await workToSweep(deps.pool, { nodeNo, begun, afterShipBy, afterId }, BATCH)
  const counts = await sweep(works)
  const isThrough = works.length < BATCH
  await advanceClosure(deps.pool, nodeNo, counts, works.at(-1), isThrough ? new Date(deps.now()) : undefined)
  return !isThrough
}

function evacuate(engine: Engine, { orderId, id, begun }: SweptWork): Promise<CommandOutcome> {
  const action = { action: 'evacuate', fulfillmentOrderId: idFromInt8('ful', id), begun } as const
  const command: ActOnOrder = { kind: 'actOnOrder', orderId, action }
  return engine.submit(command, { actor: CLOSING, lane: 'bulk' })
}

function tally(outcome: CommandOutcome | undefined, counts: { -readonly [K in keyof SweptCounts]: number }): void {
  const change = outcome?.status === 'done' ? outcome.value.change : undefined
  const isStranded = (taskId: string) =>
    change?.after.state.tasks?.some((one) => one.taskId === taskId && one.kind === 'nodeClosed') === true
  for (const { event } of change?.events ?? []) {
    if (event.type === 'fulfillment.moved') counts.moved += 1
    else if (event.type === 'fulfillment.cancelled') counts.torn += 1
    else if (event.type === 'task.opened' && event.data.kind === 'nodeClosed') counts.leftBehind += 1
    else if (event.type === 'task.done' && isStranded(event.data.taskId)) counts.leftBehind -= 1
  }
}
