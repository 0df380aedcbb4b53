import type { PaymentInput } from '../../../contract/entities/order.ts'
import { authorise } from '../../domain/access/authorise.ts'
import type { Handlers } from '../handler.ts'
import { actOn } from './order-action.ts'
import type { WriteDeps } from './write-deps.ts'

type EntryVerb = 'authorise' | 'capture' | 'void' | 'chargeback'
type PaymentHandlers = Pick<Handlers, `payment.${PaymentInput['kind']}`>

/** One capability for each kind of entry, so that each can be granted by itself. */
export function paymentWriteHandlers(deps: WriteDeps): PaymentHandlers {
  const record =
    (kind: EntryVerb): PaymentHandlers[`payment.${EntryVerb}`] =>
    (context, { params, body }) =>
      actOn(deps, context, params.orderId, { action: 'payments', entries: [{ kind, ...body }] })
  return {
    'payment.authorise': record('authorise'),
    'payment.capture': record('capture'),
    'payment.void': record('void'),
    'payment.chargeback': record('chargeback'),
    'payment.adjust': (context, { params, body }) =>
      actOn(deps, context, params.orderId, { action: 'payments', entries: [{ kind: 'adjust', method: 'adjustment', ...body }] }),
    'payment.refund': async (context, { params, body }) => {
      const missing = body.crossMethod === true ? authorise(context.principal, 'order.refundAcross') : undefined
      return missing ?? actOn(deps, context, params.orderId, { action: 'refund', entries: [{ kind: 'refund', ...body }] })
    },
  }
}
