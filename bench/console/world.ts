import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildConsole } from '../../bin/build-console.ts'
import { type Api, apiOf } from '../../test/support/api.ts'
import { ITEM, NODE, orderOf, put, putFirstWorld } from '../../test/support/first-world.ts'
import { type HubProcess, KEY, spawnHubIn } from '../hub-process.ts'

export const WHO = { login: 'ops', password: 'a-long-password-1' }
const CITIES = ['杭州', '北京', '广州', '成都', '武汉', '西安', '沈阳', '厦门', '长沙', '青岛']
export type ConsoleWorld = { readonly api: Api; readonly hub: HubProcess; stop(): Promise<void> }

/** A hub of its own with ten nodes, a thousand items and this many orders, and somebody who may see all of it. */
export async function consoleWorld(orders: number): Promise<ConsoleWorld> {
  await buildConsole()
  const folder = mkdtempSync(join(tmpdir(), 'fulcrum-console-'))
  const hub = await spawnHubIn(folder)
  const api = apiOf(`http://127.0.0.1:${hub.port}`, KEY)
  await putFirstWorld(api)
  const nodes = CITIES.map((city, i) => ({
    ...NODE,
    nodeId: `dc-${i}`,
    name: `${city}仓`,
    place: { ...NODE.place, city, lat: 22 + i, lng: 104 + i },
  }))
  await put(api, '/v1/nodes', nodes)
  const skus = Array.from({ length: 1000 }, (_, i) => `item-${String(i).padStart(4, '0')}`)
  await put(
    api,
    '/v1/items',
    skus.map((sku) => ({ ...ITEM, sku, name: `${ITEM.name} ${sku}` })),
  )
  for (const { nodeId } of nodes)
    await put(
      api,
      '/v1/stock',
      skus.map((sku) => ({ sku, nodeId, onHand: 1000, reason: 'count' })),
    )
  await placeMany(api, 'L', orders)
  const made = await api('POST', '/v1/users', { ...WHO, name: 'Ops', role: 'admin' })
  if (made.status !== 201) throw new Error(made.text)
  return {
    api,
    hub,
    stop: async () => {
      await hub.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Orders of one unit each over all items, as lines. */
export async function placeMany(api: Api, prefix: string, count: number): Promise<void> {
  const lines = Array.from({ length: count }, (_, i) =>
    JSON.stringify(orderOf(`${prefix}-${i}`, { sku: `item-${String(i % 1000).padStart(4, '0')}` })),
  )
  for (let at = 0; at < lines.length; at += 1000) {
    const reply = await api('POST', '/v1/orders/bulk', `${lines.slice(at, at + 1000).join('\n')}\n`, {
      'content-type': 'application/x-ndjson',
    })
    if (reply.status !== 200) throw new Error(reply.text)
  }
}
