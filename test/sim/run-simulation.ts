import { verifyDatabase } from '../../server/store/verify/verify-database.ts'
import type { CheckName } from '../../server/store/verify/report.ts'
import { type Bend, Caller } from './callers.ts'
import { oversoldIn } from './check-history.ts'
import { contradictionsOf } from './check-journal.ts'
import type { Faults, Mutation, Struck } from './faulty-client.ts'
import { Journal } from './journal.ts'
import { chance } from './random.ts'
import { openWorld, seedFacts, type World } from './world.ts'

export const FAULTS: Faults = {
  dropBeforeCommit: 0.03,
  dropDuringCommit: 0.03,
  dropAfterCommit: 0.05,
  drop: 0.002,
  deadlock: 0.004,
  delay: 0.02,
}

export type SimulationOptions = {
  readonly seed: number
  readonly callers?: number
  readonly steps?: number
  readonly faults?: Faults
  readonly mutation?: Mutation
  readonly bend?: Bend
  /** Prepares the database of a planted bug. */
  readonly prepare?: (world: World) => Promise<void>
}

/** What the checkers saw; `found` names the checker of each problem. */
export type Simulated = {
  readonly found: readonly {
    readonly by: 'verify' | 'journal' | 'history' | 'followers' | 'defect'
    readonly check?: CheckName
    readonly says: string
  }[]
  readonly commands: number
  readonly acknowledged: number
  readonly orders: number
  readonly grants: number
  readonly struck: Struck
}

/** Runs callers against two hubs while connections break, then asks all checkers. */
export async function simulate(options: SimulationOptions): Promise<Simulated> {
  const random = chance(options.seed)
  const world = await openWorld({ random: random.fork(), faults: options.faults ?? FAULTS, mutation: options.mutation ?? {} })
  const journal = new Journal()
  const found: Simulated['found'][number][] = []
  try {
    await seedFacts(world)
    await options.prepare?.(world)
    world.arm()
    const callers = Array.from(
      { length: options.callers ?? 16 },
      (_, i) => new Caller(world, journal, random.fork(), `c${i}`, options.bend ?? ((context) => context)),
    )
    const ends = await Promise.allSettled(callers.map((caller) => caller.run(options.steps ?? 25)))
    for (const end of ends) if (end.status === 'rejected') found.push({ by: 'defect', says: String(end.reason) })
    for (const hub of world.hubs) await hub.follower.settled()
    const { pool } = world.db
    const report = await verifyDatabase(pool)
    for (const { check, violations, examples } of report.checks)
      if (violations > 0) found.push({ by: 'verify', check, says: `${check}: ${examples.join(' | ')}` })
    for (const says of await contradictionsOf(pool, journal)) found.push({ by: 'journal', says })
    const history = await oversoldIn(pool)
    for (const says of history.problems) found.push({ by: 'history', says })
    for (const says of await unfollowed(world)) found.push({ by: 'followers', says })
    const acknowledged = journal.entries.filter((entry) => entry.answers.length > 0).length
    return {
      found,
      commands: journal.entries.length,
      acknowledged,
      orders: new Set(journal.orderIds).size,
      grants: history.grants,
      struck: world.struck,
    }
  } finally {
    await world.stop()
  }
}

/** A follower tells of every position once and in order, whoever wrote it. */
async function unfollowed(world: World): Promise<string[]> {
  const { rows } = await world.db.pool.query<{ position: string }>('select position from events order by position')
  const written = rows.map((row) => Number(row.position))
  return world.followed.flatMap((told, i) => {
    const missed = written.filter((position) => !told.includes(position))
    const isSorted = told.every((position, j) => position > (told[j - 1] ?? 0))
    return [
      ...(missed.length > 0 ? [`the follower of hub ${i} missed ${missed.length} of ${written.length} events, first ${missed[0]}`] : []),
      ...(isSorted ? [] : [`the follower of hub ${i} told events twice or out of order`]),
    ]
  })
}
