import type { Sketch } from '../domain/eta/sketch.ts'
import { plainArray, textArray } from './columns.ts'
import { type Queryable, run, statement } from './database.ts'
import type { Write } from './write.ts'

const addRows = statement(
  'addLaneHistory',
  `insert into lane_history as h (lane, bin, weight)
   select lane, bin, sum(weight)
   from unnest($1::text[], $2::smallint[], $3::float8[]) as row (lane, bin, weight)
   group by lane, bin
   order by lane, bin
   on conflict on constraint lane_history_pkey
   do update set weight = h.weight + excluded.weight`,
)

export type LaneObservation = { readonly lane: string; readonly bin: number; readonly weight: number }

/** Adds observations to their histories; rows are taken in one order, so that two processes never wait for each other in a circle. */
export function addLaneHistory(rows: readonly LaneObservation[]): Write {
  return {
    statement: addRows,
    values: [textArray(rows.map((row) => row.lane)), plainArray(rows.map((row) => row.bin)), plainArray(rows.map((row) => row.weight))],
  }
}

const readRows = statement<{ readonly lane: string; readonly bin: number; readonly weight: number }>(
  'readLaneHistory',
  `select lane, bin, weight
   from lane_history
   where lane = any ($1::text[])`,
)

/** The histories of these lanes, as far as there are any. */
export async function readLaneHistory(db: Queryable, lanes: readonly string[]): Promise<ReadonlyMap<string, Sketch>> {
  const found = new Map<string, { total: number; weights: Map<number, number> }>()
  if (lanes.length === 0) return found
  for (const { lane, bin, weight } of await run(db, readRows, [textArray([...new Set(lanes)])])) {
    const sketch = found.get(lane) ?? { total: 0, weights: new Map() }
    sketch.total += weight
    sketch.weights.set(bin, weight)
    found.set(lane, sketch)
  }
  return found
}
