import { type Client, run, statement } from './database.ts'
import { Fault } from '../kernel/fault.ts'

const LOCK_SPACE = 0x0f17
const SLOTS = 32

const slotsByRest = statement<{ slot: number }>(
  'slotsByRest',
  `select slot
   from process_slots
   order by batch_id, slot`,
)

const trySlot = statement<{ taken: boolean }>('trySlot', `select pg_try_advisory_lock($1::integer, $2::integer) as taken`)

const waitForSlot = statement<{ locked: string }>('waitForSlot', `select pg_advisory_lock($1::integer, $2::integer)::text as locked`)

const readBatchId = statement<{ batch_id: string }>('readBatchId', `select batch_id from process_slots where slot = $1::smallint`)

const endHolder = statement<{ ended: boolean }>(
  'endSlotHolder',
  `select pg_terminate_backend(pid) as ended
   from pg_locks
   where locktype = 'advisory'
     and database = (select oid from pg_database where datname = current_database())
     and classid = $1::integer::oid
     and objid = $2::integer::oid
     and objsubid = 2
     and granted
     and pid = $3::integer`,
)

/**
 * Takes one of 32 process slots: an advisory lock of the session, so that it falls back when the session dies. The slot that has
 * rested longest comes first (batch ids grow with time): one just lost stays free for the process that wants it back.
 */
export async function takeSlot(client: Client): Promise<number> {
  for (const { slot } of await run(client, slotsByRest)) {
    const [row] = await run(client, trySlot, [LOCK_SPACE, slot])
    if (row?.taken) return slot
  }
  throw new Fault(
    'slots_exhausted',
    `all ${SLOTS} process slots of this database are taken; expected at most ${SLOTS} hub processes`,
    'later',
  )
}

/**
 * Ends the session that held the slot, waits until it is gone and holds the slot again: from then on what it committed is final.
 * A backend goes on with statements that it has received after its client is lost, so asking without waiting would lie.
 * Only a holder with the former pid is ended: never another process that has taken the slot meanwhile.
 */
export async function reclaimSlot(client: Client, slot: number, formerPid: number): Promise<void> {
  await run(client, endHolder, [LOCK_SPACE, slot, formerPid])
  await run(client, waitForSlot, [LOCK_SPACE, slot])
}

/** The last batch that the slot's sessions committed. */
export async function lastBatchId(client: Client, slot: number): Promise<number> {
  const [row] = await run(client, readBatchId, [slot])
  return Number(row?.batch_id ?? 0)
}
