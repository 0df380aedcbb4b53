import type { EventData } from '../../../contract/events.ts'
import type { InboxId } from '../../kernel/ids.ts'
import { done } from '../../kernel/outcome.ts'
import type { Instant } from '../../kernel/time.ts'
import type { LogRow } from '../../store/log.ts'
import { together } from '../../store/bulk.ts'
import type { Write } from '../../store/write.ts'
import type { Attempt, CommandOutcome } from '../command.ts'
import type { Decided, Examined, Family } from '../family.ts'
import { logBase, noOrder } from '../log-row.ts'

type Kept<T extends 'body.kept' | 'body.read' | 'scans.kept'> = { readonly event: T; readonly data: EventData<T> }

/** Keeps a channel's or a carrier's body that changes no order, or tells that somebody read one: its rows and the event that says so. */
export type KeepBody = {
  readonly kind: 'keepBody'
  readonly bodyId: InboxId
  readonly shard: number
  readonly bodyWrites: readonly Write[]
} & (Kept<'body.kept'> | Kept<'body.read'> | Kept<'scans.kept'>)

/** There is nothing to decide: the sale has happened, so its body is kept. */
export class BodyFamily implements Family<KeepBody, Decided<KeepBody>> {
  readonly name = 'bodies'
  readonly kinds = ['keepBody'] as const
  private readonly now: () => Instant

  constructor(now: () => Instant) {
    this.now = now
  }

  async load(): Promise<void> {}

  decide(attempt: Attempt<KeepBody>): Decided<KeepBody> {
    return { attempt, outcome: done({ bodyId: attempt.command.bodyId }) }
  }

  doubtful(): boolean {
    return false
  }

  async refresh(): Promise<void> {}

  claims(): Write[] {
    return []
  }

  examine(decided: readonly Decided<KeepBody>[]): Examined<Decided<KeepBody>> {
    return { keep: decided, again: [], release: [] }
  }

  writes(keep: readonly Decided<KeepBody>[]): Write[] {
    return together(keep.flatMap(({ attempt }) => attempt.command.bodyWrites))
  }

  verify(): void {}

  log(keep: readonly Decided<KeepBody>[]): LogRow[] {
    const at = this.now()
    return keep.map(({ attempt, attempt: { command } }) => ({
      ...logBase(command.event, attempt),
      ...noOrder,
      shard: command.shard,
      ...(command.event === 'scans.kept' ? { carrierIds: [command.data.carrierId] } : { channelId: command.data.channelId }),
      subjectKind: 'body',
      subjectId: command.bodyId,
      subjectVersion: 1,
      occurredAt: at,
      recordedAt: at,
      data: JSON.stringify(command.data),
    }))
  }

  committed(): void {}

  async reload(): Promise<void> {}

  undone(): void {}

  outcomeOf(decided: Decided<KeepBody>): CommandOutcome {
    return decided.outcome
  }
}
