import type { Closure } from '../../../contract/entities/closure.ts'
import type { Principal } from '../../domain/access/principal.ts'
import { canSeeNode } from '../../domain/access/scope.ts'
import { previewClosure } from '../../engine/closure-preview.ts'
import { closeNode, openNode } from '../../engine/node-closing.ts'
import { done, refuse } from '../../kernel/outcome.ts'
import { instant, toIso } from '../../kernel/time.ts'
import { openWorkAt, readClosure } from '../../store/node-closures.ts'
import type { RequestContext } from '../context.ts'
import type { Handlers } from '../handler.ts'
import type { ReadDeps } from './read-deps.ts'
import { commandContext, type WriteDeps } from './write-deps.ts'

type ClosureName = 'node.previewClose' | 'node.close' | 'node.open' | 'node.closure'

const unknown = (nodeId: string) =>
  refuse('entity_unknown', { en: `there is no node "${nodeId}" within your scope`, zh: `您的范围内没有节点“${nodeId}”` }, { got: nodeId })

/** Nodes that close and open again; what becomes of their work goes on by itself and can be read. */
export function closureHandlers(deps: WriteDeps): Pick<Handlers, ClosureName> {
  const nodeNoOf = ({ principal }: RequestContext<Principal>, nodeId: string): number | undefined =>
    canSeeNode(principal.scope, nodeId) ? deps.memory.nodes.get(nodeId)?.nodeNo : undefined
  return {
    'node.previewClose': async (context, { params: { nodeId }, body }) => {
      const nodeNo = nodeNoOf(context, nodeId)
      return nodeNo === undefined ? unknown(nodeId) : done(await previewClosure(deps, nodeNo, body.begun ?? 'finish'))
    },
    'node.close': async (context, { params: { nodeId }, body }) => {
      const nodeNo = nodeNoOf(context, nodeId)
      if (nodeNo === undefined) return unknown(nodeId)
      const asked = { reason: body.reason, begun: body.begun ?? 'finish' }
      const outcome = await closeNode(deps, nodeId, asked, commandContext(context))
      return outcome.status === 'refused' ? outcome : done(await showClosure(deps, nodeId, nodeNo))
    },
    'node.open': async (context, { params: { nodeId } }) => {
      const nodeNo = nodeNoOf(context, nodeId)
      if (nodeNo === undefined) return unknown(nodeId)
      const outcome = await openNode(deps, nodeId, commandContext(context))
      return outcome.status === 'refused' ? outcome : done(await showClosure(deps, nodeId, nodeNo))
    },
    'node.closure': async (context, { params: { nodeId } }) => {
      const nodeNo = nodeNoOf(context, nodeId)
      return nodeNo === undefined ? unknown(nodeId) : done(await showClosure(deps, nodeId, nodeNo))
    },
  }
}

/** A node that was never closed is simply open. */
async function showClosure({ pool }: Pick<ReadDeps, 'pool'>, nodeId: string, nodeNo: number): Promise<Closure> {
  const row = await readClosure(pool, nodeNo)
  const open = await openWorkAt(pool, nodeNo)
  if (row === undefined) return { nodeId, state: 'open', total: 0, moved: 0, torn: 0, leftBehind: 0, ...open }
  const { state, reason, begun, requested_at, finished_at, total, moved, torn, left_behind } = row
  return {
    nodeId,
    state,
    reason,
    begun,
    requestedAt: toIso(instant(requested_at)),
    ...(finished_at === null ? {} : { finishedAt: toIso(instant(finished_at)) }),
    total,
    moved,
    torn,
    leftBehind: left_behind,
    ...open,
  }
}
