import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'

/** Columns as the mapping `olist` expects them; the rows are made up here. */
const HEADINGS = {
  'orders.csv':
    'order_id,customer_id,order_status,order_purchase_timestamp,order_approved_at,order_delivered_carrier_date,order_delivered_customer_date,order_estimated_delivery_date',
  'order_items.csv': 'order_id,order_item_id,product_id,seller_id,shipping_limit_date,price,freight_value',
  'order_payments.csv': 'order_id,payment_sequential,payment_type,payment_installments,payment_value',
  'customers.csv': 'customer_id,customer_unique_id,customer_zip_code_prefix,customer_city,customer_state',
  'sellers.csv': 'seller_id,seller_zip_code_prefix,seller_city,seller_state',
  'products.csv':
    'product_id,product_category_name,product_name_lenght,product_description_lenght,product_photos_qty,product_weight_g,product_length_cm,product_height_cm,product_width_cm',
  'product_category_name_translation.csv': 'product_category_name,product_category_name_english',
} as const
export type BazaarFile = keyof typeof HEADINGS
export type BazaarRows = { readonly [K in BazaarFile]?: readonly string[] }

const folders: string[] = []
after(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

export function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'fulcrum-bazaar-'))
  folders.push(folder)
  return folder
}

/** A folder with these tables, headings included, in lines that end as `end` says. */
export function writeBazaar(rows: BazaarRows, end = '\n'): string {
  const folder = emptyFolder()
  for (const file of Object.keys(HEADINGS) as BazaarFile[])
    writeFileSync(join(folder, file), [HEADINGS[file], ...(rows[file] ?? [])].map((line) => `${line}${end}`).join(''))
  return folder
}

/** A small history: every state once or more, several lines, sellers and payments, odd times, and rows that cannot be taken. */
export const BAZAAR: BazaarRows = {
  'orders.csv': [
    'b-1,c-1,delivered,2017-03-01 10:00:00,2017-03-01 10:05:00,2017-03-03 09:00:00,2017-03-07 18:00:00,2017-03-20 00:00:00',
    'b-2,c-2,shipped,2017-03-02 10:00:00,2017-03-04 10:00:00,2017-03-03 10:00:00,,2017-03-21 00:00:00',
    'b-3,c-3,canceled,2017-03-03 10:00:00,,,,2017-03-22 00:00:00',
    'b-4,c-1,unavailable,2017-03-04 10:00:00,2017-03-04 11:00:00,,,2017-03-23 00:00:00',
    ',,,,,,,',
    'b-5,c-9,invoiced,2017-03-05 10:00:00,2017-03-05 10:01:00,,,2017-03-24 00:00:00',
    'b-6,c-2,processing,2017-03-06 10:00:00,2017-03-06 10:01:00,,,2017-03-25 00:00:00',
    'b-7,c-2,created,2017-03-07 10:00:00,,,,2017-03-26 00:00:00',
    'b-8,c-3,approved,2017-03-08 10:00:00,2017-03-08 10:01:00,,,2017-03-27 00:00:00',
    'b-9,c-3,canceled,2017-03-09 10:00:00,2017-03-09 10:01:00,2017-03-10 10:00:00,2017-03-11 10:00:00,2017-03-28 00:00:00',
    'b-10,c-1,delivered,3/10/2017 10:00,,,,',
    'b-11,c-1,teleported,2017-03-11 10:00:00,,,,',
    'b-12,c-1,delivered,2017-03-12 10:00:00,2017-03-12 10:01:00,2017-03-13 10:00:00,2017-03-14 10:00:00,',
    'b-1,c-1,delivered,2017-03-01 10:00:00,2017-03-01 10:05:00,2017-03-03 09:00:00,2017-03-07 18:00:00,2017-03-20 00:00:00',
    'b-13,c-1,delivered,2017-03-13',
  ],
  'order_items.csv': [
    'b-1,1,p-hammock,s-1,2017-03-05 10:00:00,99.90,10.00',
    'b-1,2,p-hammock,s-1,2017-03-04 10:00:00,99.9,10.00',
    'b-1,3,p-rope,s-2,2017-03-05 10:00:00,5.5,2.5',
    'b-2,1,p-rope,s-2,2017-03-05 10:00:00,5.50,2.50',
    'b-5,1,p-rope,s-2,2017-03-05 10:00:00,5.50,2.50',
    'b-6,1,p-lamp,s-9,2017-03-05 10:00:00,7.00,0.00',
    'b-7,1,p-rope,s-2,2017-03-05 10:00:00,5.50,2.50',
    'b-8,1,p-rope,s-2,2017-03-05 10:00:00,5.50,2.50',
    'b-9,1,p-rope,s-2,2017-03-05 10:00:00,5.50,2.50',
    'b-12,1,p-rope,s-2,2017-03-05 10:00:00,five,2.50',
    'b-99,1,p-rope,s-2,2017-03-05 10:00:00,5.50,2.50',
  ],
  'order_payments.csv': [
    'b-1,2,voucher,1,27.80',
    'b-1,1,credit_card,3,200.00',
    'b-2,1,boleto,1,8.00',
    'b-3,1,boleto,1,8.00',
    'b-5,1,boleto,1,8.01',
    'b-6,1,boleto,1,7.00',
    'b-7,1,boleto,1,8.00',
    'b-9,1,boleto,1,8.00',
  ],
  'customers.csv': ['c-1,u-1,1310,"são paulo, centro",SP', 'c-2,u-2,20231,rio de janeiro,RJ', 'c-3,u-1,01310,"são paulo, centro",SP'],
  'sellers.csv': ['"s-1","04726",sao paulo,SP', 's-2,70740,"brasilia\n(df)",DF'],
  'products.csv': [
    'p-hammock,jardim,1,1,1,1200,40,10,20',
    'p-rope,,1,1,1,,,,',
    'p-wrong,jardim,1,1,1,1,99999,1,1',
    ',jardim,1,1,1,1,1,1,1',
  ],
  'product_category_name_translation.csv': ['jardim,garden'],
}

/** A history of plain orders, for imports that are stopped and resumed: every tenth cannot be read. */
export function plainBazaar(orders: number): BazaarRows {
  const numbers = Array.from({ length: orders }, (_, i) => i + 1)
  const placed = (no: number): string => (no % 10 === 0 ? 'yesterday' : `2017-04-${String((no % 28) + 1).padStart(2, '0')} 08:00:00`)
  return {
    'orders.csv': numbers.map((no) => `n-${no},c-${no},created,${placed(no)},,,,`),
    'order_items.csv': numbers.map((no) => `n-${no},1,p-1,s-1,,${no}.00,1.00`),
    'customers.csv': numbers.map((no) => `c-${no},u-${no},01310,santos,SP`),
    'sellers.csv': ['s-1,04726,santos,SP'],
    'products.csv': ['p-1,,1,1,1,100,1,1,1'],
  }
}
