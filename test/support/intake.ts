import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after } from 'node:test'
import { permissionsOfRole } from '../../contract/access.ts'
import type { IntakeResult } from '../../contract/capabilities/channel.ts'
import { channelMapper } from '../../server/connect/channels/channel-mapper.ts'
import { shopify } from '../../server/connect/channels/fixtures.ts'
import type { Principal, Scope } from '../../server/domain/access/principal.ts'
import { ChannelIntake, secretOwner } from '../../server/engine/channel-intake.ts'
import { openHub } from '../../server/engine/hub.ts'
import type { FactKind } from '../../server/engine/memory.ts'
import type { ChannelMapper, MappedOrder } from '../../server/engine/ports/channel-mapper.ts'
import { idToInt8, parseId } from '../../server/kernel/ids.ts'
import { present } from '../../server/kernel/assert.ts'
import { parseMasterKeys } from '../../server/store/master-key.ts'
import { orderKeyOf, readOrders } from '../../server/store/order-reads.ts'
import { readPersons } from '../../server/store/person-reads.ts'
import { sealSecret } from '../../server/store/secret-seal.ts'
import { testDatabase } from './database.ts'

export const SIGNING_SECRET = 'shpss_0123456789'
const context = { actor: { kind: 'person', id: 'test' }, lane: 'interactive' } as const

export const intakePrincipal = (scope: Scope = {}): Principal => ({
  credentialId: 'key_0000000000001',
  kind: 'key',
  name: 'integrator',
  role: 'integrator',
  permissions: new Set(permissionsOfRole.integrator),
  scope,
})

const withoutNote = (one: MappedOrder): MappedOrder => {
  if (one.order === undefined) return one
  const { note: _, ...order } = one.order
  return { ...one, order }
}

let bodies = 0
/** A Shopify body with an id of its own: 3 mugs of MUG-BLUE to Köln, paid. */
export const shopifyBody = (over: Record<string, unknown> = {}): Record<string, unknown> => ({
  ...shopify(),
  id: 7_000_000 + ++bodies,
  ...over,
})

/** A hub with one node, some mugs and a channel of each platform, and the intake over the real mappings. */
export async function openIntake() {
  const db = await testDatabase()
  const warned: string[] = []
  const note = (_data: object, message: string) => void warned.push(message)
  const masterKeys = parseMasterKeys(randomBytes(32).toString('hex'))
  const open = () => openHub({ connection: db.connection, masterKeys, log: { info: () => undefined, warn: note, error: note } })
  const hub = await open()
  after(() => hub.stop())
  /** Ways for the mappings to be wrong, as a mapping file may be until somebody fixes it. */
  const faults = { isBroken: false, isNoteMissed: false }
  const real = channelMapper()
  const mapper: ChannelMapper = {
    ...real,
    mapBody: (channel, text) => {
      const mapped = real.mapBody(faults.isBroken ? { ...channel, platform: 'nowhere' } : channel, text)
      return faults.isNoteMissed ? { ...mapped, orders: mapped.orders.map(withoutNote) } : mapped
    },
  }
  const intakeOf = (of: typeof hub) => new ChannelIntake({ ...of, now: () => of.clock.now(), mapper })
  const intake = intakeOf(hub)
  const submit = async (command: { readonly kind: string; readonly [more: string]: unknown }) => hub.engine.submit(command, context)
  const put = async (fact: FactKind, key: string, doc: Record<string, unknown>): Promise<void> => {
    const outcome = await submit({ kind: 'putFacts', fact, rows: [{ index: 0, key, doc }] })
    assert.equal(outcome.status, 'done')
  }
  const stock = (sku: string, onHand: number) =>
    submit({ kind: 'changeStock', rows: [{ index: 0, mode: 'count', input: { sku, nodeId: 'n1', onHand } }] })
  const place = { countryCode: 'DE', city: 'Köln', lat: 50.9, lng: 6.9 }
  await put('node', 'n1', { nodeId: 'n1', name: 'Köln', kind: 'dc', place, zone: 'Europe/Berlin' })
  await put('item', 'MUG-BLUE', { sku: 'MUG-BLUE', name: 'Mug', weightGrams: 400 })
  await stock('MUG-BLUE', 1000)
  const sealedSecret = sealSecret(hub.vault, secretOwner('signed'), SIGNING_SECRET)
  await put('channel', 'signed', { channelId: 'signed', platform: 'shopify', name: 'S', sealedSecret })
  for (const platform of ['shopify', 'woocommerce', 'douyin', 'taobao', 'direct'])
    await put('channel', platform, { channelId: platform, platform, name: platform, zone: 'Asia/Shanghai' })

  const takeBy = async (by: ChannelIntake, body: unknown, channelId: string): Promise<readonly IntakeResult[]> => {
    const rawBody = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body))
    const outcome = await by.take({ channelId, rawBody, headers: {}, principal: intakePrincipal() })
    assert.ok(outcome.status === 'done', JSON.stringify(outcome))
    return outcome.value.results
  }
  const take = (body: unknown, channelId = 'shopify') => takeBy(intake, body, channelId)
  const takeOneBy = async (by: ChannelIntake, body: unknown, channelId = 'shopify'): Promise<IntakeResult> => {
    const results = await takeBy(by, body, channelId)
    assert.equal(results.length, 1)
    return present(results[0], 'the result')
  }
  const takeOne = (body: unknown, channelId = 'shopify') => takeOneBy(intake, body, channelId)
  const replay = async (inboxId: string): Promise<IntakeResult> => {
    const outcome = await intake.replay({ inboxId: present(parseId('inb', inboxId), 'an inbox id'), principal: intakePrincipal() })
    assert.ok(outcome.status === 'done', JSON.stringify(outcome))
    return present(outcome.value.results[0], 'the result')
  }
  const numberOf = (id: string | undefined): string => idToInt8(present(parseId('ord', id ?? '') ?? parseId('inb', id ?? ''), 'an id'))
  const orderOf = async (result: IntakeResult) => {
    const key = orderKeyOf(present(parseId('ord', result.orderId ?? ''), 'the order of a result'))
    const order = present((await readOrders(hub.pool, [key]))[0], 'the order')
    const person = (await readPersons(hub.pool, hub.vault, [key])).get(order.intake.orderId)
    return { ...order, person: person === 'erased' ? undefined : person }
  }
  const bodyStates = async (orderId: string | undefined): Promise<string[]> => {
    const text = 'select state from channel_bodies where order_id = $1 order by body_id'
    return (await db.pool.query<{ state: string }>(text, [numberOf(orderId)])).rows.map((row) => row.state)
  }
  const count = async (table: string, where = 'true'): Promise<number> => {
    const { rows } = await db.pool.query<{ n: number }>(`select count(*)::int as n from ${table} where ${where}`)
    return present(rows[0], 'a count').n
  }
  return {
    db,
    hub,
    open,
    intake,
    intakeOf,
    mapper: real,
    faults,
    warned,
    submit,
    put,
    stock,
    take,
    takeOne,
    takeOneBy,
    replay,
    numberOf,
    orderOf,
    bodyStates,
    count,
  }
}
