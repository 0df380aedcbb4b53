import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { readPostmaster } from '../../../server/connect/postgres/postmaster.ts'
import type { OpenApiDocument } from '../../../server/http/openapi.ts'
import { closePool, openPool } from '../../../server/store/database.ts'
import { verifyDatabase } from '../../../server/store/verify/verify-database.ts'
import { apiOf } from '../../support/api.ts'
import { orderOf, putFirstWorld } from '../../support/first-world.ts'
import { ADMIN_KEY } from '../../support/admin-key.ts'
import { hubFolder, startHubProcess } from '../../support/hub-process.ts'
import { fuzzRoutes } from './fuzz-routes.ts'

const dataDir = hubFolder()
const hub = await startHubProcess({ dataDir })
const api = apiOf(hub.url)
await putFirstWorld(api)

test('no route of the running hub fails, hangs, shows its inside or speaks English to a Chinese reader, whatever it is sent', async () => {
  const document = (await (await fetch(`${hub.url}/openapi.json`)).json()) as OpenApiDocument
  const report = await fuzzRoutes(hub.url, document, ADMIN_KEY, { seed: 20261122, perRoute: 60 })
  assert.deepEqual(report.findings, [], hub.output().slice(-3000))
  assert.ok(report.routes >= 60 && report.sent === report.routes * 60, `${report.routes} routes`)
  assert.ok((report.byStatus['200'] ?? 0) > 200 && (report.byStatus['400'] ?? 0) > 200, JSON.stringify(report.byStatus))
})

test('after all that the hub still decides, and its log tells of no mistake', async () => {
  // The fuzzer may have written rules that speak against this order: any decision will do.
  const reply = await api('POST', '/v1/orders', orderOf('after-fuzz'))
  assert.ok([201, 409, 422].includes(reply.status), reply.text)
  const mistakes = hub
    .output()
    .split('\n')
    .filter((line) => line.includes('"level":50') || line.includes('"level":60'))
  assert.deepEqual(mistakes, [])
})

test('after all that no fact is without its event, and no invariant is broken', async () => {
  const host = readPostmaster(join(dataDir, 'postgres'))?.socketDir ?? ''
  const pool = openPool({ host, port: 5432, database: 'fulcrum', user: 'fulcrum' }, { max: 1 })
  const { checks } = await verifyDatabase(pool)
  await closePool(pool)
  assert.deepEqual(
    checks.filter((one) => one.violations > 0),
    [],
  )
})
