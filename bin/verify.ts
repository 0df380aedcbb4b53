import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { readConfig } from '../server/config.ts'
import { lockDataFolder } from '../server/connect/postgres/data-folder.ts'
import { startEmbeddedPostgres } from '../server/connect/postgres/embedded.ts'
import { readPostmaster } from '../server/connect/postgres/postmaster.ts'
import { closePool, type Connection, openPool } from '../server/store/database.ts'
import type { VerifyReport } from '../server/store/verify/report.ts'
import { verifyDatabase } from '../server/store/verify/verify-database.ts'

/**
 * `npm run verify [-- --repair]`: checks the invariants of the domain model on DATABASE_URL or the data folder, also while a hub
 * runs on it. Exits with 1 when one is violated (after the repair, if asked for), with 2 when it could not look.
 */
type Opened = { readonly connection: Connection; readonly name: string; close(): Promise<void> }

async function open(): Promise<Opened> {
  const config = readConfig(process.env, [])
  if (config.databaseUrl !== undefined)
    return { connection: { connectionString: config.databaseUrl }, name: 'DATABASE_URL', close: async () => undefined }
  const cluster = join(config.dataDir, 'postgres')
  if (!existsSync(cluster))
    throw new Error(`${config.dataDir} holds no database: start the hub once, or set FULCRUM_DATA_DIR or DATABASE_URL`)
  const running = readPostmaster(cluster)
  if (running !== undefined) {
    const connection = { host: running.socketDir, port: 5432, database: 'fulcrum', user: 'fulcrum' }
    return { connection, name: `${config.dataDir} (its PostgreSQL runs)`, close: async () => undefined }
  }
  const folder = lockDataFolder(config.dataDir)
  const postgres = await startEmbeddedPostgres({ dataDir: config.dataDir, log: () => undefined })
  const close = async () => {
    await postgres.stop()
    folder.release()
  }
  return { connection: postgres.connection, name: config.dataDir, close }
}

function print(name: string, report: VerifyReport): void {
  const width = Math.max(...report.checks.map((one) => one.check.length))
  console.log(`${'check'.padEnd(width)}  ${'checked'.padStart(10)}  ${'violations'.padStart(10)}`)
  for (const { check, checked, violations, examples, holds } of report.checks) {
    console.log(
      `${check.padEnd(width)}  ${String(checked).padStart(10)}  ${String(violations).padStart(10)}${violations > 0 ? `  expected: ${holds}` : ''}`,
    )
    for (const example of examples) console.log(`${' '.repeat(width)}    ${example}`)
  }
  for (const line of report.repaired) console.log(`repaired  ${line}`)
  for (const line of report.shortages) console.log(`shortage  ${line} (a count or loss found less than is reserved)`)
  const sum = report.checks.reduce((all, one) => all + one.violations, 0)
  const seen = report.checks.reduce((all, one) => all + one.checked, 0)
  console.log(`${name}: ${seen} things checked, ${sum} violations, ${report.repaired.length} repaired, ${(report.ms / 1000).toFixed(1)} s`)
}

async function main(args: readonly string[]): Promise<number> {
  const unknown = args.filter((arg) => arg !== '--repair')
  if (unknown.length > 0) throw new Error(`expected --repair or nothing, got ${unknown.join(' ')}`)
  const opened = await open()
  const pool = openPool(opened.connection, { max: 2, applicationName: 'fulcrum-verify' })
  try {
    const onProgress = (orders: number) => process.stderr.isTTY && process.stderr.write(`\r${orders} orders `)
    const report = await verifyDatabase(pool, { repair: args.includes('--repair'), onProgress })
    if (process.stderr.isTTY) process.stderr.write('\r')
    print(opened.name, report)
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
