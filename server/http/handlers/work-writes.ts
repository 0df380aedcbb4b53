import { type WorkAction, workActions, type WorkRow } from '../../../contract/entities/fulfillment-order.ts'
import type { Principal } from '../../domain/access/principal.ts'
import { permissionOfWork } from '../../domain/access/present-work.ts'
import type { WorkCommand } from '../../domain/fulfillment/work-command.ts'
import type { ActOnOrder } from '../../engine/families/order-command.ts'
import { Defect } from '../../kernel/assert.ts'
import { type Outcome, type Refusal, refuse } from '../../kernel/outcome.ts'
import type { CommandValue } from '../../engine/command.ts'
import type { OrderId } from '../../kernel/ids.ts'
import type { RequestContext } from '../context.ts'
import type { Handlers, IndexedRow, RowReply } from '../handler.ts'
import { instantIn } from './read-deps.ts'
import { readAnswered } from './show-order.ts'
import { findWorks, showWorks, workUnknown, type Located } from './show-work.ts'
import { commandContext, type Part, type WriteDeps } from './write-deps.ts'

type ActionName = `fulfillment.${WorkAction}`
type Input = Omit<WorkCommand, 'fulfillmentOrderId' | 'verb' | 'occurredAt'> & { readonly occurredAt?: string }

/** What people and systems at nodes do, one by one and as waves. */
export function workWriteHandlers(deps: WriteDeps): Pick<Handlers, ActionName | 'fulfillment.workMany'> {
  const act = async (context: RequestContext<Principal>, fulfillmentOrderId: string, verb: WorkAction, body: Input) => {
    const { principal } = context
    const located = (await findWorks(deps, principal, [fulfillmentOrderId])).get(fulfillmentOrderId)
    if (located === undefined) return workUnknown(fulfillmentOrderId)
    const outcome = await submit(deps, context, located, verb, body)
    if (outcome.status === 'refused') return outcome
    const after = await afterOf(deps, located, outcome.value)
    const work = after?.state.fulfillmentOrders.find((one) => one.fulfillmentOrderId === fulfillmentOrderId)
    const [shown] = after === undefined || work === undefined ? [] : await showWorks(deps, principal, [{ order: after, work }])
    if (shown === undefined) throw new Defect(`${fulfillmentOrderId} was answered but is not there`)
    return { status: 'done' as const, value: shown, version: shown.version }
  }
  const one = <A extends WorkAction>(verb: A): Handlers[`fulfillment.${A}`] =>
    ((context: RequestContext<Principal>, { params, body }: { params: { fulfillmentOrderId: string }; body: Input }) =>
      act(context, params.fulfillmentOrderId, verb, body)) as Handlers[`fulfillment.${A}`]
  const actions = Object.fromEntries(workActions.map((verb) => [`fulfillment.${verb}`, one(verb)])) as Pick<Handlers, ActionName>
  return { ...actions, 'fulfillment.workMany': (context, rows) => workMany(deps, context, rows) }
}

/** The order as the action left it, also when its answer is a replay. */
async function afterOf(deps: WriteDeps, { order }: Located, { change, version }: CommandValue) {
  return change?.after ?? (await readAnswered(deps, order.intake.orderId, version))
}

async function submit(
  deps: WriteDeps,
  context: RequestContext<Principal>,
  { order, work }: Located,
  verb: WorkAction,
  body: Input,
  part?: Part,
): Promise<Outcome<CommandValue>> {
  const { occurredAt, ...input } = body
  const { toNodeId } = input
  if (toNodeId !== undefined && !deps.memory.nodes.has(toNodeId))
    return refuse(
      'node_unknown',
      { en: `there is no node "${toNodeId}"`, zh: `没有节点“${toNodeId}”` },
      { expected: 'a known node', got: toNodeId, pointer: '/toNodeId' },
    )
  const at = occurredAt === undefined ? {} : { occurredAt: instantIn('occurredAt', occurredAt, 'body_invalid') }
  const { fulfillmentOrderId } = work
  const command: ActOnOrder = {
    kind: 'actOnOrder',
    orderId: order.intake.orderId as OrderId,
    action: { action: 'work', fulfillmentOrderId, verb, ...input, ...at },
  }
  return deps.engine.submit(command, commandContext(context, 'interactive', part))
}

/** A wave: found in one read, decided and committed together. */
async function workMany(
  deps: WriteDeps,
  context: RequestContext<Principal>,
  rows: readonly IndexedRow<WorkRow>[],
): Promise<readonly RowReply[]> {
  const { principal } = context
  const located = await findWorks(
    deps,
    principal,
    rows.map((row) => row.value.fulfillmentOrderId),
  )
  return Promise.all(
    rows.map(async ({ index, value }): Promise<RowReply> => {
      const { fulfillmentOrderId, action, ...body } = value
      const missing = permissionMissing(principal, action)
      if (missing !== undefined) return missing
      const target = located.get(fulfillmentOrderId)
      if (target === undefined) return workUnknown(fulfillmentOrderId)
      const outcome = await submit(deps, context, target, action, body, { name: String(index), input: value })
      if (outcome.status === 'refused') return outcome
      const after = await afterOf(deps, target, outcome.value)
      const work = after?.state.fulfillmentOrders.find((one) => one.fulfillmentOrderId === fulfillmentOrderId)
      return { status: 'updated', ...(work === undefined ? {} : { version: work.version }) }
    }),
  )
}

function permissionMissing(principal: Principal, action: WorkAction): Refusal | undefined {
  const permission = permissionOfWork[action]
  if (principal.permissions.has(permission)) return undefined
  return refuse(
    'action_not_allowed',
    { en: `${action} needs ${permission}`, zh: `${action} 需要权限 ${permission}` },
    { expected: permission, pointer: '/action', got: action },
  )
}
