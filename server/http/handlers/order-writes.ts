import type { OrderInput, OrderRequest } from '../../../contract/entities/order.ts'
import type { Principal } from '../../domain/access/principal.ts'
import { canSeeOrder } from '../../domain/access/scope.ts'
import { type PersonView, splitPerson } from '../../domain/order/person.ts'
import { phaseOf } from '../../domain/order/derive.ts'
import type { OrderAction } from '../../domain/placement/act-on-order.ts'
import type { CommandContext, CommandOutcome } from '../../engine/command.ts'
import type { PlaceOrder } from '../../engine/families/order-command.ts'
import { Defect } from '../../kernel/assert.ts'
import { Fault } from '../../kernel/fault.ts'
import { shardOfRef } from '../../kernel/ids.ts'
import { done, type Outcome, type Refusal, refuse } from '../../kernel/outcome.ts'
import { sealPerson } from '../../store/seal-person.ts'
import type { RequestContext } from '../context.ts'
import type { Handlers } from '../handler.ts'
import { actOn, answered } from './order-action.ts'
import { findOrder } from './show-order.ts'
import { commandContext, hashOf, type WriteDeps } from './write-deps.ts'

type ActionName = 'order.approve' | 'order.decline' | 'order.cancel' | 'order.hold' | 'order.release' | 'order.pay'
type OrderWriteName = 'order.place' | 'order.placeMany' | ActionName

/** Placing orders and acting on them. Every answer is the order as the engine left it, presented for who asked. */
export function orderWriteHandlers(deps: WriteDeps): Pick<Handlers, OrderWriteName> {
  const act = (context: RequestContext<Principal>, text: string, action: OrderAction) => actOn(deps, context, text, action)
  return {
    'order.place': async (context, { body }) => {
      const wrong = outOfScope(context.principal, body)
      if (wrong !== undefined) return wrong
      const order = withPlace(deps.memory, body)
      if (order.status === 'refused') return order
      const { command, person } = placeCommand(deps, order.value, body)
      const outcome = await deps.engine.submit(command, commandContext(context))
      return answered(deps, context.principal, outcome, person, true)
    },

    'order.placeMany': async (context, lines) => {
      await deps.engine.room('placeOrder')
      return Promise.all(lines.map(({ index, value }) => placeLine(deps, context, index, value)))
    },

    'order.approve': (context, { params, body }) => act(context, params.orderId, { action: 'approve', ...noteOf(body) }),
    'order.decline': (context, { params, body }) => act(context, params.orderId, { action: 'decline', reason: body.reason ?? 'requested' }),
    'order.cancel': (context, { params, body }) => act(context, params.orderId, { action: 'cancel', reason: body.reason ?? 'requested' }),
    'order.hold': (context, { params, body }) =>
      act(context, params.orderId, {
        action: 'hold',
        reason: body.reason ?? 'requested',
        scope: body.scope ?? 'order',
        holdId: deps.ids.next('hld', 0),
        ...(body.lineRef === undefined ? {} : { lineRef: body.lineRef }),
        ...(body.fulfillmentOrderId === undefined ? {} : { fulfillmentOrderId: body.fulfillmentOrderId }),
        ...(body.releasableBy === undefined ? {} : { releasableBy: body.releasableBy }),
        ...noteOf(body),
      }),
    'order.release': (context, { params, body }) =>
      act(context, params.orderId, {
        action: 'release',
        role: context.principal.role,
        ...(body.holdId === undefined ? {} : { holdId: body.holdId }),
        ...(body.note === undefined ? {} : { reason: body.note }),
      }),
    'order.pay': (context, { params, body }) => act(context, params.orderId, { action: 'payments', entries: [body] }),
  }
}

const noteOf = (body: { readonly note?: string }): { note?: string } => (body.note === undefined ? {} : { note: body.note })

/** A placement must lie within what its sender may see; otherwise it could not even read its own order. */
function outOfScope(principal: Principal, order: OrderRequest): Refusal | undefined {
  const facts = {
    channelId: order.channelId,
    nodeIds: [],
    carrierIds: [],
    customerRef: order.customer?.customerRef,
    accountId: order.accountId,
  }
  const { nodes: _, carriers: __, ...scope } = principal.scope
  if (canSeeOrder(scope, facts)) return undefined
  return refuse(
    'scope_violation',
    { en: 'the order lies outside the scope of this credential', zh: '该订单超出此凭证的范围' },
    { got: order.channelId, pointer: '/channelId' },
  )
}

/** Who collects an order is where it is collected; everything else has an address. */
function withPlace(memory: WriteDeps['memory'], order: OrderRequest): Outcome<OrderInput> {
  const { shipTo, pickup } = order
  if ((shipTo === undefined) === (pickup === undefined))
    return refuse(
      'order_contradictory',
      { en: 'expected either an address or a node where the buyer collects the order', zh: '收货地址与自提节点须二选一' },
      { pointer: shipTo === undefined ? '/shipTo' : '/pickup' },
    )
  if (shipTo !== undefined) return done({ ...order, shipTo })
  const node = memory.nodes.get(pickup?.nodeId ?? '')?.doc
  if (node !== undefined) return done({ ...order, shipTo: { ...node.place } })
  return refuse('node_unknown', { en: 'there is no such node', zh: '节点不存在' }, { got: pickup?.nodeId, pointer: '/pickup/nodeId' })
}

/** `asked` is what a repetition is told by: an order's place may change with its node. */
function placeCommand(
  deps: WriteDeps,
  order: OrderInput,
  asked: OrderRequest,
): { readonly command: PlaceOrder; readonly person: PersonView } {
  const split = splitPerson(order)
  const command: PlaceOrder = {
    kind: 'placeOrder',
    order,
    origin: 'api',
    inputHash: hashOf(asked),
    shard: shardOfRef(order.channelId, order.externalRef),
    seal: (orderId) => sealPerson(deps.vault, deps.blindIndex, orderId, split),
  }
  return { command, person: split.person }
}

type LineAnswer = {
  status: 'created' | 'existing'
  externalRef: string
  orderId: string
  version: number
  phase: ReturnType<typeof phaseOf>
}

async function placeLine(
  deps: WriteDeps,
  context: RequestContext<Principal>,
  index: number,
  asked: OrderRequest,
): Promise<LineAnswer | Refusal> {
  const wrong = outOfScope(context.principal, asked)
  if (wrong !== undefined) return wrong
  const placed = withPlace(deps.memory, asked)
  if (placed.status === 'refused') return placed
  const order = placed.value
  const { command } = placeCommand(deps, order, asked)
  const outcome = await submitPatiently(deps, command, commandContext(context, 'bulk', { name: String(index), input: asked }))
  if (outcome.status === 'refused') return outcome
  const { orderId = '', version = 0, fresh, change } = outcome.value
  const state = change?.after ?? (await findOrder(deps, {}, orderId))
  if (state === undefined) throw new Defect(`order ${orderId} was answered but is not there`)
  return {
    status: fresh === false ? 'existing' : 'created',
    externalRef: order.externalRef,
    orderId,
    version,
    phase: phaseOf(state.intake, state.state),
  }
}

/** Bulk slows its reader instead of answering that the queue is full. */
async function submitPatiently(deps: WriteDeps, command: PlaceOrder, context: CommandContext): Promise<CommandOutcome> {
  for (;;) {
    try {
      return await deps.engine.submit(command, context)
    } catch (error) {
      if (!(error instanceof Fault) || error.code !== 'overloaded') throw error
      await deps.engine.room('placeOrder')
    }
  }
}
