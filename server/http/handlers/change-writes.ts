import type { ChangeEdits, ChangeInput } from '../../../contract/entities/change-set.ts'
import type { OrderInput } from '../../../contract/entities/order.ts'
import { presentCancelPreview } from '../../domain/access/present-order.ts'
import type { Principal } from '../../domain/access/principal.ts'
import { splitPerson } from '../../domain/order/person.ts'
import type { Order } from '../../domain/order/state.ts'
import type { ChangeCommand } from '../../domain/placement/change-order.ts'
import { placeOf } from '../../domain/placement/intake-of.ts'
import { previewCancel } from '../../domain/placement/preview-cancel.ts'
import type { ActOnOrder } from '../../engine/families/order-command.ts'
import { done, refuse } from '../../kernel/outcome.ts'
import { updatePersons } from '../../store/channel-bodies.ts'
import { orderKeyOf } from '../../store/order-reads.ts'
import { readPersonKey } from '../../store/person-reads.ts'
import { resealPerson } from '../../store/seal-person.ts'
import { openText, sealText } from '../../store/vault.ts'
import type { Write } from '../../store/write.ts'
import type { RequestContext } from '../context.ts'
import type { Handlers } from '../handler.ts'
import { answered } from './order-action.ts'
import { findOrder, orderUnknown } from './show-order.ts'
import { commandContext, type WriteDeps } from './write-deps.ts'

type ChangeName = `order.${'proposeChange' | 'confirmChange' | 'declineChange' | 'cancelLines' | 'previewCancel'}`
type ChangeHandlers = Pick<Handlers, ChangeName>
type Address = NonNullable<ChangeInput['address']>

/** Change sets and part cancellations. A proposed address waits under the key of its person, and takes its place when the change is confirmed. */
export function changeWriteHandlers(deps: WriteDeps): ChangeHandlers {
  return {
    'order.proposeChange': async (context, { params, body }) => {
      const order = await findOrder(deps, context.principal.scope, params.orderId)
      if (order === undefined) return orderUnknown(params.orderId)
      const { address, service, lines, add, ...rest } = body
      const sealed = address === undefined ? {} : await sealAddress(deps, order, address)
      if (sealed === undefined)
        return refuse('change_too_late', { en: 'the buyer was erased', zh: '买方的个人数据已抹除' }, { pointer: '/address' })
      const edits: ChangeEdits = {
        ...(lines === undefined ? {} : { lines }),
        ...(add === undefined
          ? {}
          : { add: add.map((line) => ({ ...line, sku: deps.memory.skuOfCode(order.intake.channelId, line.sku) })) }),
        ...sealed,
        ...(service === undefined ? {} : { service }),
      }
      const changeId = deps.ids.next('chg', 0)
      return submit(deps, context, order, { action: 'proposeChange', changeId, edits, ...rest })
    },
    'order.confirmChange': async (context, { params }) => {
      const order = await findOrder(deps, context.principal.scope, params.orderId)
      if (order === undefined) return orderUnknown(params.orderId)
      const { changeId } = params
      const sealed = order.state.changes?.find((one) => one.changeId === changeId)?.edits.sealed
      const writes = sealed === undefined ? [] : await addressWrites(deps, order, sealed)
      if (writes === undefined)
        return refuse('change_too_late', { en: 'the buyer was erased', zh: '买方的个人数据已抹除' }, { got: changeId })
      return submit(deps, context, order, { action: 'confirmChange', changeId }, writes)
    },
    'order.declineChange': async (context, { params, body }) => {
      const order = await findOrder(deps, context.principal.scope, params.orderId)
      if (order === undefined) return orderUnknown(params.orderId)
      const { changeId } = params
      const reason = body.reason === undefined ? {} : { reason: body.reason }
      return submit(deps, context, order, { action: 'declineChange', changeId, ...reason })
    },
    'order.cancelLines': async (context, { params, body }) => {
      const order = await findOrder(deps, context.principal.scope, params.orderId)
      if (order === undefined) return orderUnknown(params.orderId)
      return submit(deps, context, order, { action: 'cancelLines', lines: body.lines, reason: body.reason ?? 'requested' })
    },
    'order.previewCancel': async ({ principal }, { params, body }) => {
      const order = await findOrder(deps, principal.scope, params.orderId)
      if (order === undefined) return orderUnknown(params.orderId)
      const preview = previewCancel(order, body.lines, deps.facts, deps.now())
      return preview.status === 'refused' ? preview : done(presentCancelPreview(principal, preview.value))
    },
  }
}

async function submit(
  deps: WriteDeps,
  context: RequestContext<Principal>,
  { intake: { orderId } }: Order,
  action: ChangeCommand,
  writes: readonly Write[] = [],
) {
  const command: ActOnOrder = { kind: 'actOnOrder', orderId, action, ...(writes.length === 0 ? {} : { bodyWrites: () => writes }) }
  const outcome = await deps.engine.submit(command, commandContext(context))
  return outcome.status === 'refused' ? outcome : answered(deps, context.principal, outcome, undefined)
}

async function sealAddress(deps: WriteDeps, order: Order, address: Address): Promise<Pick<ChangeEdits, 'shipTo' | 'sealed'> | undefined> {
  const found = await readPersonKey(deps.pool, deps.vault, orderKeyOf(order.intake.orderId))
  if (found === undefined) return undefined
  return { shipTo: placeOf(address), sealed: Buffer.from(sealText(found.key, 'address', JSON.stringify(address))).toString('base64') }
}

/** The person of the order with the new address; undefined where the key is gone. */
async function addressWrites(deps: WriteDeps, order: Order, sealed: string): Promise<Write[] | undefined> {
  const found = await readPersonKey(deps.pool, deps.vault, orderKeyOf(order.intake.orderId))
  if (found === undefined) return undefined
  const shipTo = JSON.parse(openText(found.key, 'address', Buffer.from(sealed, 'base64'))) as OrderInput['shipTo']
  const { customer, note } = found.person
  const split = splitPerson({ customer, shipTo, ...(note === undefined ? {} : { note }) })
  return [updatePersons(found.key.personId, resealPerson(deps.blindIndex, found.key, split))]
}
