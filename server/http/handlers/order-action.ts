import type { Order as OrderView } from '../../../contract/entities/order.ts'
import { presentOrder } from '../../domain/access/present-order.ts'
import type { Principal } from '../../domain/access/principal.ts'
import type { OrderChange } from '../../domain/order/change.ts'
import type { PersonView } from '../../domain/order/person.ts'
import { viewOrder } from '../../domain/order/view.ts'
import type { OrderAction } from '../../domain/placement/act-on-order.ts'
import type { CommandOutcome } from '../../engine/command.ts'
import type { ActOnOrder } from '../../engine/families/order-command.ts'
import { Defect } from '../../kernel/assert.ts'
import { type OrderId, parseId } from '../../kernel/ids.ts'
import type { RequestContext } from '../context.ts'
import type { Refused, Success } from '../handler.ts'
import { namesOf } from './read-deps.ts'
import { findOrder, orderUnknown, readAnswered, showOrder } from './show-order.ts'
import { commandContext, type WriteDeps } from './write-deps.ts'

/** Acts on an order within the caller's scope; the answer is the order as the engine left it. */
export async function actOn(
  deps: WriteDeps,
  context: RequestContext<Principal>,
  text: string,
  action: OrderAction,
): Promise<Success<OrderView> | Refused> {
  const order = await findOrder(deps, context.principal.scope, text)
  const orderId = parseId('ord', text)
  if (order === undefined || orderId === undefined) return orderUnknown(text)
  const command: ActOnOrder = { kind: 'actOnOrder', orderId, action }
  const outcome = await deps.engine.submit(command, commandContext(context))
  if (outcome.status === 'refused') return atBody(outcome)
  return answered(deps, context.principal, outcome, undefined)
}

/** A route takes one payment entry, which is its body: where the command has a list, the caller has none. */
function atBody(refused: Refused): Refused {
  return refused.pointer?.startsWith('/entries/0/') === true ? { ...refused, pointer: refused.pointer.slice('/entries/0'.length) } : refused
}

export async function answered(
  deps: WriteDeps,
  principal: Principal,
  outcome: CommandOutcome,
  person: PersonView | undefined,
  isPlacing = false,
): Promise<Success<OrderView> | Refused> {
  if (outcome.status === 'refused') return outcome
  const { version, fresh, change } = outcome.value
  const orderId = outcome.value.orderId as OrderId
  const value = await viewOf(deps, principal, orderId, version ?? 0, change, fresh === true ? person : undefined)
  if (value === undefined) throw new Defect(`order ${orderId} was answered but is not there`)
  const created = isPlacing && fresh !== false
  return {
    status: 'done',
    value,
    version: value.version,
    ...(isPlacing ? { success: created ? 201 : 200 } : {}),
    ...(created ? { location: `/v1/orders/${orderId}` } : {}),
  }
}

/** From what the engine just decided where it can be; a replayed answer is read as it was at its version. */
async function viewOf(
  deps: WriteDeps,
  principal: Principal,
  orderId: OrderId,
  version: number,
  change: OrderChange | undefined,
  person: PersonView | undefined,
): Promise<OrderView | undefined> {
  if (change === undefined) {
    const then = await readAnswered(deps, orderId, version)
    return then === undefined ? undefined : showOrder(deps, principal, then)
  }
  if (person === undefined) return showOrder(deps, principal, change.after)
  return presentOrder(principal, viewOrder(change.after, person, namesOf(deps.memory, change.after.intake.channelId)))
}
