import type { PersonView } from '../domain/order/person.ts'
import type { PersonSeen } from '../domain/order/view-place.ts'
import { idFromInt8, type OrderId } from '../kernel/ids.ts'
import { plainArray } from './columns.ts'
import { type Queryable, run, statement } from './database.ts'
import type { OrderKey } from './order-reads.ts'
import type { Vault } from './vault.ts'

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

const parsePerson = (json: string): PersonView => JSON.parse(json) as PersonView
