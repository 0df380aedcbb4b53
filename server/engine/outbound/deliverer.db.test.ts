import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Role } from '../../../contract/access.ts'
import { permissionsOfRole } from '../../../contract/access.ts'
import { fillShop, hubDatabase, idOf, orderOf, place } from '../../../test/support/engine-hubs.ts'
import { fakeSender } from '../../../test/support/fake-sender.ts'
import type { Scope } from '../../domain/access/principal.ts'
import type { EventFilter } from '../../domain/event/event-filter.ts'
import { present } from '../../kernel/assert.ts'
import type { CredentialId, WebhookId } from '../../kernel/ids.ts'
import { instant } from '../../kernel/time.ts'
import { insertKey, revokeKey } from '../../store/credentials.ts'
import { listDeliveries, replayDelivery } from '../../store/deliveries.ts'
import { readLogHeads } from '../../store/log-reads.ts'
import { sealSecret } from '../../store/secret-seal.ts'
import { readSubscriptions, rewindSubscription, startSubscription } from '../../store/subscriptions.ts'
import { changeWebhook, giveUpWebhook, insertWebhook, readWebhook } from '../../store/webhooks.ts'
import type { Hub } from '../hub.ts'
import { subscriptionOf } from './webhook-targets.ts'

const { open, rowsOf } = await hubDatabase()
const fake = fakeSender()
let skew = 0
const startedAt = Date.now()
/** Stands still unless a test moves it: no wait of a retry passes by itself. */
const wallNow = () => startedAt + skew
const jobs = () => open({ roles: new Set(['api', 'jobs']), webhookSender: fake.sender, wallNow })
let hub: Hub = await jobs()
await fillShop(hub, { tea: 10_000 })
const now = () => instant(wallNow())
const turn = async (): Promise<void> => present(hub.deliverer, 'a deliverer').runOnce()

let keys = 0
async function ownerOf(role: Role, scope: Scope = {}): Promise<CredentialId> {
  const credentialId = hub.ids.next('key', 0)
  const keyHash = Buffer.alloc(32, ++keys)
  await insertKey(hub.pool, {
    credentialId,
    name: role,
    role,
    permissions: permissionsOfRole[role],
    scope,
    keyHash,
    createdBy: 'test',
    createdAt: now(),
    expiresAt: undefined,
  })
  return credentialId
}

/** A webhook from now on, to a URL of its own. */
async function webhookOf(name: string, filters: EventFilter, owner?: CredentialId) {
  const webhookId: WebhookId = hub.ids.next('whk', 0)
  const url = `https://${name}.test/`
  const ownerId = owner ?? (await ownerOf('admin'))
  const secrets = [{ sealed: sealSecret(hub.vault, webhookId, fake.sender.newSecret()) }]
  await insertWebhook(hub.pool, { webhookId, name, url, filters, ownerId, secrets, createdAt: now() })
  const heads = (await readLogHeads(hub.pool)).map((head) => head.position)
  await startSubscription(hub.pool, subscriptionOf(webhookId), heads, now())
  await turn()
  const place_ = async () =>
    present((await readSubscriptions(hub.pool, [subscriptionOf(webhookId)])).get(subscriptionOf(webhookId)), 'a place')
  const deliveries = () => listDeliveries(hub.pool, subscriptionOf(webhookId), undefined, undefined, 100)
  return { webhookId, url, place: place_, deliveries, heads }
}
const ordered = async (more: object = {}): Promise<string> => idOf(await place(hub, orderOf('tea', 1, more)))
const headNow = async () => (await readLogHeads(hub.pool)).map((head) => head.position)

/** Turns until the webhook's cursor stands at the end of the log; a lane that is behind reads it page by page. */
async function atHead(webhook: Awaited<ReturnType<typeof webhookOf>>): Promise<void> {
  for (let turns = 0; turns < 200; turns++) {
    if (String((await webhook.place()).positions) === String(await headNow())) return
    await turn()
  }
  assert.deepEqual((await webhook.place()).positions, await headNow())
}

test('an event is sent to the webhooks that want it and to no other, and their cursors move on', async () => {
  const wanting = await webhookOf('wanting', { types: ['order.received'], channels: ['shop'] })
  const other = await webhookOf('other', { types: ['order.received'], channels: ['web'] })
  const orderId = await ordered()
  await fake.arrived((sent) => sent.some((one) => one.url === wanting.url))
  const [message] = fake.to(wanting.url)
  assert.equal(message?.event.type, 'order.received')
  assert.equal(message?.event.orderid, orderId)
  assert.equal(message?.messageId, `msg_${wanting.webhookId.slice(4)}_${message?.event.id.replace('-', '_')}`)
  assert.equal(message?.secrets.length, 1)
  await turn()
  await atHead(wanting)
  await atHead(other)
  assert.deepEqual(fake.to(other.url), [])
  assert.deepEqual(
    (await wanting.deliveries()).map(({ state, attempts, answer, type }) => ({ state, attempts, answer, type })),
    [{ state: 'delivered', attempts: 1, answer: 200, type: 'order.received' }],
  )
})

