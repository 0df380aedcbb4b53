import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { readConfig } from '../server/config.ts'
import { lockDataFolder } from '../server/connect/postgres/data-folder.ts'
import { startEmbeddedPostgres } from '../server/connect/postgres/embedded.ts'
import { readPostmaster } from '../server/connect/postgres/postmaster.ts'
import { closePool, type Connection, openPool } from '../server/store/database.ts'
import type { VerifyReport } from '../server/store/verify/report.ts'
import { verifyDatabase } from '../server/store/verify/verify-database.ts'
import { terminalLanguage } from '../server/terminal-language.ts'
import { type VerifyWords, verifyWords } from './verify/words.ts'

/**
 * `npm run verify [-- --repair] [--lang en|zh]`: checks the invariants of the domain model on DATABASE_URL or the data folder, also while a hub
 * runs on it. Exits with 1 when one is violated (after the repair, if asked for), with 2 when it could not look.
 */
type Opened = { readonly connection: Connection; readonly name: string; close(): Promise<void> }

async function open(words: VerifyWords): Promise<Opened> {
  const config = readConfig(process.env, [])
  if (config.databaseUrl !== undefined)
    return { connection: { connectionString: config.databaseUrl }, name: 'DATABASE_URL', close: async () => undefined }
  const cluster = join(config.dataDir, 'postgres')
  if (!existsSync(cluster)) throw new Error(words.empty(config.dataDir))
  const running = readPostmaster(cluster)
  if (running !== undefined) {
    const connection = { host: running.socketDir, port: 5432, database: 'fulcrum', user: 'fulcrum' }
    return { connection, name: words.running(config.dataDir), close: async () => undefined }
  }
  const folder = lockDataFolder(config.dataDir)
  const postgres = await startEmbeddedPostgres({ dataDir: config.dataDir, log: () => undefined })
  const close = async () => {
    await postgres.stop()
    folder.release()
  }
  return { connection: postgres.connection, name: config.dataDir, close }
}

function print(words: VerifyWords, name: string, report: VerifyReport): void {
  const width = Math.max(...report.checks.map((one) => one.check.length))
  console.log(`${padEnd(words.check, width)}  ${padStart(words.checked, 10)}  ${padStart(words.violations, 10)}`)
  for (const { check, checked, violations, examples } of report.checks) {
    const expected = violations > 0 ? `  ${words.expected(words.holds(check))}` : ''
    console.log(`${check.padEnd(width)}  ${String(checked).padStart(10)}  ${String(violations).padStart(10)}${expected}`)
    for (const example of examples) console.log(`${' '.repeat(width)}    ${example}`)
  }
  for (const line of report.repaired) console.log(`${words.repaired}  ${line}`)
  for (const line of report.shortages) console.log(words.shortage(line))
  const sum = report.checks.reduce((all, one) => all + one.violations, 0)
  const seen = report.checks.reduce((all, one) => all + one.checked, 0)
  console.log(words.sum(name, seen, sum, report.repaired.length, (report.ms / 1000).toFixed(1)))
}

/** A Chinese character takes two columns of a terminal. */
const columnsOf = (text: string): number => text.replaceAll(/[\u2e80-\uffef]/g, '  ').length
const padEnd = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - columnsOf(text)))
const padStart = (text: string, width: number): string => ' '.repeat(Math.max(0, width - columnsOf(text))) + text

async function main(args: readonly string[]): Promise<number> {
  const asked = terminalLanguage(args, process.env)
  const words = verifyWords(asked?.language ?? 'en')
  const rest = asked?.rest ?? args
  const unknown = rest.filter((arg) => arg !== '--repair')
  if (unknown.length > 0) throw new Error(words.arguments(unknown.join(' ')))
  const opened = await open(words)
  const pool = openPool(opened.connection, { max: 2, applicationName: 'fulcrum-verify' })
  try {
    const onProgress = (orders: number) => process.stderr.isTTY && process.stderr.write(`\r${words.orders(orders)} `)
    const report = await verifyDatabase(pool, { repair: rest.includes('--repair'), onProgress })
    if (process.stderr.isTTY) process.stderr.write('\r')
    print(words, opened.name, report)
    return report.isClean ? 0 : 1
  } finally {
    await closePool(pool)
    await opened.close()
  }
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  console.error(`verify: ${error instanceof Error ? error.message : String(error)}`)
  process.exitCode = 2
}
