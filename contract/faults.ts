import type { Bilingual } from './capability.ts'

/** A broken world: what it is, when the same call may succeed, and what the operator does. */
export type FaultDefinition = { readonly retry: 'now' | 'later' | 'never'; readonly title: Bilingual; readonly remedy: Bilingual }

const fault = (
  retry: FaultDefinition['retry'],
  en: readonly [title: string, remedy: string],
  zh: readonly [title: string, remedy: string],
): FaultDefinition => ({ retry, title: { en: en[0], zh: zh[0] }, remedy: { en: en[1], zh: zh[1] } })

/** The catalogue of faults: thrown, never stored as answers. Callers see `unavailable`, `overloaded` or `internal`; the code is in the log. */
export const faults = {
  database_conflict: fault(
    'now',
    ['Another transaction got in between', 'Nothing: it is tried again.'],
    ['事务冲突', '无需处理：系统会自动重试。'],
  ),
  contended: fault(
    'later',
    ['Lost every race for its rows', 'Nothing, unless it is frequent: then look for one very hot row.'],
    ['反复竞争失败', '一般无需处理；若频繁出现，请检查热点数据行。'],
  ),
  overloaded: fault(
    'later',
    ['Too much work waits already', 'Send more slowly, or add a process.'],
    ['排队任务过多', '降低发送速率，或增加进程。'],
  ),
  timeout: fault(
    'later',
    ['No answer in time', 'Look at the load of the hub and of the database.'],
    ['处理超时', '检查系统与数据库的负载。'],
  ),
  shutting_down: fault(
    'later',
    ['The hub is stopping', 'Send it again to another process, or after the start.'],
    ['系统正在停止', '请稍后重试或发送到其他进程。'],
  ),
  unknown_outcome: fault(
    'later',
    ['Whether it was kept is not known yet', 'Send it again with the same Idempotency-Key: it is done at most once.'],
    ['结果暂未知', '请用相同的 Idempotency-Key 重试：最多执行一次。'],
  ),
  database_outcome_unknown: fault(
    'later',
    ['Whether the transaction was committed is not known', 'Nothing: the hub learns its fate before it goes on.'],
    ['事务是否提交未知', '无需处理：系统会先确认结果再继续。'],
  ),
  database_unavailable: fault(
    'later',
    ['The database has been away for too long', 'Start PostgreSQL, or check DATABASE_URL and the network.'],
    ['数据库长时间不可用', '启动 PostgreSQL，或检查 DATABASE_URL 与网络。'],
  ),
  database_lost: fault(
    'later',
    ['The connection to the database broke', 'Check that PostgreSQL runs and can be reached.'],
    ['数据库连接中断', '检查 PostgreSQL 是否运行且可达。'],
  ),
  database_busy: fault(
    'later',
    ['A lock or a statement took too long', 'Look for an old open transaction.'],
    ['数据库繁忙', '检查是否有长时间未结束的事务。'],
  ),
  database_read_only: fault(
    'later',
    ['The database only reads now', 'Point DATABASE_URL at the primary.'],
    ['数据库只读', '将 DATABASE_URL 指向主库。'],
  ),
  database_exhausted: fault(
    'later',
    ['The database is out of connections, memory or disk', 'Free disk, or raise the limits of PostgreSQL.'],
    ['数据库资源耗尽', '释放磁盘空间，或提高 PostgreSQL 限额。'],
  ),
  database_broken: fault(
    'later',
    ['The database met an error of its own', 'Read the log of PostgreSQL.'],
    ['数据库内部错误', '查看 PostgreSQL 日志。'],
  ),
  database_refused: fault(
    'never',
    ['The database does not let the hub in', 'Check user, password and database name in DATABASE_URL.'],
    ['数据库拒绝连接', '检查 DATABASE_URL 中的用户、密码与库名。'],
  ),
  solver_failed: fault(
    'later',
    ['The solver gave no answer', 'Nothing: sourcing goes on with the last bid prices.'],
    ['求解器未给出结果', '无需处理：寻源继续使用上一次的影子价格。'],
  ),
  log_lagging: fault(
    'later',
    ['A subscriber is too far behind the log', 'Look at the subscriber that the log names; it catches up or is expired.'],
    ['订阅落后过多', '检查日志中指明的订阅；它会追上或被标记为过期。'],
  ),
  migrations_broken: fault(
    'never',
    ['The schema is not what the migrations say', 'Run the version that made it, or restore a backup.'],
    ['数据库结构与迁移不符', '使用对应版本运行，或恢复备份。'],
  ),
  admin_key_invalid: fault(
    'never',
    ['FULCRUM_ADMIN_KEY cannot be used', 'Set a strong key that is not revoked: openssl rand -hex 32.'],
    ['FULCRUM_ADMIN_KEY 不可用', '请设置未吊销的强密钥：openssl rand -hex 32。'],
  ),
  master_key_invalid: fault(
    'never',
    ['The master key has no valid form', 'Set FULCRUM_MASTER_KEY as docs/operating says.'],
    ['主密钥格式无效', '按 docs/operating 设置 FULCRUM_MASTER_KEY。'],
  ),
  master_key_unknown: fault(
    'never',
    ['The data was sealed with another master key', 'Add the older key to FULCRUM_MASTER_KEY.'],
    ['数据由其他主密钥加密', '将旧密钥加入 FULCRUM_MASTER_KEY。'],
  ),
  seal_broken: fault(
    'never',
    ['Sealed data cannot be opened', 'Restore the row: it was changed outside the hub.'],
    ['加密数据无法解开', '数据在系统外被改动，请从备份恢复。'],
  ),
  data_folder_in_use: fault(
    'never',
    ['Another hub uses the data folder', 'Stop it, or set FULCRUM_DATA_DIR to another folder.'],
    ['数据目录被占用', '停止另一实例，或将 FULCRUM_DATA_DIR 指向其他目录。'],
  ),
  import_unreadable: fault(
    'never',
    ['A history to import cannot be read', 'The message names the mapping, table, column or line: mend it and start the import again.'],
    ['无法读取待导入的历史数据', '消息中指明了映射、表、列或行：修正后重新导入。'],
  ),
  postgres_unavailable: fault(
    'never',
    ['There is no PostgreSQL for this machine', 'Set DATABASE_URL to a PostgreSQL of your own.'],
    ['本机无可用 PostgreSQL', '将 DATABASE_URL 指向自有的 PostgreSQL。'],
  ),
  postgres_start_failed: fault(
    'never',
    ['The embedded PostgreSQL did not start', 'Read the log that the message names.'],
    ['内置 PostgreSQL 启动失败', '查看消息中指明的日志。'],
  ),
  postgres_version_differs: fault(
    'never',
    ['The data folder is of another PostgreSQL version', 'Use the version that made it, or move the data over.'],
    ['数据目录的 PostgreSQL 版本不同', '使用原版本，或迁移数据。'],
  ),
  postgres_stop_slow: fault(
    'later',
    ['PostgreSQL takes long to stop', 'Wait: it is still writing and ends by itself.'],
    ['PostgreSQL 停止较慢', '请等待：它仍在写入并会自行结束。'],
  ),
  slots_exhausted: fault(
    'later',
    ['All process slots of the database are taken', 'Stop a hub process; slots of dead ones come free by themselves.'],
    ['进程槽位已用尽', '停止一个进程；失效进程的槽位会自动释放。'],
  ),
  postgres_socket_taken: fault(
    'never',
    ['The socket of the embedded PostgreSQL is taken', 'Stop the server that holds it, or choose another data folder.'],
    ['内置 PostgreSQL 套接字被占用', '停止占用它的服务，或更换数据目录。'],
  ),
  postgres_needs_user: fault(
    'never',
    ['PostgreSQL does not run as root here', 'Run as an ordinary user, or allow user namespaces.'],
    ['PostgreSQL 不能以 root 运行', '以普通用户运行，或允许用户命名空间。'],
  ),
} as const satisfies Record<string, FaultDefinition>
export type FaultCode = keyof typeof faults
