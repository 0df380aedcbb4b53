import type { CommandOutcome } from '../../server/engine/command.ts'

/** What one caller asked and what it was told: the outside view that the database must agree with. */
export type Entry = {
  readonly what: 'place' | 'pay' | 'adjust' | 'cancel' | 'versioned' | 'reserve'
  /** What the fact can be found by: externalRef, paymentRef, ref of the move, or id of the hold. */
  readonly ref: string
  readonly channelId?: string
  readonly orderId?: string
  readonly expectedVersion?: number
  /** The cart whose reservation a placement names. */
  readonly cart?: string
  /** Answers to all calls with the same key; empty when none came. */
  readonly answers: CommandOutcome[]
}

export type Cart = { readonly reservationId: string; readonly channelId: string; readonly sku: string; readonly quantity: number }

export class Journal {
  readonly entries: Entry[] = []
  /** Orders that somebody was told of. */
  readonly orderIds: string[] = []
  /** Reservations that somebody was told of. */
  readonly carts: Cart[] = []

  note(entry: Omit<Entry, 'answers'>): Entry {
    const noted = { ...entry, answers: [] }
    this.entries.push(noted)
    return noted
  }
}

export const isDone = (outcome: CommandOutcome): boolean => outcome.status === 'done'
