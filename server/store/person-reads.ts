import type { PersonView } from '../domain/order/person.ts'
import type { PersonSeen } from '../domain/order/view-place.ts'
import { idFromInt8, type OrderId } from '../kernel/ids.ts'
import { plainArray } from './columns.ts'
import { type Queryable, run, statement } from './database.ts'
import type { OrderKey } from './order-reads.ts'
import { openText, type PersonKey, type Vault } from './vault.ts'

type PersonRow = { readonly person_id: string; readonly wrapped_key: Uint8Array | null; readonly sealed: Uint8Array }
const readPersonRows = statement<PersonRow>(
  'readPersons',
  `select p.person_id, p.wrapped_key, p.sealed
   from unnest($1::smallint[], $2::bigint[]) as row (shard, person_id)
     join persons as p on p.shard = row.shard and p.person_id = row.person_id`,
)

/** The people of orders (a person has the number of the order), opened with the vault; `erased` where the key is gone. */
export async function readPersons(db: Queryable, vault: Vault, keys: readonly OrderKey[]): Promise<ReadonlyMap<OrderId, PersonSeen>> {
  const rows = await run(db, readPersonRows, [plainArray(keys.map((key) => key.shard)), plainArray(keys.map((key) => key.orderId))])
  const seen = new Map<OrderId, PersonSeen>()
  for (const row of rows) {
    const json = vault.open(idFromInt8('per', row.person_id), row.wrapped_key, row.sealed)
    seen.set(idFromInt8('ord', row.person_id), json === undefined ? 'erased' : parsePerson(json))
  }
  return seen
}

/** The wrapped key of an order's person and what is known of it; undefined where the key is gone. */
export async function readPersonKey(
  db: Queryable,
  vault: Vault,
  key: OrderKey,
): Promise<{ key: PersonKey; person: PersonView } | undefined> {
  const [row] = await run(db, readPersonRows, [plainArray([key.shard]), plainArray([key.orderId])])
  if (row === undefined || row.wrapped_key === null) return undefined
  const opened = vault.openKey(idFromInt8('per', row.person_id), row.wrapped_key)
  return { key: opened, person: parsePerson(openText(opened, 'person', row.sealed)) }
}

const parsePerson = (json: string): PersonView => JSON.parse(json) as PersonView
