import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CsvParser } from '../../server/connect/history/csv.ts'
import type { Place } from '../../contract/entities/basics.ts'
import { instant, type Instant } from '../../server/kernel/time.ts'

/** A delivered order of Olist: when it could be asked about, when it came, and what its platform had said. */
export type Delivery = {
  readonly purchasedAt: Instant
  readonly handedOverAt: Instant
  readonly deliveredAt: Instant
  readonly promisedBy: Instant
  readonly from: Place
  readonly to: Place
}

function* rowsOf(file: string): Generator<Readonly<Record<string, string>>> {
  const parser = new CsvParser()
  const [head, ...rows] = [...parser.push(readFileSync(file, 'utf8')), ...parser.end()]
  for (const { cells } of rows) yield Object.fromEntries((head?.cells ?? []).map((name, i) => [name, cells[i] ?? '']))
}

/** The set's times carry no zone; all of them are Brasília's, and only differences count here. */
const at = (text: string | undefined): Instant => instant(Date.parse(`${text ?? ''}Z`.replace(' ', 'T')))
const placeOf = (state: string | undefined, postal: string | undefined): Place => ({
  countryCode: 'BR',
  region: state ?? '',
  postalCode: (postal ?? '').padStart(5, '0'),
})

/** All orders with the four times, by purchase. */
export function readOlist(folder: string): readonly Delivery[] {
  const customers = new Map([...rowsOf(join(folder, 'customers.csv'))].map((row) => [row['customer_id'], row]))
  const sellers = new Map([...rowsOf(join(folder, 'sellers_full.csv'))].map((row) => [row['seller_id'], row]))
  const sellerOf = new Map<string | undefined, string | undefined>()
  for (const row of rowsOf(join(folder, 'order_items.csv')))
    if (!sellerOf.has(row['order_id'])) sellerOf.set(row['order_id'], row['seller_id'])
  const deliveries: Delivery[] = []
  for (const row of rowsOf(join(folder, 'orders.csv'))) {
    const customer = customers.get(row['customer_id'])
    const seller = sellers.get(sellerOf.get(row['order_id']))
    deliveries.push({
      purchasedAt: at(row['order_purchase_timestamp']),
      handedOverAt: at(row['order_delivered_carrier_date']),
      deliveredAt: at(row['order_delivered_customer_date']),
      promisedBy: at(row['order_estimated_delivery_date']),
      from: placeOf(seller?.['seller_state'], seller?.['seller_zip_code_prefix']),
      to: placeOf(customer?.['customer_state'], customer?.['customer_zip_code_prefix']),
    })
  }
  return deliveries
    .filter((one) => Number.isFinite(one.purchasedAt + one.deliveredAt + one.promisedBy))
    .sort((a, b) => a.purchasedAt - b.purchasedAt)
}
