import type { CarrierIntake } from '../../engine/carrier-intake.ts'
import type { Handlers } from '../handler.ts'
import { actorOf } from './write-deps.ts'

/** Carriers' own bodies. */
export function carrierScanHandlers(intake: CarrierIntake): Pick<Handlers, 'carrier.scans'> {
  return {
    'carrier.scans': async (context, { params, body }) => {
      const rawBody = body instanceof Uint8Array ? body : new Uint8Array()
      const outcome = await intake.take({
        carrierId: params.carrierId,
        rawBody,
        principal: context.principal,
        context: { actor: actorOf(context.principal), lane: 'interactive', traceId: context.traceId },
      })
      if (outcome.status === 'refused') return outcome
      const isOnlyKept = outcome.value.results.every((one) => one.result === 'unmatched')
      return { ...outcome, success: isOnlyKept ? 202 : 200 }
    },
  }
}
