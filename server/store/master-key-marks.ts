import { Fault } from '../kernel/fault.ts'
import { toIso, type Instant } from '../kernel/time.ts'
import { run, statement, type Queryable } from './database.ts'
import type { MasterKeys } from './master-key.ts'

const read = statement<{ mark: string; purpose: 'seal' | 'index' }>(
  'readMasterKeyMarks',
  `select mark, purpose
   from master_key_marks
   order by first_used_at`,
)

const record = statement<object>(
  'recordMasterKeyMarks',
  `insert into master_key_marks (mark, purpose, first_used_at)
   values ($1::text, 'seal', $3::timestamptz), ($2::text, 'index', $3::timestamptz)
   on conflict on constraint master_key_marks_mark_purpose_pkey do nothing`,
)

/**
 * Makes sure at start that these master keys fit the database: all that sealed data here are given and the last one makes the same
 * blind indexes. Fault `master_key_unknown` otherwise: going on would hide persons from the search and leave them unreadable.
 */
export async function checkMasterKeys(on: Queryable, keys: MasterKeys, now: Instant): Promise<void> {
  for (const { mark, purpose } of await run(on, read)) {
    const fits = purpose === 'seal' ? keys.all.has(mark) : mark === keys.indexMark
    if (fits) continue
    const what = purpose === 'seal' ? 'has personal data sealed with' : 'has its search indexes made with'
    const message = `this database ${what} master key ${mark}, but FULCRUM_MASTER_KEY gives ${[...keys.all.keys()].join(', ')} (the last makes the indexes)`
    throw new Fault('master_key_unknown', message, 'never')
  }
  await run(on, record, [keys.sealing.mark, keys.indexMark, toIso(now)])
}
