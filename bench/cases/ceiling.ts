import { join } from 'node:path'
import { Client } from 'pg'
import { type BenchDatabase, CONTEXT, inWindow, openBenchHub, placeCommand } from '../bench-hub.ts'
import type { Sample } from '../measure.ts'
import { HOT_SKU, orderSource } from '../world.ts'
import { parseMasterKeys } from '../../server/store/master-key.ts'

const TABLES = [
  'order_refs',
  'orders',
  'order_states',
  'reservations',
  'fulfillment_orders',
  'clocks',
  'payments',
  'sourcing_decisions',
  'persons',
  'events',
]
const keyOf = (table: string): string => (table === 'reservations' ? 'holder_id' : table === 'persons' ? 'person_id' : 'order_id')
const BATCH = 500
const CONNECTIONS = 8

/**
 * The rows that the hub wrote for some orders, written again without it: by COPY (the ceiling), by set-based SQL in batches, and as
 * people write it first: a transaction an order, an UPDATE a unit. All into tables with the same indexes, durable.
 */
export async function ceilings(db: BenchDatabase, count: number): Promise<Sample[]> {
  const files = join(db.dataDir, 'postgres')
  const rows = await writeByHub(db, count, files)
  const connection = await db.fresh()
  const client = new Client(connection)
  client.on('error', () => undefined) // its statement fails with the same error
  await client.connect()
  const columns = await columnsOf(client)
  const copied = await timed(async () => {
    await client.query('begin')
    for (const table of TABLES) await client.query(`copy ${table} (${columns(table)}) from '${join(files, table)}.copy' (format binary)`)
    await client.query('commit')
  })
  await client.query(`truncate ${TABLES.join(', ')}`)
  for (const table of TABLES) {
    await client.query(`create unlogged table staged_${table} as select ${columns(table)} from ${table} with no data`)
    await client.query(`copy staged_${table} from '${join(files, table)}.copy' (format binary)`)
    await client.query(`create index on staged_${table} (${keyOf(table)})`)
  }
  await client.query('analyze')
  const ids = (await client.query<{ id: string }>('select order_id as id from staged_orders order by 1')).rows.map((row) => row.id)
  const inBatches = await timed(() => insertBatches(client, ids, columns))
  await client.query(`truncate ${TABLES.join(', ')}`)
  const naive = ids.slice(0, Math.min(ids.length, 4000))
  const single = await timed(() => onConnections(connection, naive, (one, id) => insertOrder(one, id, columns)))
  const units = Array.from({ length: Math.min(4000, count) }, (_, i) => String(i))
  const unit = await timed(() => onConnections(connection, units, takeUnit))
  await client.end()
  return [
    { name: 'ceiling: COPY of the same rows', value: count / copied, unit: 'orders/s' },
    { name: 'ceiling: COPY of the same rows, in rows', value: rows / copied, unit: 'rows/s' },
    { name: `ceiling: the same rows by bare SQL, ${BATCH} orders a batch`, value: count / inBatches, unit: 'orders/s' },
    { name: `naive: a transaction an order, ${CONNECTIONS} connections`, value: naive.length / single, unit: 'orders/s' },
    { name: `naive: an UPDATE a unit of one row, ${CONNECTIONS} connections`, value: units.length / unit, unit: 'units/s' },
  ]
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return (performance.now() - start) / 1000
}

/** Lets the hub place orders and keeps their rows in files. Returns how many rows there are. */
async function writeByHub(db: BenchDatabase, count: number, files: string): Promise<number> {
  const connection = await db.fresh()
  const hub = await openBenchHub(connection, parseMasterKeys(db.masterKey))
  const next = orderSource(5, 'C')
  await inWindow(count, 2000, () => hub.engine.submit(placeCommand(hub, next()), CONTEXT))
  await hub.stop()
  const client = new Client(connection)
  await client.connect()
  const columns = await columnsOf(client)
  let rows = 0
  for (const table of TABLES) {
    const which = table === 'events' ? 'where order_id is not null' : ''
    const written = await client.query(
      `copy (select ${columns(table)} from ${table} ${which}) to '${join(files, table)}.copy' (format binary)`,
    )
    rows += written.rowCount ?? 0
  }
  await client.end()
  return rows
}

type Columns = (table: string) => string

/** The columns of each table that are written; PostgreSQL works the others out itself. */
async function columnsOf(client: Client): Promise<Columns> {
  const { rows } = await client.query<{ table: string; columns: string }>(
    `select attrelid::regclass::text as table, string_agg(quote_ident(attname), ', ' order by attnum) as columns
     from pg_attribute
     where attrelid = any ($1::regclass[]) and attnum > 0 and not attisdropped and attgenerated = ''
     group by attrelid`,
    [TABLES],
  )
  const known = new Map(rows.map((row) => [row.table, row.columns]))
  return (table) => known.get(table) ?? '*'
}

async function insertBatches(client: Client, ids: readonly string[], columns: Columns): Promise<void> {
  for (let i = 0; i < ids.length; i += BATCH) {
    const bounds = [ids[i], ids[Math.min(ids.length, i + BATCH) - 1]]
    await client.query('begin')
    await client.query(moveStock(`between $1 and $2`), bounds)
    for (const table of TABLES)
      await client.query(
        `insert into ${table} (${columns(table)}) select ${columns(table)} from staged_${table} where ${keyOf(table)} between $1 and $2`,
        bounds,
      )
    await client.query('commit')
  }
}

const moveStock = (which: string): string =>
  `update stock as s set committed = s.committed + row.units, revision = s.revision + 1
   from (select item_no, node_no, sum(quantity)::integer as units from staged_reservations where holder_id ${which} group by 1, 2) as row
   where s.item_no = row.item_no and s.node_no = row.node_no and s.on_hand - s.soft - s.firm - s.committed - s.safety >= row.units`

async function onConnections<T>(
  connection: ConstructorParameters<typeof Client>[0],
  work: readonly T[],
  each: (client: Client, one: T) => Promise<void>,
) {
  let next = 0
  const worker = async (): Promise<void> => {
    const client = new Client(connection)
    await client.connect()
    for (let one = work[next++]; one !== undefined; one = work[next++]) await each(client, one)
    await client.end()
  }
  await Promise.all(Array.from({ length: CONNECTIONS }, worker))
}

async function insertOrder(client: Client, id: string, columns: Columns): Promise<void> {
  await client.query('begin')
  await client.query({ name: 'move', text: moveStock('= $1'), values: [id] })
  for (const table of TABLES)
    await client.query({
      name: table,
      text: `insert into ${table} (${columns(table)}) select ${columns(table)} from staged_${table} where ${keyOf(table)} = $1`,
      values: [id],
    })
  await client.query('commit')
}

async function takeUnit(client: Client, key: string): Promise<void> {
  await client.query('begin')
  await client.query({
    name: 'answer',
    text: `insert into answers (credential_id, idempotency_key, input_hash, answer, answered_at) values ('bench', $1, '\\x00', '{}', now())`,
    values: [key],
  })
  await client.query({
    name: 'take',
    text: `update stock set firm = firm + 1 where item_no = (select item_no from items where sku = $1) and on_hand - soft - firm - committed >= 1`,
    values: [HOT_SKU],
  })
  await client.query({
    name: 'hold',
    text: `insert into reservations (shard, holder_id, line_no, item_no, node_no, quantity, kind) values (0, $1, 0, 1, 1, 1, 'firm')`,
    values: [key],
  })
  await client.query('commit')
}
