import douyin from './mappings/douyin.json' with { type: 'json' }
import shopify from './mappings/shopify.json' with { type: 'json' }
import taobao from './mappings/taobao.json' with { type: 'json' }
import woocommerce from './mappings/woocommerce.json' with { type: 'json' }
import { parseMapping, type Mapping } from './mapping.ts'

/** Every platform with a body of its own. A new one is a file here and a line below. */
const files: Readonly<Record<string, unknown>> = { douyin, shopify, taobao, woocommerce }

/** Checked when the hub starts: a wrong mapping file stops it rather than an order. */
export const mappings: ReadonlyMap<string, Mapping> = new Map(
  Object.entries(files).map(([name, file]) => [name, parseMapping(file, name)] as const),
)
