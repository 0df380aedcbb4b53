import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { describeMigrations } from '../test/support/schema.ts'

/** Writes db/schema.txt anew, after a migration was added. */
const path = fileURLToPath(new URL('../db/schema.txt', import.meta.url))
await writeFile(path, await describeMigrations())
console.log('wrote db/schema.txt')
