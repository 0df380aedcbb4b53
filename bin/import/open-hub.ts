import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readConfig } from '../../server/config.ts'
import { lockDataFolder } from '../../server/connect/postgres/data-folder.ts'
import { startEmbeddedPostgres } from '../../server/connect/postgres/embedded.ts'
import { type Hub, openHub } from '../../server/engine/hub.ts'
import { Fault } from '../../server/kernel/fault.ts'
import { closePool, type Connection, openPool } from '../../server/store/database.ts'
import { loadMasterKeys } from '../../server/store/master-key.ts'
import { migrate } from '../../server/store/migrate.ts'

export type OpenedHub = { readonly hub: Hub; readonly name: string; readonly reportFolder: string; close(): Promise<void> }

/**
 * A hub without HTTP and without jobs on DATABASE_URL or the data folder, as `npm start` would open it.
 * Fault `data_folder_in_use` while a hub runs on the folder.
 */
export async function openHubHere(warn: (line: string) => void): Promise<OpenedHub> {
  const config = readConfig(process.env, [])
  const base = await openDatabase(config.databaseUrl, config.dataDir, warn)
  try {
    const masterKeys = loadMasterKeys({
      setting: config.masterKey,
      file: config.databaseUrl === undefined ? join(config.dataDir, 'master.key') : undefined,
    })
    const pool = openPool(base.connection, { max: 1 })
    try {
      await migrate(pool, fileURLToPath(new URL('../../db/migrations', import.meta.url)))
    } finally {
      await closePool(pool)
    }
    const say = (data: object, message: string): void => warn(`${message} ${JSON.stringify(data)}`)
    const { batchSizeMax, decideMsMax, queueMax, poolMax } = config.engine
    const hub = await openHub({
      connection: base.connection,
      masterKeys,
      log: { info: () => undefined, warn: say, error: say },
      roles: new Set(),
      engine: { batchSizeMax, decideMsMax, queueMax },
      poolMax,
    })
    const close = async (): Promise<void> => {
      await hub.stop()
      await base.close()
    }
    return { hub, name: base.name, reportFolder: join(config.dataDir, 'imports'), close }
  } catch (error) {
    await base.close()
    throw error
  }
}

type Base = { readonly connection: Connection; readonly name: string; close(): Promise<void> }

async function openDatabase(databaseUrl: string | undefined, dataDir: string, warn: (line: string) => void): Promise<Base> {
  if (databaseUrl !== undefined)
    return { connection: { connectionString: databaseUrl }, name: 'DATABASE_URL', close: async () => undefined }
  const folder = takeFolder(dataDir)
  try {
    const postgres = await startEmbeddedPostgres({ dataDir, log: warn })
    const close = async (): Promise<void> => {
      await postgres.stop()
      folder.release()
    }
    return { connection: postgres.connection, name: dataDir, close }
  } catch (error) {
    folder.release()
    throw error
  }
}

function takeFolder(dataDir: string): ReturnType<typeof lockDataFolder> {
  try {
    return lockDataFolder(dataDir)
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== 'data_folder_in_use') throw error
    const message = `a hub is running on the data folder ${dataDir}: stop it (Ctrl-C), run the import, start it again. A hub on DATABASE_URL may go on running during an import`
    throw new Fault('data_folder_in_use', message, 'never', { cause: error })
  }
}
