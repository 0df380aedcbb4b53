import type { OrderInput } from '../../../contract/entities/order.ts'
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
import { type Refusal, refuse } from '../../kernel/outcome.ts'
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
      const { command, person } = placeCommand(deps, body)
      const outcome = await deps.engine.submit(
        command,
        commandContext(context, () => body),
      )
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
function outOfScope(principal: Principal, order: OrderInput): Refusal | undefined {
  const facts = {
    channelId: order.channelId,
    nodeIds: [],
    carrierIds: [],
    customerRef: order.customer?.customerRef,
    accountId: order.accountId,
  }
  const { nodes: _, carriers: __, ...scope } = principal.scope
  if (canSeeOrder(scope, facts)) return undefined
  return refuse('scope_violation', 'the order lies outside the scope of this credential', { got: order.channelId, pointer: '/channelId' })
}

function placeCommand(deps: WriteDeps, order: OrderInput): { readonly command: PlaceOrder; readonly person: PersonView } {
  const split = splitPerson(order)
  const command: PlaceOrder = {
    kind: 'placeOrder',
    order,
    origin: 'api',
    inputHash: hashOf(order),
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
  order: OrderInput,
): Promise<LineAnswer | Refusal> {
  const wrong = outOfScope(context.principal, order)
  if (wrong !== undefined) return wrong
  const { command } = placeCommand(deps, order)
  const outcome = await submitPatiently(
    deps,
    command,
    commandContext(context, () => order, 'bulk', `/${index}`),
  )
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
