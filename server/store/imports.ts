import type { Queryable } from './database.ts'
import { run, statement } from './database.ts'

/** Where an import stands: rows of its orders table that are done for good, and its report so far. */
export type ImportRow = { readonly import_id: string; readonly source: string; readonly rows_done: string; readonly report: unknown }

const readImportRow = statement<ImportRow>(
  'readImport',
  `select import_id, source, rows_done, report
   from imports
   where import_id = $1::text`,
)

/** The import of this name, or undefined when it never began. */
export async function readImport(db: Queryable, importId: string): Promise<ImportRow | undefined> {
  return (await run(db, readImportRow, [importId]))[0]
}

const upsertImport = statement(
  'writeImport',
  `insert into imports (import_id, source, rows_done, report, updated_at)
   values ($1::text, $2::text, $3::bigint, $4::json, $5::timestamptz)
   on conflict on constraint imports_pkey
   do update set source = excluded.source, rows_done = excluded.rows_done, report = excluded.report, updated_at = excluded.updated_at`,
)

/** Notes how far an import has come. */
export async function writeImport(
  db: Queryable,
  row: { readonly importId: string; readonly source: string; readonly rowsDone: number; readonly report: unknown },
  wallNow: Date,
): Promise<void> {
  await run(db, upsertImport, [row.importId, row.source, row.rowsDone, JSON.stringify(row.report), wallNow.toISOString()])
}
