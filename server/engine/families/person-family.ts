import { idToInt8, type PersonId, shardOfId } from '../../kernel/ids.ts'
import { done, refuse } from '../../kernel/outcome.ts'
import { instant, type Instant, toIso } from '../../kernel/time.ts'
import type { LogRow } from '../../store/log.ts'
import { erasePersons } from '../../store/person-erase.ts'
import type { Write } from '../../store/write.ts'
import type { Attempt, CommandOutcome } from '../command.ts'
import type { Decided, Examined, Family, Row } from '../family.ts'
import { logBase, noOrder } from '../log-row.ts'

export type ErasePerson = { readonly kind: 'erasePerson'; readonly personId: PersonId; readonly reason: string }
type DecidedErasure = Decided<ErasePerson> & { outcome: CommandOutcome; isNew: boolean }

/** Erasure: the key goes, the books stay. Asked twice it answers with the first time. */
export class PersonFamily implements Family<ErasePerson, DecidedErasure> {
  readonly name = 'persons'
  readonly kinds = ['erasePerson'] as const
  readonly claimsAct = true
  private readonly now: () => Instant

  constructor(now: () => Instant) {
    this.now = now
  }

  async load(): Promise<void> {}

  decide(attempt: Attempt<ErasePerson>): DecidedErasure {
    return { attempt, outcome: done({ personId: attempt.command.personId }), late: true, isNew: false }
  }

  doubtful(): boolean {
    return false
  }

  async refresh(): Promise<void> {}

  claims(decided: readonly DecidedErasure[]): Write[] {
    const at = this.now()
    return [
      erasePersons(
        decided.map(({ attempt: { command } }) => ({ shard: shardOfId(command.personId), personId: idToInt8(command.personId), at })),
      ),
    ]
  }

  examine(decided: readonly DecidedErasure[], results: readonly (readonly Row[])[]): Examined<DecidedErasure> {
    const found = new Map((results[0] ?? []).map((row) => [String(row['person_id']), row]))
    for (const one of decided) {
      const { personId } = one.attempt.command
      const key = idToInt8(personId)
      const row = found.get(key)
      if (row === undefined) one.outcome = refuse('person_unknown', { en: 'there is no such person', zh: '该人不存在' }, { got: personId })
      else {
        one.outcome = done({ personId, erasedAt: toIso(instant(Number(row['erased_at']))) })
        one.isNew = row['is_new'] === true
        found.set(key, { ...row, is_new: false })
      }
    }
    return { keep: decided, again: [], release: [] }
  }

  writes(): Write[] {
    return []
  }

  verify(): void {}

  log(keep: readonly DecidedErasure[]): LogRow[] {
    const at = this.now()
    return keep.flatMap(({ attempt, isNew }) => {
      const { command } = attempt
      if (!isNew) return []
      const base = { ...logBase('person.erased', attempt), ...noOrder, shard: shardOfId(command.personId) }
      const data = JSON.stringify({ personId: command.personId })
      return [{ ...base, subjectKind: 'audit', subjectId: command.personId, subjectVersion: 1, occurredAt: at, recordedAt: at, data }]
    })
  }

  committed(): void {}

  async reload(): Promise<void> {}

  undone(): void {}

  outcomeOf(decided: DecidedErasure): CommandOutcome {
    return decided.outcome
  }
}
