import { type Client, runOne, statement } from './database.ts'

const LOCK_SPACE = 0x0f18
const FOLLOWERS = 1

const trySeat = statement<{ taken: boolean }>('trySeat', `select pg_try_advisory_lock($1::integer, $2::integer) as taken`)

/**
 * Asks for the one seat of those who send the log on: an advisory lock of the session, free again when the session ends. Two holders for a
 * moment do no harm, because each moves cursors only past what it has dealt with itself.
 */
export const takeFollowersSeat = async (client: Client): Promise<boolean> => (await runOne(client, trySeat, [LOCK_SPACE, FOLLOWERS])).taken
