import { idToInt8, type OrderId } from '../../server/kernel/ids.ts'
import { SUPPLY_UNITS } from './world.ts'
import type { Pool } from '../../server/store/database.ts'

type Row = {
  readonly position: string
  readonly type: string
  readonly subject_id: string
  readonly order_id: string | null
  readonly data: Record<string, unknown>
}
type Effect = {
  readonly sku: string
  readonly nodeId: string
  readonly quantity?: number
  readonly soft?: number
  readonly firm?: number
  readonly committed?: number
  readonly onHand?: number
}
type Awaited = { readonly supplyId: string; readonly quantity: number }
type Position = { limit: number; held: number }

/**
 * Reads the log from its beginning and asks at every prefix: were units granted that were not there? A command may leave several
 * events of one order in a row; what counts is where it leaves the positions that it took from.
 */
export async function oversoldIn(pool: Pool): Promise<{ readonly problems: string[]; readonly grants: number }> {
  const { rows } = await pool.query<Row>(
    `select position, type, subject_id, order_id, data::json as data from events where type like 'order.%' or type like 'fulfillment.%' or type like 'stock.%' or type like 'reservation.%' order by log_shard, position`,
  )
  const positions = new Map<string, Position>()
  const problems: string[] = []
  let grants = 0
  const awaited = new Map<string, number>()
  let run: { order: string | null; deltas: Map<string, number> } = { order: null, deltas: new Map() }
  const at = (key: string): Position => {
    let one = positions.get(key)
    if (one === undefined) positions.set(key, (one = { limit: 0, held: 0 }))
    return one
  }
  const close = (position: string) => {
    for (const [key, delta] of run.deltas) {
      const { limit, held } = at(key)
      if (delta > 0) grants += 1
      if (delta > 0 && held > limit)
        problems.push(`before position ${position} order ${run.order} took ${delta} of ${key}: ${held} held of ${limit}`)
    }
    run = { order: null, deltas: new Map() }
  }
  for (const { position, type, subject_id, order_id, data } of rows) {
    // What an order takes over only changes hands: it belongs to what the order does next.
    const { orderId } = data
    const order =
      order_id ?? (typeof orderId === 'string' ? idToInt8(orderId as OrderId) : type.startsWith('reservation.') ? subject_id : null)
    if (order !== run.order) close(position)
    run.order = order
    if (type.startsWith('stock.'))
      at(keyOf(data as unknown as Effect)).limit = Number(data['onHand']) - Number(data['safety']) + Number(data['backorderLimit'])
    for (const { supplyId, quantity } of (data['supply'] as readonly Awaited[] | undefined) ?? []) {
      const units = (awaited.get(supplyId) ?? 0) + quantity
      awaited.set(supplyId, units)
      if (units < 0 || (quantity > 0 && units > SUPPLY_UNITS))
        problems.push(`at position ${position} orders count on ${units} of ${supplyId}, which has ${SUPPLY_UNITS}`)
    }
    for (const effect of effectsOf(type, data)) {
      const units = effect.quantity ?? (effect.soft ?? 0) + (effect.firm ?? 0) + (effect.committed ?? 0)
      at(keyOf(effect)).held += units
      at(keyOf(effect)).limit += effect.onHand ?? 0
      run.deltas.set(keyOf(effect), (run.deltas.get(keyOf(effect)) ?? 0) + units)
    }
  }
  close('the end')
  return { problems, grants }
}

const keyOf = (one: { readonly sku: string; readonly nodeId: string }): string => `${one.sku}@${one.nodeId}`
const effectsOf = (type: string, data: Record<string, unknown>): readonly Effect[] => [
  ...(type.startsWith('reservation.') ? [cartEffect(type, data as unknown as Effect & { readonly quantity: number })] : []),
  ...((data['reserved'] as Effect[] | undefined) ?? []),
  ...((data['stock'] as Effect[] | undefined) ?? []),
]

/** A cart's reservation takes its units when it is made and gives them back, to an order or to all, when it ends. */
const cartEffect = (type: string, { sku, nodeId, quantity }: Effect & { readonly quantity: number }): Effect => ({
  sku,
  nodeId,
  soft: type === 'reservation.made' ? quantity : type === 'reservation.extended' ? 0 : -quantity,
})
