import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { channelMapper } from './channel-mapper.ts'

const samples = join(process.env['FULCRUM_DATA_SAMPLES'] ?? join(import.meta.dirname, '../../../../shared/data'), 'payloads')
const folders = { shopify: 'shopify', woocommerce: 'woocommerce', douyin: 'douyin', taobao: 'taobao-tmall' } as const
/** Bodies whose name says that they hold orders. */
const holdsOrders =
  /(?:goshopify_orders?(?:_list)?|order_created|order_updated_or_deleted|orders_list|order_detail_agiso|trade_fullinfo_get)\.json$/

test(
  'every sample body of the four platforms gives orders or is named as what it is',
  { skip: existsSync(samples) ? false : `no samples at ${samples}` },
  () => {
    const mapper = channelMapper()
    let orders = 0
    let others = 0
    for (const [platform, folder] of Object.entries(folders))
      for (const file of readdirSync(join(samples, folder))) {
        const mapped = mapper.mapBody({ channelId: 'shop', platform }, readFileSync(join(samples, folder, file), 'utf8'))
        if (holdsOrders.test(file)) {
          assert.ok(
            mapped.orders.length > 0 && mapped.orders.every((order) => order.order !== undefined),
            `${file}: ${JSON.stringify(mapped.issues)}`,
          )
          orders += mapped.orders.length
        } else {
          assert.deepEqual([mapped.verdict, mapped.issues[0]?.code], ['ignored', 'not_an_order'], file)
          others += 1
        }
      }
    assert.ok(orders >= 8 && others >= 15, `saw ${orders} orders and ${others} other bodies`)
  },
)