test('a webhook is sent what the role and scope of its owner may see', async () => {
  const full = await webhookOf('full', { types: ['order.received'] })
  const floor = await webhookOf('floor', { types: ['order.received'] }, await ownerOf('floor'))
  const scoped = await webhookOf('scoped', { types: ['order.received'] }, await ownerOf('agent', { channels: ['web'] }))
  await ordered()
  await fake.arrived(() => fake.to(full.url).length > 0 && fake.to(floor.url).length > 0)
  assert.ok('totals' in present(fake.to(full.url)[0], 'a message').event.data)
  assert.ok(!('totals' in present(fake.to(floor.url)[0], 'a message').event.data))
  await turn()
  assert.deepEqual(fake.to(scoped.url), [])
})

test('a message that fails is tried again with the same id, and what comes after it does not wait for it', async () => {
  const shaky = await webhookOf('shaky', { types: ['order.received'] })
  let first: string | undefined
  fake.answer((message) => {
    if (message.url !== shaky.url) return { kind: 'answered', status: 200 }
    first ??= message.messageId
    return { kind: 'answered', status: message.messageId === first && fake.to(shaky.url).length < 3 ? 503 : 200 }
  })
  await ordered()
  await ordered()
  await fake.arrived(() => fake.to(shaky.url).length === 2)
  await turn()
  assert.deepEqual(
    (await shaky.deliveries()).map((one) => one.state),
    ['delivered', 'waiting'],
  )
  await atHead(shaky)
  skew += 10_000
  await turn()
  await fake.arrived(() => fake.to(shaky.url).length === 3)
  await turn()
  assert.equal(fake.to(shaky.url)[2]?.messageId, first)
  assert.deepEqual(
    (await shaky.deliveries()).map((one) => `${one.state} ${one.attempts}`),
    ['delivered 1', 'delivered 2'],
  )
})

test('a target that is dead rests with its events in the log; others go on, and it is sent all of them when it is back', async () => {
  const dead = await webhookOf('dead', { types: ['order.received'] })
  const alive = await webhookOf('alive', { types: ['order.received'] })
  fake.answer((message) => (message.url === dead.url ? { kind: 'silent', problem: 'no answer' } : { kind: 'answered', status: 200 }))
  await ordered()
  await fake.arrived(() => fake.to(dead.url).length === 1) // from its first failure on it is asked one at a time
  for (let i = 1; i < 12; i++) await ordered()
  await fake.arrived(() => fake.to(alive.url).length === 12)
  await turn()
  assert.equal(fake.to(dead.url).length, 5)
  assert.ok((await dead.place()).blockedUntil > wallNow())
  assert.notDeepEqual((await dead.place()).positions, await headNow())
  await atHead(alive)
  fake.answer(() => ({ kind: 'answered', status: 200 }))
  skew += 60_000
  const idsOf = (url: string) => new Set(fake.to(url).map((one) => one.event.id))
  await turn()
  await fake.arrived(() => fake.to(dead.url).length >= 17)
  await turn()
  assert.deepEqual([...idsOf(dead.url)].toSorted(), [...idsOf(alive.url)].toSorted())
  await atHead(dead)
  assert.ok((await dead.deliveries()).every((one) => one.state === 'delivered'))
})

test('what a target refuses is dead at once, and is sent again when a person asks', async () => {
  const picky = await webhookOf('picky', { types: ['order.received'] })
  fake.answer((message) => ({ kind: 'answered', status: message.url === picky.url ? 400 : 200 }))
  await ordered()
  await fake.arrived(() => fake.to(picky.url).length === 1)
  await turn()
  const [refused] = await picky.deliveries()
  assert.deepEqual([refused?.state, refused?.problem, refused?.nextAt], ['dead', 'answered 400', undefined])
  fake.answer(() => ({ kind: 'answered', status: 200 }))
  await replayDelivery(hub.pool, present(refused, 'a delivery').deliveryId, subscriptionOf(picky.webhookId), now())
  await turn()
  await fake.arrived(() => fake.to(picky.url).length === 2)
  await turn()
  assert.equal((await picky.deliveries())[0]?.state, 'delivered')
})

test('a target that answers 410 is sent nothing more until somebody resumes its webhook; others go on', async () => {
  const gone = await webhookOf('left', { types: ['order.received'] })
  const beside = await webhookOf('beside', { types: ['order.received'] })
  fake.answer(({ url }) => ({ kind: 'answered', status: url === gone.url ? 410 : 200 }))
  await ordered()
  await fake.arrived(() => fake.to(gone.url).length === 1 && fake.to(beside.url).length === 1)
  const read = async () => present(await readWebhook(hub.pool, gone.webhookId, wallNow()), 'the webhook')
  for (let turns = 0; turns < 200 && (await read()).state !== 'gone'; turns++) await turn()
  assert.equal((await read()).state, 'gone')
  await turn()
  await ordered()
  await fake.arrived(() => fake.to(beside.url).length === 2)
  await turn()
  assert.equal(fake.to(gone.url).length, 1)
  assert.deepEqual(
    (await gone.deliveries()).map(({ state, answer }) => [state, answer]),
    [['dead', 410]],
  )
  fake.answer(() => ({ kind: 'answered', status: 200 }))
  await changeWebhook(hub.pool, gone.webhookId, { state: 'active' })
  await atHead(gone)
  await fake.arrived(() => fake.to(gone.url).length === 2)
})

