import type { Pool } from '../store/database.ts'
import { readDueReservations } from '../store/reservations.ts'
import type { BusinessClock } from './business-clock.ts'
import type { Chore } from './chores.ts'
import type { Engine } from './engine.ts'
import type { ActOnReservation } from './families/reserve-command.ts'

const EXPIRIES = 1000
const CLOCK = { actor: { kind: 'clock', id: 'hub' }, lane: 'clock' } as const

type Deps = {
  readonly engine: Engine
  readonly pool: Pool
  readonly clock: BusinessClock
  readonly watch: { warn(data: object, message: string): void }
}

/** Ends reservations whose time has run out, each by a command of its own under its lock; one that fails is found again at the next turn. */
export function expireReservations({ engine, pool, clock, watch }: Deps): Chore {
  const runOnce = async (): Promise<boolean> => {
    const due = await readDueReservations(pool, new Date(clock.now()), EXPIRIES)
    const commands = due.map((reservationId): ActOnReservation => ({
      kind: 'actOnReservation',
      reservationId,
      action: { action: 'expire' },
    }))
    const results = await Promise.allSettled(commands.map((command) => engine.submit(command, CLOCK)))
    const failed = results.filter((result) => result.status === 'rejected')
    if (failed[0] !== undefined)
      watch.warn(
        { failed: failed.length, error: String(failed[0].reason) },
        'reservations that ran out could not be ended; they are tried again at the next turn',
      )
    return failed.length === 0 && due.length === EXPIRIES
  }
  return { name: 'reservations', everyMs: 500, byBusinessTime: true, runOnce }
}
