import { run, statement, type Client } from './database.ts'

/** A number of our own among the advisory locks: "fulcrum first start" by FNV-1a. */
const LOCK = 1_734_806_121

const lock = statement<object>('lockFirstStart', 'select pg_advisory_xact_lock($1::int, 0)')

/** Until the transaction ends, other processes wait here: only one of them is the first to start. */
export async function lockFirstStart(client: Client): Promise<void> {
  await run(client, lock, [LOCK])
}
