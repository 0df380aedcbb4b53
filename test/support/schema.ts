import { describeSchema } from '../../server/store/schema-description.ts'
import { openTestDatabase } from './database.ts'

/** What db/migrations make, as db/schema.txt tells it. */
export async function describeMigrations(): Promise<string> {
  const db = await openTestDatabase()
  try {
    return await describeSchema(db.pool)
  } finally {
    await db.close()
  }
}
