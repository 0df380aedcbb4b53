import type { Reservation as ReservationView, ReservationInput } from '../../../contract/entities/reservation.ts'
import { presentReservation } from '../../domain/access/present-reservation.ts'
import type { Principal } from '../../domain/access/principal.ts'
import { canSeeChannel, canSeeNode } from '../../domain/access/scope.ts'
import type { Reservation, ReservationAction } from '../../domain/reservation/reservation.ts'
import type { CommandContext, CommandOutcome } from '../../engine/command.ts'
import type { ActOnReservation, MakeReservation } from '../../engine/families/reserve-command.ts'
import { Defect } from '../../kernel/assert.ts'
import { Fault } from '../../kernel/fault.ts'
import { parseId } from '../../kernel/ids.ts'
import { type Outcome, refuse, type Refusal, done } from '../../kernel/outcome.ts'
import type { RequestContext } from '../context.ts'
import type { Handlers, Refused, Success } from '../handler.ts'
import { reservationUnknown, showReservation } from './reservation-reads.ts'
import { commandContext, hashOf, type WriteDeps } from './write-deps.ts'

const EXPIRES_IN_SECONDS = 15 * 60

type WriteName = 'reservation.make' | 'reservation.makeMany' | 'reservation.extend' | 'reservation.release'

/** Stock held for carts: made, extended, given back. */
export function reservationWriteHandlers(deps: WriteDeps): Pick<Handlers, WriteName> {
  const act = async (
    context: RequestContext<Principal>,
    text: string,
    action: ReservationAction,
  ): Promise<Success<ReservationView> | Refused> => {
    const reservationId = parseId('rsv', text)
    const seen = await showReservation(deps, context.principal, text)
    if (seen === undefined || reservationId === undefined) return reservationUnknown(text)
    const command: ActOnReservation = { kind: 'actOnReservation', reservationId, action }
    const outcome = await deps.engine.submit(command, commandContext(context))
    if (outcome.status === 'refused') return outcome
    const value = shown(deps, context.principal, outcome)
    return { status: 'done', value, version: value.version }
  }
  return {
    'reservation.make': async (context, { body }) => {
      const command = commandOf(context.principal, body)
      if (command.status === 'refused') return command
      const outcome = await deps.engine.submit(command.value, commandContext(context))
      if (outcome.status === 'refused') return outcome
      const value = shown(deps, context.principal, outcome)
      const isNew = outcome.value.fresh === true
      const location = isNew ? { location: `/v1/reservations/${value.reservationId}` } : {}
      return { status: 'done', value, version: value.version, success: isNew ? 201 : 200, ...location }
    },

    'reservation.makeMany': async (context, lines) => {
      await deps.engine.room('makeReservation')
      return Promise.all(lines.map(({ index, value }) => makeLine(deps, context, index, value)))
    },

    'reservation.extend': (context, { params, body }) =>
      act(context, params.reservationId, { action: 'extend', expiresInSeconds: body.expiresInSeconds ?? EXPIRES_IN_SECONDS }),
    'reservation.release': (context, { params }) => act(context, params.reservationId, { action: 'release' }),
  }
}

/** The command of an input, within the scope of its sender: who works for some nodes or channels reserves there alone. */
function commandOf({ scope }: Principal, input: ReservationInput): Outcome<MakeReservation> {
  const { key, channelId, sku, quantity, nodeIds = scope.nodes } = input
  if (channelId === undefined ? scope.channels !== undefined : !canSeeChannel(scope, channelId))
    return outOfScope('/channelId', channelId, scope.channels)
  const foreign = nodeIds?.find((nodeId) => !canSeeNode(scope, nodeId))
  if (foreign !== undefined) return outOfScope('/nodeIds', foreign, scope.nodes)
  if (scope.customer !== undefined || scope.carriers !== undefined) return outOfScope('/key', key, undefined)
  return done({
    kind: 'makeReservation',
    key,
    sku,
    quantity,
    expiresInSeconds: input.expiresInSeconds ?? EXPIRES_IN_SECONDS,
    inputHash: hashOf([sku, quantity, channelId ?? null, input.nodeIds ?? null, input.expiresInSeconds ?? null]),
    ...(channelId === undefined ? {} : { channelId }),
    ...(nodeIds === undefined ? {} : { nodeIds }),
  })
}

const outOfScope = (pointer: string, got: unknown, expected: unknown): Refusal =>
  refuse(
    'scope_violation',
    { en: 'the reservation lies outside the scope of this credential', zh: '该预留超出此凭证的范围' },
    { pointer, expected, got },
  )

/** The reservation in an outcome, for who asked: they may see it, because they may only touch what they see. */
function shown(deps: WriteDeps, principal: Principal, outcome: CommandOutcome & { readonly status: 'done' }): ReservationView {
  const value = presentReservation(principal, outcome.value['reservation'] as Reservation, deps.now())
  if (value === undefined) throw new Defect('a reservation was answered that its sender may not see')
  return value
}

type LineAnswer = { status: 'created' | 'existing'; reservation: ReservationView }

async function makeLine(
  deps: WriteDeps,
  context: RequestContext<Principal>,
  index: number,
  input: ReservationInput,
): Promise<LineAnswer | Refusal> {
  const command = commandOf(context.principal, input)
  if (command.status === 'refused') return command
  const outcome = await submitPatiently(deps, command.value, commandContext(context, 'bulk', { name: String(index), input }))
  if (outcome.status === 'refused') return outcome
  return { status: outcome.value.fresh === true ? 'created' : 'existing', reservation: shown(deps, context.principal, outcome) }
}

/** Bulk slows its reader instead of answering that the queue is full. */
async function submitPatiently(deps: WriteDeps, command: MakeReservation, context: CommandContext): Promise<CommandOutcome> {
  for (;;) {
    try {
      return await deps.engine.submit(command, context)
    } catch (error) {
      if (!(error instanceof Fault) || error.code !== 'overloaded') throw error
      await deps.engine.room('makeReservation')
    }
  }
}
