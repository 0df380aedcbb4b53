import type { QueryResult } from 'pg'
import type { Client, Statement } from './database.ts'

/** A statement with its parameters, ready to be sent. */
export type Write = { readonly statement: Statement; readonly values: readonly unknown[] }

/** Stands where there is nothing to ask: it is never sent. */
export const NOTHING: Write = { statement: { name: '', sql: '' }, values: [] }

/** The same write with its parameters made now, not when it is sent. */
export const made = ({ statement, values }: Write): Write => ({ statement, values })

/** Queues a write on a client; with a pipelining client many can be under way in one round trip. */
export function send(client: Client, write: Write): Promise<QueryResult> {
  return client.query({ name: write.statement.name, text: write.statement.sql, values: write.values as unknown[] })
}
