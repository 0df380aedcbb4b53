import { statement } from './database.ts'
import type { Write } from './write.ts'

export const LOG_CHANNEL = 'fulcrum_log'

const notifyLogRows = statement('notifyLog', `select pg_notify('fulcrum_log', '')`)

/** Wakes the followers of other processes at commit; it carries nothing, they read the log. */
export const notifyLog = (): Write => ({ statement: notifyLogRows, values: [] })
