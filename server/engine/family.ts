import type { LogRow } from '../store/log.ts'
import type { Write } from '../store/write.ts'
import type { Attempt, Command, CommandOutcome } from './command.ts'

export type Row = Record<string, unknown>

/** A decided command: its outcome and whatever the family needs to write it. */
export type Decided<C extends Command = Command> = {
  readonly attempt: Attempt<C>
  readonly outcome: CommandOutcome
  /** The outcome was completed on the locked rows, after its idempotency key was claimed. */
  readonly late?: boolean
}

/** What a family makes of the answers to its claims. */
export type Examined<D> = {
  /** Decisions that still hold on the locked rows. */
  readonly keep: readonly D[]
  /** Decisions that no longer fit: taken out whole, they lead the next batch. */
  readonly again: readonly D[]
  /** What gives claims of the taken-out back, inside the same transaction. */
  readonly release: readonly Write[]
}

/**
 * A family of commands that are decided and written together. The engine says when and how many; the family says what.
 * decide() is synchronous and must not throw for business reasons; a throw parks its command.
 */
export type Family<C extends Command = Command, D extends Decided<C> = Decided<C>> = {
  readonly name: string
  readonly kinds: readonly C['kind'][]
  /** Commands of a batch at most; what the engine is set to when left out. */
  readonly batchSizeMax?: number
  /** Reads what the decisions need; runs beside the previous commit. */
  load(attempts: readonly Attempt<C>[]): Promise<void>
  /** One decision, seeing the effects of those before it. `undefined` = not now: the attempt waits for the next batch. */
  decide(attempt: Attempt<C>): D | undefined
  /** What needs nothing but the decision itself: done for a whole batch in one go, so that code and data stay in the caches. A throw parks its command. */
  prepare?(decided: D): void
  /** Refusals that memory must not give alone: the rows they stand on, read anew before they are final. */
  doubtful(decided: D): boolean
  refresh(doubted: readonly D[]): Promise<void>
  /** Its claims change rows for good: where an idempotency key turns out to be taken, the whole transaction is undone. */
  readonly claimsAct?: boolean
  /** First round trip: claims and locks, in lock order. */
  claims(decided: readonly D[]): readonly Write[]
  /** The rows that stand on the decisions alone, each statement made when it is asked for: beside the previous commit, or while the claims are answered. */
  draft?(decided: readonly D[]): Iterable<Write>
  /** `results` answer the claims; `lost` are decisions whose idempotency key somebody else holds: their claims are given back too. */
  examine(decided: readonly D[], results: readonly (readonly Row[])[], lost: readonly D[]): Examined<D>
  /** Second round trip: the rows; `drafted` is what {@link draft} made of the same decisions. */
  writes(keep: readonly D[], drafted: readonly Write[]): readonly Write[]
  /** Checks how many rows each write touched; throws a Defect when a guard fired. */
  verify(keep: readonly D[], counts: readonly number[]): void
  log(keep: readonly D[]): readonly LogRow[]
  /** The transaction is durable. */
  committed(keep: readonly D[]): void
  /** The transaction turned out to be durable after its answers were lost: memory is read anew. */
  reload(decided: readonly D[]): Promise<void>
  /** The decisions are void: memory forgets what they held. */
  undone(decided: readonly D[]): void
  outcomeOf(decided: D): CommandOutcome
}