test('a webhook that was changed since its target said 410 is not given up', async () => {
  const moved = await webhookOf('moved', {})
  const before = present(await readWebhook(hub.pool, moved.webhookId, wallNow()), 'the webhook')
  await changeWebhook(hub.pool, moved.webhookId, { url: 'https://elsewhere.test/' })
  assert.equal(await giveUpWebhook(hub.pool, before), false)
  assert.equal((await readWebhook(hub.pool, moved.webhookId, wallNow()))?.state, 'active')
})

test('a message nobody answers is dead after its last attempt', async () => {
  const gone = await webhookOf('gone', { types: ['order.received'] })
  fake.answer((message) => (message.url === gone.url ? { kind: 'silent', problem: 'no answer' } : { kind: 'answered', status: 200 }))
  await ordered()
  for (let attempt = 1; attempt <= 9; attempt++) {
    await fake.arrived(() => fake.to(gone.url).length === attempt)
    await turn()
    if (attempt === 9) break
    skew += 15 * 3_600_000
    await turn()
  }
  const [last] = await gone.deliveries()
  assert.deepEqual([last?.state, last?.attempts], ['dead', 9])
  fake.answer(() => ({ kind: 'answered', status: 200 }))
})

test('nothing is sent for an owner whose key was revoked, nor while a webhook is paused; a resumed one is sent what it missed', async () => {
  const owner = await ownerOf('admin')
  const orphan = await webhookOf('orphan', { types: ['order.received'] }, owner)
  const paused = await webhookOf('paused', { types: ['order.received'] })
  await revokeKey(hub.pool, owner, now())
  await changeWebhook(hub.pool, paused.webhookId, { state: 'paused' })
  await turn()
  const witness = await webhookOf('witness', { types: ['order.received'] })
  await ordered()
  await fake.arrived(() => fake.to(witness.url).length === 1)
  await turn()
  assert.deepEqual([...fake.to(orphan.url), ...fake.to(paused.url)], [])
  await changeWebhook(hub.pool, paused.webhookId, { state: 'active' })
  await turn()
  await fake.arrived(() => fake.to(paused.url).length === 1)
})

test('a webhook set back is sent the same messages again, an expired one goes on from its new place', async () => {
  const again = await webhookOf('again', { types: ['order.received'] })
  await ordered()
  await fake.arrived(() => fake.to(again.url).length === 1)
  await turn()
  await rowsOf(`update subscriptions set state = 'expired' where subscription = '${subscriptionOf(again.webhookId)}' returning 1`)
  await turn()
  const witness = await webhookOf('witness-2', { types: ['order.received'] })
  await ordered()
  await fake.arrived(() => fake.to(witness.url).length === 1)
  assert.equal(fake.to(again.url).length, 1, 'expired: nothing more')
  await rewindSubscription(hub.pool, subscriptionOf(again.webhookId), again.heads, now())
  await turn()
  await fake.arrived(() => fake.to(again.url).length === 3)
  const ids = fake.to(again.url).map((one) => one.messageId)
  assert.equal(ids[0], ids[1])
  assert.equal(new Set(ids).size, 2)
})

test('what happens while nobody sends is sent by the next process, each event once', async () => {
  const patient = await webhookOf('patient', { types: ['order.received'] })
  await ordered()
  await fake.arrived(() => fake.to(patient.url).length === 1)
  await hub.stop()
  hub = await open({ wallNow })
  for (let i = 0; i < 5; i++) await ordered()
  const api = hub
  hub = await jobs()
  await turn()
  await fake.arrived(() => fake.to(patient.url).length === 6)
  await place(api, orderOf('tea')) // another process's event comes by the log
  await fake.arrived(() => fake.to(patient.url).length === 7)
  await turn()
  assert.equal(new Set(fake.to(patient.url).map((one) => one.messageId)).size, 7)
  await atHead(patient)
})

test('of several processes one sends; when it stops another takes over', async () => {
  const shared = await webhookOf('shared', { types: ['order.received'] })
  const second = await jobs()
  await second.deliverer?.runOnce()
  for (let i = 0; i < 4; i++) await ordered()
  await fake.arrived(() => fake.to(shared.url).length === 4)
  await turn()
  assert.equal(new Set(fake.to(shared.url).map((one) => one.messageId)).size, 4)
  await hub.stop()
  hub = second
  skew += 6000 // it asks for the seat again after five seconds
  await turn()
  await ordered()
  await fake.arrived(() => fake.to(shared.url).length === 5)
})
