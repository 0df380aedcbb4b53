import type { EventData } from '../../../contract/events.ts'
import { present } from '../../kernel/assert.ts'
import { idToInt8, type InboxId } from '../../kernel/ids.ts'
import { done } from '../../kernel/outcome.ts'
import type { Instant } from '../../kernel/time.ts'
import { countBodyEvents } from '../../store/channel-bodies.ts'
import type { LogRow } from '../../store/log.ts'
import { together } from '../../store/bulk.ts'
import type { Write } from '../../store/write.ts'
import type { Attempt, CommandOutcome } from '../command.ts'
import type { Decided, Examined, Family, Row } from '../family.ts'
import { logBase, noOrder } from '../log-row.ts'

type Kept<T extends 'body.kept' | 'body.read' | 'scans.kept'> = { readonly event: T; readonly data: EventData<T> }

/** Keeps a channel's or a carrier's body that changes no order, or tells that somebody read one: its rows and the event that says so. */
export type KeepBody = {
  readonly kind: 'keepBody'
  readonly bodyId: InboxId
  readonly shard: number
  readonly bodyWrites: readonly Write[]
  /** The body is there already, with the events it had. */
  readonly isThere?: true
} & (Kept<'body.kept'> | Kept<'body.read'> | Kept<'scans.kept'>)

type DecidedBody = Decided<KeepBody> & { version: number }

/** There is nothing to decide: the sale has happened, so its body is kept. */
export class BodyFamily implements Family<KeepBody, DecidedBody> {
  readonly name = 'bodies'
  readonly kinds = ['keepBody'] as const
  readonly claimsAct = true
  private readonly now: () => Instant

  constructor(now: () => Instant) {
    this.now = now
  }

  async load(): Promise<void> {}

  decide(attempt: Attempt<KeepBody>): DecidedBody {
    return { attempt, outcome: done({ bodyId: attempt.command.bodyId }), version: 1 }
  }

  doubtful(): boolean {
    return false
  }

  async refresh(): Promise<void> {}

  claims(decided: readonly DecidedBody[]): Write[] {
    const there = decided.flatMap(({ attempt: { command } }) => (command.isThere ? [command.bodyId] : []))
    return there.length === 0 ? [] : [countBodyEvents(there)]
  }

  examine(decided: readonly DecidedBody[], results: readonly (readonly Row[])[]): Examined<DecidedBody> {
    const versions = new Map((results[0] ?? []).map((row) => [String(row['body_id']), Number(row['version'])]))
    for (const one of decided) {
      const { bodyId, isThere } = one.attempt.command
      if (!isThere) continue
      const key = idToInt8(bodyId)
      one.version = present(versions.get(key), 'the kept body that an event is about') + 1
      versions.set(key, one.version)
    }
    return { keep: decided, again: [], release: [] }
  }

  writes(keep: readonly DecidedBody[]): Write[] {
    return together(keep.flatMap(({ attempt }) => attempt.command.bodyWrites))
  }

  verify(): void {}

  log(keep: readonly DecidedBody[]): LogRow[] {
    const at = this.now()
    return keep.map(({ attempt, attempt: { command }, version }) => ({
      ...logBase(command.event, attempt),
      ...noOrder,
      shard: command.shard,
      ...(command.event === 'scans.kept' ? { carrierIds: [command.data.carrierId] } : { channelId: command.data.channelId }),
      subjectKind: 'body',
      subjectId: command.bodyId,
      subjectVersion: version,
      occurredAt: at,
      recordedAt: at,
      data: JSON.stringify(command.data),
    }))
  }

  committed(): void {}

  async reload(): Promise<void> {}

  undone(): void {}

  outcomeOf(decided: DecidedBody): CommandOutcome {
    return decided.outcome
  }
}
