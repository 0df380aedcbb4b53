import { statement } from './database.ts'
import { instantArray, plainArray } from './columns.ts'
import type { Write } from './write.ts'

const erasePersonRows = statement<{ person_id: string; erased_at: number; is_new: boolean }>(
  'erasePersons',
  `with asked as (
     select shard, person_id, at
     from unnest($1::smallint[], $2::bigint[], $3::timestamptz[]) as row (shard, person_id, at)
   ), known as (
     select p.shard, p.person_id, p.erased_at, asked.at
     from persons as p
       join asked using (shard, person_id)
     order by p.shard, p.person_id
     for update of p
   ), bodies as (
     -- What carriers told of the buyer's parcels is sealed with keys of its own.
     update persons as p
     set wrapped_key = null, erased_at = known.at
     from known
       join scan_bodies as b on b.order_id = known.person_id
     where p.shard = b.shard
       and p.person_id = b.person_id
       and p.erased_at is null
       and known.erased_at is null
   ), erased as (
     update persons as p
     set wrapped_key = null, phone_index = null, email_index = null, name_index = null, erased_at = known.at
     from known
     where p.shard = known.shard
       and p.person_id = known.person_id
       and known.erased_at is null
     returning p.person_id
   )
   select known.person_id, coalesce(known.erased_at, known.at) as erased_at, known.erased_at is null as is_new
   from known`,
)

/** Destroys the keys and search indexes of persons; who was erased before stays as they were. Unknown persons return no row. */
export function erasePersons(rows: readonly { readonly shard: number; readonly personId: string; readonly at: number }[]): Write {
  return {
    statement: erasePersonRows,
    values: [
      plainArray(rows.map((row) => row.shard)),
      plainArray(rows.map((row) => row.personId)),
      instantArray(rows.map((row) => row.at)),
    ],
  }
}
