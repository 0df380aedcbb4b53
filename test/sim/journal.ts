import type { CommandOutcome } from '../../server/engine/command.ts'

/** What one caller asked and what it was told: the outside view that the database must agree with. */
export type Entry = {
  readonly what: 'place' | 'pay' | 'adjust' | 'cancel' | 'versioned'
  /** What the fact can be found by: externalRef, paymentRef, ref of the move, or id of the hold. */
  readonly ref: string
  readonly channelId?: string
  readonly orderId?: string
  readonly expectedVersion?: number
  /** Answers to all calls with the same key; empty when none came. */
  readonly answers: CommandOutcome[]
}

export class Journal {
  readonly entries: Entry[] = []
  /** Orders that somebody was told of. */
  readonly orderIds: string[] = []

  note(entry: Omit<Entry, 'answers'>): Entry {
    const noted = { ...entry, answers: [] }
    this.entries.push(noted)
    return noted
  }
}

export const isDone = (outcome: CommandOutcome): boolean => outcome.status === 'done'
