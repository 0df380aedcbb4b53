import { mkdirSync } from 'node:fs'
import { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { Client } from 'pg'
import { lockDataFolder, type DataFolder } from '../../server/connect/postgres/data-folder.ts'
import { type Connection, startEmbeddedPostgres } from '../../server/connect/postgres/embedded.ts'
import { Fault } from '../../server/kernel/fault.ts'

/**
 * One PostgreSQL for all test processes of a user, in the system's temporary folder. Who needs it first starts it, others
 * adopt it, and who leaves last stops it: each process holds one session (its ticket), so a killed process leaves by itself.
 */
export type TestCluster = { readonly connection: Connection; leave(): Promise<void> }

const TICKET = 'fulcrum-test-ticket'
const WAIT_MS_MAX = 120_000

/** Tests do not survive a power cut, so nothing is flushed; what they observe is the same. */
const SETTINGS = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  deadlock_timeout: '100ms',
  shared_buffers: '128MB',
  max_connections: '200',
  max_wal_size: '512MB',
  min_wal_size: '80MB',
}

export const clusterFolder = (): string => process.env['FULCRUM_TEST_CLUSTER'] ?? join(tmpdir(), `fulcrum-test-${process.getuid?.() ?? 0}`)

/** Joins the cluster, starting it when nobody is there. */
export async function joinCluster(): Promise<TestCluster> {
  const folder = clusterFolder()
  return alone(folder, async () => {
    const postgres = await startEmbeddedPostgres({ dataDir: folder, log: () => undefined, settings: SETTINGS })
    const ticket = await takeTicket(postgres.connection)
    const leave = () =>
      alone(folder, async () => {
        hold(ticket, true)
        const others = await countOthers(ticket)
        await ticket.end()
        if (others === 0) await postgres.stop()
      })
    return { connection: postgres.connection, leave }
  })
}

async function takeTicket(connection: Connection): Promise<Client> {
  const ticket = new Client({ ...connection, database: 'postgres', application_name: TICKET })
  ticket.on('error', () => undefined) // a database that dies fails the tests by their own sessions
  await ticket.connect()
  hold(ticket, false) // a test file that is done must be able to end
  return ticket
}

/** Whether the ticket's session keeps the process alive. */
function hold(ticket: Client, isHeld: boolean): void {
  const { stream } = ticket.connection
  if (!(stream instanceof Socket)) return
  if (isHeld) stream.ref()
  else stream.unref()
}

async function countOthers(ticket: Client): Promise<number> {
  const found = await ticket.query<{ others: number }>(
    'select count(*)::int as others from pg_stat_activity where application_name = $1 and pid <> pg_backend_pid()',
    [TICKET],
  )
  return found.rows[0]?.others ?? 0
}

/** Runs `body` while no other process is inside: starting, stopping and template building happen one at a time. */
export async function alone<T>(folder: string, body: () => Promise<T>): Promise<T> {
  mkdirSync(folder, { recursive: true, mode: 0o711 })
  const lock = await waitForLock(folder)
  try {
    return await body()
  } finally {
    lock.release()
  }
}

async function waitForLock(folder: string): Promise<DataFolder> {
  for (let waited = 0; ; waited += 20) {
    try {
      return lockDataFolder(folder)
    } catch (error) {
      if (!(error instanceof Fault) || waited > WAIT_MS_MAX) throw error
      await wait(20)
    }
  }
}
