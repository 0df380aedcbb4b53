import type { StockAdjustmentInput, StockCountInput } from '../../../contract/entities/stock.ts'
import { parseInstant, type Instant } from '../../kernel/time.ts'

/** One item at one node, units. */
export type Position = {
  readonly onHand: number
  readonly soft: number
  readonly firm: number
  readonly committed: number
  readonly safety: number
  readonly backorderLimit: number
}

/** Units that may still be promised: onHand − soft − firm − committed − safety + backorderLimit. */
export function available(position: Position): number {
  return position.onHand - position.soft - position.firm - position.committed - position.safety + position.backorderLimit
}

/** Units that are reserved but no longer covered, after a count or a loss found less. */
export function shortBy(position: Position): number {
  return Math.max(0, -available(position))
}

/** The most units on hand that a position holds, above and below nothing. */
export const ON_HAND_MAX = 1_000_000_000

export type StockEffect = {
  readonly position: Pick<Position, 'onHand' | 'safety' | 'backorderLimit'>
  /** Change of onHand, units. */
  readonly delta: number
  readonly occurredAt?: Instant
  readonly countedAt?: Instant
  /** false: nothing that anybody sees has changed; only that it was counted is kept. */
  readonly isVisible: boolean
}

export type CountContext = {
  readonly now: Instant
  /** Nothing was known of the item at the node: a count of 0 makes it known. */
  readonly isFirst: boolean
  readonly countedAt: Instant | undefined
  readonly lastCountedAt: number | undefined
  /** Units that moved after the count was taken; re-applied on top of it. */
  readonly movedSince: number
}

/**
 * The effect of an absolute count; undefined when it changes nothing because a later count is known already.
 * A count is a fact: it is taken even when it finds less than is reserved, and one that finds what was known still supersedes older ones.
 */
export function countStock(position: Position, input: StockCountInput, context: CountContext): StockEffect | undefined {
  const { countedAt, lastCountedAt, movedSince } = context
  const isSuperseded = countedAt !== undefined && lastCountedAt !== undefined && countedAt < lastCountedAt
  const onHand = isSuperseded ? position.onHand : input.onHand + (countedAt === undefined ? 0 : movedSince)
  const safety = input.safety ?? position.safety
  const backorderLimit = input.backorderLimit ?? position.backorderLimit
  const isSame = onHand === position.onHand && safety === position.safety && backorderLimit === position.backorderLimit
  const isVisible = !isSame || context.isFirst
  if (isSuperseded && !isVisible) return undefined
  const at = countedAt ?? context.now
  return {
    position: { onHand, safety, backorderLimit },
    delta: onHand - position.onHand,
    occurredAt: at,
    ...(isSuperseded ? {} : { countedAt: at }),
    isVisible,
  }
}

/** The effect of a relative change; undefined for a change by nothing. */
export function adjustStock(position: Position, input: StockAdjustmentInput): StockEffect | undefined {
  if (input.delta === 0) return undefined
  const occurredAt = input.occurredAt === undefined ? undefined : parseInstant(input.occurredAt)
  return {
    position: { onHand: position.onHand + input.delta, safety: position.safety, backorderLimit: position.backorderLimit },
    delta: input.delta,
    isVisible: true,
    ...(occurredAt === undefined ? {} : { occurredAt }),
  }
}
