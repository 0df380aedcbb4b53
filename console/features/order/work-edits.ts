import type { Answer } from '../../api/hub.ts'

export type Work = Answer<'fulfillment.get'>
/** What is done to work from the order's side, in the order in which it is offered. */
export const workEdits = ['unpack', 'move', 'split', 'merge', 'hold', 'release', 'requestCancel', 'cancel'] as const
export type WorkEdit = (typeof workEdits)[number]

/** What takes an action back as if it had not been, where anything does. */
export function inverseOf(action: WorkEdit): WorkEdit | undefined {
  if (action === 'hold') return 'release'
  return action === 'split' ? 'merge' : undefined
}

type Candidate = { readonly nodeId: string; readonly lineRefs: readonly string[]; readonly score: Readonly<Record<string, number>> }
export type NodeChoice = { readonly nodeId: string; readonly cost?: number }

/**
 * Where work could go: first the nodes that the last decision weighed for its lines, cheapest first (a node that was weighed for several
 * lines costs their sum), then all others by name. Its own node is left out.
 */
export function nodeChoices(
  work: Pick<Work, 'nodeId' | 'lines'>,
  candidates: readonly Candidate[],
  nodes: readonly { readonly nodeId: string; readonly name: string; readonly closed?: boolean | undefined }[],
): readonly NodeChoice[] {
  const refs = new Set(work.lines.map((line) => line.lineRef))
  const costs = new Map<string, number>()
  for (const { nodeId, lineRefs, score } of candidates)
    if (lineRefs.some((ref) => refs.has(ref))) costs.set(nodeId, (costs.get(nodeId) ?? 0) + (score['total'] ?? 0))
  const open = nodes.filter((node) => node.nodeId !== work.nodeId && node.closed !== true)
  const weighed = open
    .flatMap(({ nodeId }) => (costs.has(nodeId) ? [{ nodeId, cost: Math.round(costs.get(nodeId) ?? 0) }] : []))
    .toSorted((a, b) => a.cost - b.cost || (a.nodeId < b.nodeId ? -1 : 1))
  const others = open.filter(({ nodeId }) => !costs.has(nodeId)).toSorted((a, b) => a.name.localeCompare(b.name))
  return [...weighed, ...others.map(({ nodeId }) => ({ nodeId }))]
}

/** The units that a split names, or undefined where it names none or all of them. */
export function splitOf(
  lines: readonly { readonly lineRef: string; readonly sku: string; readonly quantity: number }[],
  units: Readonly<Record<string, number>>,
): { lineRef: string; sku: string; quantity: number }[] | undefined {
  const named = lines.flatMap(({ lineRef, sku }) => {
    const quantity = units[`${lineRef}\n${sku}`] ?? 0
    return quantity > 0 ? [{ lineRef, sku, quantity }] : []
  })
  const sum = named.reduce((total, line) => total + line.quantity, 0)
  const all = lines.reduce((total, line) => total + line.quantity, 0)
  return sum === 0 || sum >= all ? undefined : named
}
