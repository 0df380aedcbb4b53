import type { Bend } from './callers.ts'
import type { Mutation, Sent } from './faulty-client.ts'
import type { Simulated } from './run-simulation.ts'
import type { World } from './world.ts'

/** A bug as somebody might make it, planted from outside: in what statements say, in what they are answered, or in what callers send. */
export type Mutant = {
  readonly name: string
  readonly mutation?: Mutation
  readonly bend?: Bend
  readonly prepare?: (world: World) => Promise<void>
  /** Which finding proves that the right checker saw it. */
  readonly isCaught: (found: Simulated['found'][number]) => boolean
}

const rewriting = (name: string, change: (text: string) => string): Mutation => ({
  rewrite: (sent: Sent) => (sent.name === name ? { ...sent, text: changed(sent.text, change(sent.text)) } : sent),
})

/** A planted bug that no longer changes anything would make its test worthless. */
function changed(before: string, after: string): string {
  if (before === after) throw new Error(`the planted bug does not fit this statement any more: ${before.slice(0, 80)}`)
  return after
}

const skipping = (name: string, answer: string): Mutation => ({
  rewrite: (sent) => (sent.name === name ? { ...sent, text: answer, values: [] } : sent),
})
const guard = /\n\s*and \(row\.soft \+ row\.firm \+ row\.committed <= 0[\s\S]*$/
const unguarded = (sent: Sent): Sent =>
  sent.name === 'moveReserved' ? { ...sent, text: changed(sent.text, sent.text.replace(guard, '')) } : sent
const by =
  (checker: string, ...checks: readonly string[]) =>
  (found: Simulated['found'][number]) =>
    found.by === checker && (checks.length === 0 || checks.includes(found.check ?? ''))

export const mutants: readonly Mutant[] = [
  {
    name: 'lost update: orders are read without locking them',
    mutation: rewriting('lockOrders', (text) => text.replace(/for update of s\s*$/, '')),
    isCaught: by('verify', 'log.subjects', 'order.state'),
  },
  {
    name: 'missing dedupe: an idempotency key can be claimed twice',
    mutation: rewriting('insertAnswers', (text) => text.replace('do nothing', 'do update set answered_at = excluded.answered_at')),
    isCaught: by('journal'),
  },
  {
    name: 'double release: what an order gives back is given back twice',
    mutation: { repeat: (sent) => (sent.name === 'moveReserved' && sent.values.slice(2).some(hasNegative) ? 2 : 1) },
    isCaught: by('verify', 'stock.reserved'),
  },
  {
    name: 'id polling: positions come from a sequence, taken before the commit',
    prepare: async (world) => void (await world.db.pool.query('create sequence planted increment 1000 start 1000')),
    mutation: rewriting('appendEvents', (text) =>
      text.replace(
        /update log_heads\s+set position = position \+ \$2::bigint\s+where log_shard = \$1::smallint\s+returning position/,
        `select nextval('planted') as position`,
      ),
    ),
    isCaught: by('followers'),
  },
  {
    name: 'soft-to-firm oversell: stock held softly counts as free',
    mutation: {
      rewrite: (sent) => unguarded(sent),
      answer: (sent, answer) =>
        sent.name === 'lockStock' || sent.name === 'readItemsStock'
          ? { ...answer, rows: answer.rows.map((row) => ({ ...row, soft: 0 })) }
          : answer,
    },
    isCaught: by('history'),
  },
  {
    name: 'double release: a cart gives its stock back to an order and to all',
    mutation: {
      rewrite: (sent) => {
        if (sent.name === 'lockReservations') return { ...sent, text: changed(sent.text, sent.text.replace(/for update of r\s*$/, '')) }
        if (sent.name !== 'moveReservations') return sent
        return { ...sent, text: changed(sent.text, sent.text.replace(/\n\s*and r\.version = row\.version - 1/, '')) }
      },
    },
    isCaught: (found) => by('journal')(found) || by('verify', 'stock.reserved', 'reservations.log')(found),
  },
  {
    name: 'soft-to-firm oversell: an order takes stock over and its cart keeps it',
    mutation: skipping('moveReservations', 'select 1'),
    isCaught: by('verify', 'stock.reserved', 'reservations.log'),
  },
  {
    name: 'supply promised twice: who counts on it is not looked at',
    mutation: {
      answer: (sent, answer) =>
        sent.name === 'lockSupply' ? { ...answer, rows: answer.rows.map((row) => ({ ...row, free: 1000, reserved: 0 })) } : answer,
    },
    isCaught: by('history'),
  },
  {
    name: 'lost supply: what orders count on is not kept',
    mutation: skipping('moveSupply', 'select 1'),
    isCaught: by('verify', 'supply.reserved'),
  },
  {
    name: 'missing guard: stock is read without its lock and written without its guard',
    mutation: {
      rewrite: (sent) =>
        unguarded(sent.name === 'lockStock' ? { ...sent, text: changed(sent.text, sent.text.replace(/for update of s\s*$/, '')) } : sent),
    },
    isCaught: by('history'),
  },
  {
    name: 'skipped version check: the expected version is not looked at',
    bend: ({ expectedVersion: _, ...context }) => context,
    isCaught: by('journal'),
  },
  {
    name: 'stolen reference: a second order takes over the reference of the first',
    mutation: rewriting('insertRefs', (text) => text.replace('do nothing', 'do update set order_id = excluded.order_id')),
    isCaught: by('verify', 'refs.orders'),
  },
  {
    name: 'forgotten fate: after a lost connection the batch is taken for undone',
    mutation: { answer: (sent, answer) => (sent.name === 'readBatchId' ? { ...answer, rows: [{ batch_id: '0' }] } : answer) },
    isCaught: by('journal'),
  },
  {
    name: 'fact without event: the log is not written',
    mutation: skipping('appendEvents', 'select 1::bigint as position'),
    isCaught: by('verify', 'order.received', 'log.facts'),
  },
  {
    name: 'event without fact: the state row stays as it was',
    mutation: skipping('updateOrderStates', 'select 1'),
    isCaught: by('verify', 'order.state'),
  },
  {
    name: 'early answer: a command is acknowledged and then rolled back',
    mutation: {
      rewrite: (sent) => (sent.name === 'commit' ? { ...sent, text: 'rollback' } : sent),
      answer: (sent, answer) => (sent.name === 'commit' ? { ...answer, command: 'COMMIT' } : answer),
    },
    isCaught: by('journal'),
  },
  {
    name: 'half a hold: a clock row is not written',
    mutation: skipping('upsertClocks', 'select 1'),
    isCaught: by('verify', 'order.clocks'),
  },
  {
    name: 'leaking credit: the exposure of an account is not moved',
    mutation: skipping('moveExposure', 'select 1'),
    isCaught: by('verify', 'account.exposure'),
  },
]

/** Whether an integer array in PostgreSQL's binary format (server/store/array-format.ts) holds a number below zero. */
function hasNegative(array: unknown): boolean {
  if (!Buffer.isBuffer(array)) return false
  for (let at = 20; at + 8 <= array.length; at += 8) if (array.readInt32BE(at + 4) < 0) return true
  return false
}
