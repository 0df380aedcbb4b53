import { createHash, randomBytes } from 'node:crypto'
import { after } from 'node:test'
import { Compile } from 'typebox/compile'
import type { TSchema } from 'typebox'
import { permissionsOfRole, type Role } from '../../contract/access.ts'
import { capabilityList } from '../../contract/registry.ts'
import type { OrderInput } from '../../contract/entities/order.ts'
import type { Principal, Scope } from '../../server/domain/access/principal.ts'
import { splitPerson } from '../../server/domain/order/person.ts'
import type { Order } from '../../server/domain/order/state.ts'
import type { OrderAction } from '../../server/domain/placement/act-on-order.ts'
import { type Hub, openHub } from '../../server/engine/hub.ts'
import type { PutFacts } from '../../server/engine/families/fact-family.ts'
import type { ActOnOrder, PlaceOrder } from '../../server/engine/families/order-command.ts'
import type { ChangeStock } from '../../server/engine/families/stock-family.ts'
import type { FactKind } from '../../server/engine/memory.ts'
import type { RequestContext } from '../../server/http/context.ts'
import type { Refused, Success } from '../../server/http/handler.ts'
import { readHandlers } from '../../server/http/handlers/reads.ts'
import type { ReadDeps } from '../../server/http/handlers/read-deps.ts'
import { type OrderId, parseId, shardOfRef } from '../../server/kernel/ids.ts'
import { parseMasterKeys } from '../../server/store/master-key.ts'
import { sealPerson } from '../../server/store/seal-person.ts'
import { testDatabase } from './database.ts'

const silent = { info() {}, warn() {}, error() {} }
const actor = { actor: { kind: 'person', id: 'usr_test' }, lane: 'interactive' } as const

/** A hub on a database of its own, with the handlers of reads; closed when the file's tests are over. */
export async function readHub(logShards = 2) {
  const db = await testDatabase()
  const masterKeys = parseMasterKeys(randomBytes(32).toString('hex'))
  const hub = await openHub({
    connection: db.connection,
    masterKeys,
    log: silent,
    roles: new Set(['api']),
    settings: { logShards },
    bidPrices: false,
  })
  after(() => hub.stop())
  const { pool, memory, facts, vault, blindIndex } = hub
  const deps: ReadDeps = { pool, memory, facts, vault, blindIndex, logShards, now: () => hub.clock.now() }
  return { hub, db, deps, reads: readHandlers(deps) }
}

export async function putFacts(hub: Hub, fact: FactKind, key: string, docs: readonly Record<string, unknown>[]): Promise<void> {
  const command: PutFacts = { kind: 'putFacts', fact, rows: docs.map((doc, index) => ({ index, key: String(doc[key]), doc })) }
  const outcome = await hub.engine.submit(command, actor)
  const failed = outcome.status === 'done' ? outcome.value.rows?.find((row) => row.status === 'refused') : outcome
  if (failed !== undefined) throw new Error(JSON.stringify(failed))
}

export async function countStock(
  hub: Hub,
  rows: readonly { readonly sku: string; readonly nodeId: string; readonly onHand: number }[],
): Promise<void> {
  const command: ChangeStock = { kind: 'changeStock', rows: rows.map((input, index) => ({ index, mode: 'count', input })) }
  const outcome = await hub.engine.submit(command, actor)
  if (outcome.status === 'refused') throw new Error(outcome.code)
}

/** Places an order; its id, or throws with the refusal. */
export async function place(hub: Hub, order: OrderInput): Promise<OrderId> {
  const split = splitPerson(order)
  const command: PlaceOrder = {
    kind: 'placeOrder',
    order,
    origin: 'api',
    inputHash: createHash('sha256').update(JSON.stringify(order)).digest(),
    shard: shardOfRef(order.channelId, order.externalRef),
    seal: (orderId) => sealPerson(hub.vault, hub.blindIndex, orderId, split),
  }
  const outcome = await hub.engine.submit(command, actor)
  if (outcome.status === 'refused') throw new Error(`${outcome.code}: ${outcome.detail.en} ${JSON.stringify(outcome.got)}`)
  const orderId = parseId('ord', outcome.value.orderId ?? '')
  if (orderId === undefined) throw new Error('an order has an id')
  return orderId
}

/** Acts on an order; the order after it, or undefined where the action was refused. */
export async function act(hub: Hub, orderId: OrderId, action: OrderAction): Promise<Order | undefined> {
  const command: ActOnOrder = { kind: 'actOnOrder', orderId, action }
  const outcome = await hub.engine.submit(command, actor)
  return outcome.status === 'done' ? outcome.value.change?.after : undefined
}

export const someone = (role: Role, scope: Scope = {}): Principal => ({
  credentialId: `key_${role}`,
  kind: 'key',
  name: role,
  role,
  permissions: new Set(permissionsOfRole[role]),
  scope,
})

export const asked = (principal: Principal): RequestContext<Principal> => ({
  principal,
  traceId: '0'.repeat(32),
  traceparent: `00-${'0'.repeat(32)}-${'0'.repeat(16)}-01`,
  idempotencyKey: undefined,
  hashInput: undefined,
  ifMatch: undefined,
  language: 'en',
  signal: new AbortController().signal,
  headers: {},
  remoteAddress: '127.0.0.1',
  log: silent,
})

const checkers = new Map<string, ReturnType<typeof Compile<TSchema>>>()
/** The value of an answer, checked against the schema that the capability publishes. */
export function valueOf<T>(name: string, reply: Success<T> | Refused): T {
  if (reply.status === 'refused') throw new Error(`${reply.code}: ${reply.detail.en}`)
  let checker = checkers.get(name)
  if (checker === undefined) {
    const schema = capabilityList.find((one) => one.name === name)?.output[200]
    if (schema === undefined) throw new Error(`${name} publishes no answer`)
    checkers.set(name, (checker = Compile<TSchema>(schema)))
  }
  if (!checker.Check(reply.value)) throw new Error(`${name}: ${JSON.stringify(checker.Errors(reply.value)).slice(0, 2000)}`)
  return reply.value
}

export const codeOf = (reply: Success<unknown> | Refused): string => (reply.status === 'refused' ? reply.code : 'done')
